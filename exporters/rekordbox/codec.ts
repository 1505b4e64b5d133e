// TRACK ↔ track: the domain's side of Rekordbox XML, pure.
import type {ImportedTrack} from '../../src/api/format.js'
import type {Cue} from '../../src/core/cue.js'
import type {JsonValue} from '../../src/core/json.js'
import {type KeyNotation, parseKey} from '../../src/core/key.js'
import {audioFormatOf} from '../../src/core/music-path.js'
import {EMPTY_TAGS, type Tags} from '../../src/core/track.js'
import {FIELD_NAMES, FIELDS, type FieldTrack, tempoBpmOf} from './fields.js'
import {parseLocation} from './location.js'
import {
  clampCues,
  coverFirstCue,
  cueFromMark,
  fitToPads,
  isPlainMark,
  markerFromTempo,
  markFromCue,
  tempoFromMarker,
  withMemoryTwins,
} from './marks.js'
import {parseDay, parseRating, parseTempo, parseTrackColor, parseWhole} from './values.js'
import type {Attributes, XmlElement} from './xml.js'

/**
 * What a track of Rekordbox carries beyond crate's own fields, kept under `extras.rekordbox`: its number, attributes
 * whose text crate would write otherwise (`4A` for a key that is shown as Fm) or does not know, elements of other names,
 * and the marks as they were where one of them says more than crate holds.
 */
export interface RekordboxExtras {
  readonly trackId?: string
  readonly attributes?: Attributes
  readonly elements?: readonly XmlElement[]
  readonly marks?: readonly XmlElement[]
  readonly tempos?: readonly XmlElement[]
  /** The MP3's header could not be read, so that positions stand in Rekordbox's time (see position-shift). */
  readonly clock?: 'rekordbox'
}

export type DecodedTrack =
  | {
      readonly kind: 'track'
      readonly track: Omit<ImportedTrack, 'ref'>
      readonly trackId: string
      /** Parts that were left out or mended, as sentences. */
      readonly faults: readonly string[]
    }
  | {readonly kind: 'skipped'; readonly subject: string; readonly reason: string}

const ORIGIN = 'import:rekordbox'

/** The notation in which kept attributes are compared; any would do. */
const NOTATION: KeyNotation = 'musical'

