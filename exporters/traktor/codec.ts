// One entry of the collection: as a track of crate's, and a track as a new entry.
import {isMadeByPerson} from '../../src/core/cue.js'
import {audioFormatOf} from '../../src/core/music-path.js'
import {EMPTY_TAGS} from '../../src/core/track.js'
import {byteTextFromText} from './byte-text.js'
import {countHiddenPads, cuesFromMarks, markFromCue, ORIGIN} from './cue.js'
import {isoFromNmlDate} from './date.js'
import {renderElement} from './edit.js'
import {FIELDS, type TrackFacts} from './fields.js'
import {gridForTraktor, gridFromMarks, marksFromGrid, tempoOfGrid} from './grid.js'
import {keyFromFields, keyTagFromFields, keyText, keyValue} from './key.js'
import {type Location, locationFromPath, MAC_BOOT_VOLUME, pathFromLocation, primaryKey} from './location.js'
import {marksOfEntry, renderMark} from './mark.js'
import {attributeOf, childOf, type Element, parseElement} from './markup.js'
import {formatFloat, numberFrom} from './number.js'
import {CHILD_ORDER, inTraktorsOrder} from './order.js'
import {rgbFromPalette} from './palette.js'
import {EXTRAS_ID, jsonFromResidue, keptLocation, type Residue, residueFromExtras, residueOf} from './residue.js'

/** Reads attributes of one entry by the names of element and attribute. */
export type EntryReader = (element: string, attribute: string) => string | null

export function readerOf(text: string, entry: Element): EntryReader {
  const children = new Map<string, Element>()
  for (const child of entry.children) if (!children.has(child.name)) children.set(child.name, child)
  return (element, attribute) => attributeOf(text, element === 'ENTRY' ? entry : children.get(element), attribute)
}

/** The location of an entry; null where it has none. */
export function locationOfEntry(text: string, entry: Element): Location | null {
  const element = childOf(entry, 'LOCATION')
  if (element === undefined) return null
  const of = (name: string) => attributeOf(text, element, name) ?? ''
  return {volume: of('VOLUME'), dir: of('DIR'), file: of('FILE')}
}

export interface DecodedEntry {
  readonly track: TrackFacts
  /** How playlists name it. */
  readonly key: string
  /** Marks that were left out because a later one holds their pad. */
  readonly hiddenPads: number
}

/** @param shiftMs to add to Traktor's positions to get crate's */
export function decodeEntry(text: string, shiftMs = 0): DecodedEntry | null {
  return decodeParsedEntry(text, parseElement(text), shiftMs)
}

