// What an entry of the collection says, as far as crate has a place for it.
import {audioFormatOf} from '../../src/core/music-path.js'
import {EMPTY_TAGS} from '../../src/core/track.js'
import {countHiddenPads, cuesFromMarks, ORIGIN} from './cue.js'
import {isoFromNmlDate} from './date.js'
import type {TrackFacts} from './fields.js'
import {gridFromMarks, tempoOfGrid} from './grid.js'
import {keyFromFields, keyTagFromFields} from './key.js'
import type {Location} from './location.js'
import {marksOfEntry} from './mark.js'
import {attributeOf, childOf, type Element, parseElement, parseTagAt} from './markup.js'
import {numberFrom} from './number.js'
import {rgbFromPalette} from './palette.js'

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
  return element === undefined ? null : locationOf(text, element)
}

/**
 * The same for an entry that was not parsed: Traktor writes LOCATION first, and then nothing else has to be read.
 *
 * @throws FORMAT_INVALID where it had to be, and is not well formed
 */
export function locationOfEntryText(text: string): Location | null {
  const entry = parseTagAt(text, 0)
  const next = text.indexOf('<', entry.openEnd)
  if (!entry.isSelfClosing && text.startsWith('<LOCATION', next)) {
    const first = parseTagAt(text, next)
    if (first.name === 'LOCATION') return locationOf(text, first)
  }
  return locationOfEntry(text, parseElement(text))
}

function locationOf(text: string, element: Element): Location {
  const of = (name: string) => attributeOf(text, element, name) ?? ''
  return {volume: of('VOLUME'), dir: of('DIR'), file: of('FILE')}
}

export interface EntryFacts {
  readonly track: TrackFacts
  /** Marks that were left out because a later one holds their pad. */
  readonly hiddenPads: number
}

/**
 * @param path where the file is, from its location
 * @param shiftMs to add to Traktor's positions to get crate's
 */
export function factsOfEntry(text: string, entry: Element, path: string, shiftMs: number): EntryFacts {
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
    extras: {},
  }
  return {track, hiddenPads: countHiddenPads(marks)}
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