/** The track that a TRACK element describes, with its positions in Rekordbox's time. */
export function trackFromElement(element: XmlElement): DecodedTrack {
  const {attributes} = element
  const text = (name: string) => attributes[name] ?? ''
  const name = [text('Artist'), text('Name')].filter((part) => part !== '').join(' – ')
  const location = parseLocation(text('Location'))
  const subject = name === '' ? `track ${text('TrackID')}` : name
  if (location.kind === 'streaming')
    return {kind: 'skipped', subject, reason: `a track of ${location.service} has no file; skipped`}
  if (location.kind === 'invalid') return {kind: 'skipped', subject, reason: `${location.reason}; skipped`}

  const faults: string[] = []
  const ofName = (wanted: string) => element.children.filter((child) => child.name === wanted)
  const readAll = <Value>(
    elements: readonly XmlElement[],
    read: (attributes: Attributes) => {value: Value | null; fault: string | null},
  ) =>
    elements.flatMap((child): Value[] => {
      const {value, fault} = read(child.attributes)
      if (fault !== null) faults.push(value === null ? `${fault} was left out` : fault)
      return value === null ? [] : [value]
    })
  const marks = ofName('POSITION_MARK')
  const tempos = ofName('TEMPO')
  const {cues, moved} = fitToPads(readAll(marks, cueFromMark), Number.POSITIVE_INFINITY)
  if (moved > 0) faults.push(`${moved} of the hot cues shared a pad and became memory cues`)
  const beatGrid = readAll(tempos, markerFromTempo).sort((a, b) => a.positionMs - b.positionMs)
  const seconds = parseWhole(text('TotalTime'), 7 * 86_400)
  const bitRateKbps = parseWhole(text('BitRate'), 1_000_000)
  const sampleRateHz = parseWhole(text('SampleRate'), 10_000_000)

  const fields: FieldTrack = {
    file: {
      path: location.path,
      sizeBytes: orNull(parseWhole(text('Size'), Number.MAX_SAFE_INTEGER)),
      modifiedAtMs: null,
      format: audioFormatOf(location.path),
      durationMs: seconds === null || seconds === 0 ? null : seconds * 1000,
      sampleRateHz: orNull(sampleRateHz),
      channels: null,
      bitDepth: null,
      bitRateKbps: orNull(bitRateKbps),
      mp3HeaderCase: null,
    },
    tags: tagsFrom(text),
    tempoBpm: parseTempo(text('AverageBpm')),
    key: parseKey(text('Tonality')),
    beatGrid,
    gridOrigin: beatGrid.length === 0 ? null : ORIGIN,
    isGridLocked: false,
    cues,
    ratingStars: parseRating(text('Rating')),
    colorRgb: parseTrackColor(text('Colour')),
    playCount: parseWhole(text('PlayCount'), 2 ** 31 - 1) ?? 0,
    lastPlayedAt: parseDay(text('LastPlayed')),
    addedAt: parseDay(text('DateAdded')),
    extras: {},
  }
  const kept = keptAttributes(attributes, fields, faults)
  const others = element.children.filter((child) => child.name !== 'TEMPO' && child.name !== 'POSITION_MARK')
  const extras: RekordboxExtras = {
    ...(text('TrackID') === '' ? {} : {trackId: text('TrackID')}),
    ...(Object.keys(kept).length === 0 ? {} : {attributes: kept}),
    ...(others.length === 0 ? {} : {elements: others}),
    ...(marks.every(isPlainMark) ? {} : {marks}),
    ...(tempos.every(isPlainMark) ? {} : {tempos}),
  }
  return {
    kind: 'track',
    track: {...fields, extras: {rekordbox: extras as unknown as JsonValue}},
    trackId: text('TrackID'),
    faults,
  }
}

function orNull(value: number | null): number | null {
  return value === 0 ? null : value
}

function tagsFrom(text: (name: string) => string): Tags {
  const tag = (name: string) => (text(name) === '' ? null : text(name))
  return {
    ...EMPTY_TAGS,
    title: tag('Name'),
    artist: tag('Artist'),
    album: tag('Album'),
    genre: tag('Genre'),
    comment: tag('Comments'),
    label: tag('Label'),
    remixer: tag('Remixer'),
    composer: tag('Composer'),
    grouping: tag('Grouping'),
    mix: tag('Mix'),
    year: orNull(parseWhole(text('Year'), 9999)),
    trackNumber: orNull(parseWhole(text('TrackNumber'), 65_535)),
    discNumber: orNull(parseWhole(text('DiscNumber'), 65_535)),
    key: tag('Tonality'),
  }
}

/** Attributes that crate's own text would not give back; damaged values are reported and dropped. */
function keptAttributes(attributes: Attributes, track: FieldTrack, faults: string[]): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of Object.keys(attributes))
    if (name !== 'TrackID' && !FIELD_NAMES.has(name)) kept[name] = attributes[name] ?? ''
  for (const field of FIELDS) {
    const raw = attributes[field.name]
    if (raw === undefined) continue
    // Most texts come out as they went in; only the others need the longer look.
    if (raw === field.text(track, NOTATION)) continue
    if (field.canonical(raw, track, NOTATION) !== null) kept[field.name] = raw
    else faults.push(`${field.name} “${raw.slice(0, 40)}” is no valid value and was left out`)
  }
  return kept
}

export interface EncodeOptions {
  /** Null keeps the notation that a track came with, else musical. */
  readonly keyNotation: KeyNotation | null
  readonly addsMemoryTwins: boolean
}

export interface EncodedTrack {
  readonly element: XmlElement
  readonly faults: readonly string[]
}

/**
 * The TRACK element of a track whose positions stand in Rekordbox's time already. What was imported from Rekordbox and
 * is unchanged is written as it was.
 */