/** Null where the entry names no file. */
export function decodeParsedEntry(text: string, entry: Element, shiftMs = 0): DecodedEntry | null {
  const location = locationOfEntry(text, entry)
  const path = location === null ? null : pathFromLocation(location)
  if (location === null || path === null) return null
  const read = readerOf(text, entry)
  const number = (element: string, attribute: string) => numberFrom(read(element, attribute))
  const marks = marksOfEntry(text, entry).map(({mark}) => mark)
  const writtenBpm = number('TEMPO', 'BPM')
  const ownBpm = writtenBpm !== null && writtenBpm > 0 ? writtenBpm : null
  const beatGrid = gridFromMarks(marks, ownBpm, shiftMs)
  const keyFields = {
    value: read('MUSICAL_KEY', 'VALUE'),
    text: read('INFO', 'KEY'),
    lyrics: read('INFO', 'KEY_LYRICS'),
  }
  const usual = locationFromPath(path, MAC_BOOT_VOLUME)
  const isUsual = usual !== null && primaryKey(usual) === primaryKey(location)
  const residue = jsonFromResidue(residueOf(text, entry, location, isUsual))
  const ranking = number('INFO', 'RANKING')
  const track: TrackFacts = {
    file: {
      path,
      sizeBytes: null,
      modifiedAtMs: null,
      format: audioFormatOf(path),
      durationMs: durationMs(number('INFO', 'PLAYTIME_FLOAT'), number('INFO', 'PLAYTIME')),
      sampleRateHz: null,
      channels: null,
      bitDepth: null,
      bitRateKbps: positive(number('INFO', 'BITRATE'), 1000),
      mp3HeaderCase: null,
    },
    tags: {...EMPTY_TAGS, ...tagsOf(read), key: keyTagFromFields(keyFields)},
    tempoBpm: ownBpm ?? tempoOfGrid(beatGrid, null),
    key: keyFromFields(keyFields),
    beatGrid,
    gridOrigin: beatGrid.length > 0 ? ORIGIN : null,
    isGridLocked: read('ENTRY', 'LOCK') === '1',
    cues: cuesFromMarks(marks, shiftMs),
    ratingStars: ranking !== null && ranking >= 0 && ranking <= 255 ? ranking / 51 : null,
    colorRgb: rgbFromPalette(number('INFO', 'COLOR')),
    playCount: Math.max(0, Math.round(number('INFO', 'PLAYCOUNT') ?? 0)),
    lastPlayedAt: isoFromNmlDate(read('INFO', 'LAST_PLAYED')),
    addedAt: isoFromNmlDate(read('INFO', 'IMPORT_DATE')),
    extras: residue === null ? {} : {[EXTRAS_ID]: residue},
  }
  return {track, key: primaryKey(location), hiddenPads: countHiddenPads(marks)}
}

function tagsOf(read: EntryReader) {
  const text = (element: string, attribute: string) => read(element, attribute) || null
  const count = (attribute: string) => {
    const value = numberFrom(read('ALBUM', attribute))
    return value !== null && value > 0 ? Math.round(value) : null
  }
  const date = isoFromNmlDate(read('INFO', 'RELEASE_DATE'))
  return {
    title: text('ENTRY', 'TITLE'),
    artist: text('ENTRY', 'ARTIST'),
    album: text('ALBUM', 'TITLE'),
    trackNumber: count('TRACK'),
    trackTotal: count('OF_TRACKS'),
    genre: text('INFO', 'GENRE'),
    label: text('INFO', 'LABEL'),
    comment: text('INFO', 'COMMENT'),
    remixer: text('INFO', 'REMIXER'),
    producer: text('INFO', 'PRODUCER'),
    mix: text('INFO', 'MIX'),
    catalogNumber: text('INFO', 'CATALOG_NO'),
    // The first of January is how NML says a year alone.
    releaseDate: date?.endsWith('-01-01') === true ? null : date,
    year: date === null ? null : Number(date.slice(0, 4)),
  }
}

function positive(value: number | null, divisor: number): number | null {
  return value !== null && value > 0 ? value / divisor : null
}

function durationMs(exactSeconds: number | null, wholeSeconds: number | null): number | null {
  const value = exactSeconds ?? wholeSeconds
  return value !== null && value > 0 ? value * 1000 : null
}

export interface EncodeOptions {
  /** NML VERSION, which decides what can be written. */
  readonly version: number
  /** To add to crate's positions to get Traktor's. */
  readonly shiftMs: number
  /** As `locationFromPath` takes it. */
  readonly bootVolume: string
}

/** The location under which a track is written; null where its path is not absolute. */
export function locationOfTrack(track: Pick<TrackFacts, 'file' | 'extras'>, bootVolume: string): Location | null {
  return keptLocation(residueFromExtras(track.extras), track.file.path) ?? locationFromPath(track.file.path, bootVolume)
}

/** Whether a grid is of a person's and so locked against Traktor's own analysis (FORMATS §16.2). */
export function locksGrid({beatGrid, gridOrigin, isGridLocked}: TrackFacts): boolean {
  return isGridLocked || (beatGrid.length > 0 && gridOrigin !== ORIGIN && isMadeByPerson(gridOrigin))
}