export function elementFromTrack(track: FieldTrack, trackId: number, options: EncodeOptions): EncodedTrack {
  const faults: string[] = []
  const extras = extrasOf(track)
  const attributes: Record<string, string> = {TrackID: String(trackId)}
  for (const field of FIELDS) {
    const text = field.text(track, options.keyNotation ?? NOTATION)
    const kept = extras.attributes?.[field.name]
    const isKept =
      kept !== undefined &&
      field.canonical(kept, track, options.keyNotation ?? NOTATION) === (text ?? '') &&
      !(field.name === 'Tonality' && options.keyNotation !== null)
    if (isKept) attributes[field.name] = kept
    else if (text !== null) attributes[field.name] = text
  }
  for (const [name, value] of Object.entries(extras.attributes ?? {}))
    if (!FIELD_NAMES.has(name) && name !== 'TrackID') attributes[name] = value
  if (track.addedAt !== null && parseDay(track.addedAt) === null)
    faults.push(`the date added “${track.addedAt}” is no valid date and was left out`)

  const children = [
    ...(extras.elements ?? []),
    ...tempoElements(track, extras),
    ...markElements(track, extras, options, faults),
  ]
  return {element: {name: 'TRACK', attributes, children}, faults}
}

/** What an earlier import left; anything of another shape (an edited database) counts as absent. */
export function extrasOf(track: Pick<FieldTrack, 'extras'>): RekordboxExtras {
  const extras = track.extras['rekordbox']
  return typeof extras === 'object' && extras !== null && !Array.isArray(extras) ? (extras as RekordboxExtras) : {}
}

function tempoElements(track: FieldTrack, extras: RekordboxExtras): readonly XmlElement[] {
  const plain = track.beatGrid.map(tempoFromMarker)
  if (extras.tempos !== undefined) {
    const original = extras.tempos.flatMap(({attributes}) => markerFromTempo(attributes).value ?? [])
    const sorted = original.sort((a, b) => a.positionMs - b.positionMs)
    if (isSame(sorted.map(tempoFromMarker), plain)) return extras.tempos
  }
  // Rekordbox's own grid stays as it is, unless a cue from elsewhere now stands before it.
  if (track.gridOrigin === ORIGIN && track.cues.every(({origin}) => origin === ORIGIN)) return plain
  return coverFirstCue(gridOrAnchor(track, extras), firstCueMs(track.cues)).map(tempoFromMarker)
}

/**
 * The grid; where there is none but the tempo is known, one marker at the first cue, because CDJs need a grid there
 * (FORMATS §16). A track that Rekordbox itself left without one stays so.
 */
function gridOrAnchor(track: FieldTrack, extras: RekordboxExtras): FieldTrack['beatGrid'] {
  const tempoBpm = tempoBpmOf(track)
  if (track.beatGrid.length > 0 || tempoBpm === null || !(tempoBpm > 0) || extras.trackId !== undefined)
    return track.beatGrid
  return [{positionMs: firstCueMs(track.cues) ?? 0, tempoBpm, beatInBar: 1}]
}

function firstCueMs(cues: readonly Cue[]): number | null {
  return cues.length === 0
    ? null
    : Math.max(
        0,
        cues.reduce((least, {positionMs}) => Math.min(least, positionMs), Number.POSITIVE_INFINITY),
      )
}

function markElements(
  track: FieldTrack,
  extras: RekordboxExtras,
  options: EncodeOptions,
  faults: string[],
): readonly XmlElement[] {
  const {cues, moved} = fitToPads(clampCues(track.cues))
  if (moved > 0) faults.push(`${moved} hot cues have no pad of their own in Rekordbox XML and became memory cues`)
  const plain = (options.addsMemoryTwins ? withMemoryTwins(cues) : cues).map(markFromCue)
  if (extras.marks === undefined) return plain
  const original = extras.marks.flatMap(({attributes}) => cueFromMark(attributes).value ?? [])
  return isSame(original.map(markFromCue), plain) ? extras.marks : plain
}

function isSame(a: readonly XmlElement[], b: readonly XmlElement[]): boolean {
  return a.length === b.length && JSON.stringify(a) === JSON.stringify(b)
}