/** A track as a new ENTRY, with what Traktor told of it before. Byte text; null where its path is not absolute. */
export function encodeEntry(track: TrackFacts, options: EncodeOptions): string | null {
  const location = locationOfTrack(track, options.bootVolume)
  if (location === null) return null
  const residue = residueFromExtras(track.extras)
  const grid = gridForTraktor(track.beatGrid, options.shiftMs)
  const values = valuesOfTrack(track, location, grid, options.version)
  const kept = keptAttributes(residue, location)
  const attributesOf = (element: string) => ({...kept[element], ...values[element]})
  const marks = [...marksFromGrid(grid), ...track.cues.map((cue) => markFromCue(cue, options.shiftMs))]
  const content = CHILD_ORDER.map((name) => {
    if (name === 'CUE_V2') return marks.map((mark) => renderMark(mark, options.version)).join('')
    const attributes = name === 'TEMPO' ? tempoAttributes(kept['TEMPO'], values['TEMPO']) : attributesOf(name)
    return Object.keys(attributes).length === 0 ? '' : renderElement(name, inTraktorsOrder(name, attributes))
  }).join('')
  const unknown = residue.elements.map((element) => `${byteTextFromText(element)}\n`).join('')
  return renderElement('ENTRY', inTraktorsOrder('ENTRY', attributesOf('ENTRY')), content + unknown)
}

/** What Traktor told before, as far as it still holds: the id of a volume holds for that volume alone. */
function keptAttributes({attributes}: Residue, {volume}: Location): Residue['attributes'] {
  const {VOLUME: keptVolume, VOLUMEID: keptId} = attributes['LOCATION'] ?? {}
  const id = keptVolume === volume && keptId !== undefined ? keptId : isDrive(volume) ? undefined : volume
  const {DIR: _dir, FILE: _file, VOLUME: _volume, VOLUMEID: _id, ...others} = attributes['LOCATION'] ?? {}
  return {...attributes, LOCATION: id === undefined ? others : {...others, VOLUMEID: id}}
}

/** A tempo that crate writes for the first time counts as sure (FORMATS §4.2). */
function tempoAttributes(kept: Record<string, string> | undefined, values: Record<string, string> | undefined) {
  return {...kept, ...values, ...(values !== undefined && kept === undefined && {BPM_QUALITY: '100.000000'})}
}

/** A drive of Windows, whose VOLUMEID is a serial number that only that machine knows. */
function isDrive(volume: string): boolean {
  return /^[A-Za-z]:$/.test(volume)
}

/** Before version 20 the tempo of the track is that of its grid as well, and the grid is what must be right. */
export function tempoToWrite(track: TrackFacts, grid: TrackFacts['beatGrid'], version: number): number | null {
  const ofGrid = tempoOfGrid(grid, track.file.durationMs)
  return version >= 20 ? (track.tempoBpm ?? ofGrid) : (ofGrid ?? track.tempoBpm)
}

function valuesOfTrack(
  track: TrackFacts,
  location: Location,
  grid: TrackFacts['beatGrid'],
  version: number,
): Record<string, Record<string, string>> {
  const {volume, dir, file} = location
  const values: Record<string, Record<string, string>> = {
    LOCATION: {DIR: dir, FILE: file, VOLUME: volume},
  }
  const put = (element: string, attribute: string, value: string | null) => {
    if (value !== null) values[element] = {...values[element], [attribute]: value}
  }
  if (locksGrid(track)) put('ENTRY', 'LOCK', '1')
  for (const {element, attribute, text} of FIELDS) put(element, attribute, text(track))
  const tempoBpm = tempoToWrite(track, grid, version)
  if (tempoBpm !== null) put('TEMPO', 'BPM', formatFloat(tempoBpm))
  if (track.key !== null) {
    if (track.tags.key === null || track.tags.key === '') put('INFO', 'KEY', keyText(track.key))
    if (version >= 19) put('MUSICAL_KEY', 'VALUE', keyValue(track.key))
  }
  return values
}
