// The columns of crate's table: a name, what stands there, and what it becomes on the way in.
import type {ImportedTrack} from '../../src/api/format.js'
import type {GridMarker} from '../../src/core/beat-grid.js'
import {hexFromRgb, rgbFromHex} from '../../src/core/color.js'
import type {Cue} from '../../src/core/cue.js'
import {camelotFromKey, musicalNameFromKey, parseKey} from '../../src/core/key.js'
import type {Tags, Track} from '../../src/core/track.js'

/** What a cell changes of a track that so far has only its path. */
type Patch = Partial<Omit<ImportedTrack, 'file' | 'tags' | 'ref'>> & {
  readonly file?: Partial<ImportedTrack['file']>
  readonly tags?: Partial<Tags>
}

export interface Column {
  readonly name: string
  /** Null is an empty cell. */
  text(track: Track): string | null
  /** Null where the cell cannot be read; absent for columns that are only shown. */
  read?(cell: string): Patch | null
}

type TextTag = {[Name in keyof Tags]: Tags[Name] extends string | null ? Name : never}[keyof Tags]
type NumberTag = Exclude<keyof Tags, TextTag>

function textTag(name: TextTag): Column {
  return {name, text: ({tags}) => tags[name], read: (cell) => ({tags: {[name]: cell}})}
}

function numberTag(name: NumberTag): Column {
  return {
    name,
    text: ({tags}) => numberText(tags[name]),
    read: (cell) => withNumber(cell, 0, 65_535, (value) => ({tags: {[name]: value}})),
  }
}

function numberText(value: number | null | undefined, decimals = 3): string | null {
  return value === null || value === undefined ? null : String(Number(value.toFixed(decimals)))
}

function withNumber(cell: string, min: number, max: number, patch: (value: number) => Patch): Patch | null {
  const value = /^\s*-?\d+(?:[.,]\d+)?\s*$/.test(cell) ? Number(cell.replace(',', '.')) : Number.NaN
  return value >= min && value <= max ? patch(value) : null
}

const MAX_MS = 7 * 86_400_000

/** `yyyy-mm-dd`, with or without a time behind it, of a day that exists. */
function withDate(cell: string, patch: (value: string) => Patch): Patch | null {
  const match = /^\d{4}-\d{2}-\d{2}(?:[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/.exec(cell.trim())
  if (match === null || Number.isNaN(Date.parse(cell.trim()))) return null
  const day = cell.trim().slice(0, 10)
  return new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) === day ? patch(cell.trim()) : null
}

export const COLUMNS: readonly Column[] = [
  {name: 'path', text: ({file}) => file.path},
  textTag('title'),
  textTag('artist'),
  textTag('album'),
  textTag('albumArtist'),
  textTag('genre'),
  {
    name: 'tempoBpm',
    text: ({tempoBpm}) => numberText(tempoBpm),
    read: (cell) => withNumber(cell, 0.001, 1000, (tempoBpm) => ({tempoBpm})),
  },
  {
    name: 'key',
    text: ({key}) => (key === null ? null : musicalNameFromKey(key)),
    read: (cell) => {
      const key = parseKey(cell)
      return key === null ? null : {key}
    },
  },
  {name: 'camelot', text: ({key}) => (key === null ? null : camelotFromKey(key))},
  {name: 'energy', text: ({analysis}) => numberText(analysis?.energy, 1)},
  {name: 'loudnessLufs', text: ({analysis}) => numberText(analysis?.loudnessLufs, 2)},
  {name: 'truePeakDb', text: ({analysis}) => numberText(analysis?.truePeakDb, 2)},
  {
    name: 'durationMs',
    text: ({file}) => numberText(file.durationMs),
    read: (cell) => withNumber(cell, 0, MAX_MS, (durationMs) => ({file: {durationMs}})),
  },
  {
    name: 'ratingStars',
    text: ({ratingStars}) => numberText(ratingStars),
    read: (cell) => withNumber(cell, 0, 5, (ratingStars) => ({ratingStars})),
  },
  {
    name: 'color',
    text: ({colorRgb}) => (colorRgb === null ? null : hexFromRgb(colorRgb)),
    read: (cell) => {
      const colorRgb = rgbFromHex(cell)
      return colorRgb === null ? null : {colorRgb}
    },
  },
  {
    name: 'playCount',
    text: ({playCount}) => String(playCount),
    read: (cell) => withNumber(cell, 0, 2 ** 31 - 1, (value) => ({playCount: Math.floor(value)})),
  },
  {
    name: 'lastPlayedAt',
    text: ({lastPlayedAt}) => lastPlayedAt,
    read: (cell) => withDate(cell, (lastPlayedAt) => ({lastPlayedAt})),
  },
  {name: 'addedAt', text: ({addedAt}) => addedAt, read: (cell) => withDate(cell, (addedAt) => ({addedAt}))},
  textTag('comment'),
  textTag('label'),
  textTag('remixer'),
  textTag('composer'),
  textTag('producer'),
  textTag('grouping'),
  textTag('mix'),
  textTag('catalogNumber'),
  textTag('isrc'),
  numberTag('year'),
  textTag('releaseDate'),
  numberTag('trackNumber'),
  numberTag('trackTotal'),
  numberTag('discNumber'),
  {name: 'format', text: ({file}) => file.format},
  {
    name: 'bitRateKbps',
    text: ({file}) => numberText(file.bitRateKbps),
    read: (cell) => withNumber(cell, 0, 1e6, (bitRateKbps) => ({file: {bitRateKbps}})),
  },
  {
    name: 'sampleRateHz',
    text: ({file}) => numberText(file.sampleRateHz),
    read: (cell) => withNumber(cell, 0, 1e7, (sampleRateHz) => ({file: {sampleRateHz}})),
  },
  {
    name: 'sizeBytes',
    text: ({file}) => numberText(file.sizeBytes),
    read: (cell) => withNumber(cell, 0, Number.MAX_SAFE_INTEGER, (sizeBytes) => ({file: {sizeBytes}})),
  },
  {
    name: 'firstDownbeatMs',
    text: ({beatGrid}) => numberText(firstDownbeatMs(beatGrid[0])),
    read: readFirstDownbeat,
  },
  {name: 'cues', text: ({cues}) => (cues.length === 0 ? null : JSON.stringify(cues.map(cueText))), read: readCues},
]

function firstDownbeatMs(marker: GridMarker | undefined): number | null {
  if (marker === undefined) return null
  const beatsPerBar = marker.beatsPerBar ?? 4
  const beats = (beatsPerBar + 1 - marker.beatInBar) % beatsPerBar
  return marker.positionMs + (beats * 60_000) / marker.tempoBpm
}

/** The grid gets its tempo when the row is complete. */
function readFirstDownbeat(cell: string): Patch | null {
  return withNumber(cell, -3_600_000, MAX_MS, (positionMs) => ({
    beatGrid: [{positionMs, tempoBpm: 0, beatInBar: 1}],
    gridOrigin: 'import:csv',
  }))
}

/** A cue without what is absent, so that the cell stays readable. */
function cueText({kind, slot, positionMs, lengthMs, name, colorRgb, isLocked}: Cue) {
  return {
    kind,
    ...(slot === null ? {} : {slot}),
    positionMs: Number(positionMs.toFixed(3)),
    ...(lengthMs === null ? {} : {lengthMs: Number(lengthMs.toFixed(3))}),
    ...(name === '' ? {} : {name}),
    ...(colorRgb === null ? {} : {color: hexFromRgb(colorRgb)}),
    ...(isLocked === true ? {isLocked} : {}),
  }
}

const KINDS: readonly string[] = ['hot', 'memory', 'fade-in', 'fade-out', 'load'] satisfies readonly Cue['kind'][]

function isKind(value: unknown): value is Cue['kind'] {
  return typeof value === 'string' && KINDS.includes(value)
}

function readCues(cell: string): Patch | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(cell)
  } catch {
    return null
  }
  if (!Array.isArray(parsed) || parsed.length > 10_000) return null
  const cues = parsed.map(readCue)
  return cues.every((cue) => cue !== null) ? {cues} : null
}

function readCue(value: unknown): Cue | null {
  if (typeof value !== 'object' || value === null) return null
  const fields = value as Readonly<Record<string, unknown>>
  const kind = fields['kind']
  const slot = fields['slot'] ?? null
  const positionMs = fields['positionMs']
  const lengthMs = fields['lengthMs'] ?? null
  if (!isKind(kind) || !isWithin(positionMs, -3_600_000, MAX_MS)) return null
  if (slot !== null && !(isWithin(slot, 0, 255) && Number.isInteger(slot))) return null
  if (kind === 'hot' && slot === null) return null
  if (lengthMs !== null && !isWithin(lengthMs, 0.001, MAX_MS)) return null
  return {
    kind,
    slot,
    positionMs,
    lengthMs,
    name: String(fields['name'] ?? ''),
    colorRgb: rgbFromHex(String(fields['color'] ?? '')),
    origin: 'import:csv',
    ...(fields['isLocked'] === true ? {isLocked: true} : {}),
  }
}

function isWithin(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && value >= min && value <= max
}

/** What other programs call these columns: Rekordbox's text lists, Serato's history, Lexicon, iTunes, spreadsheets. */
const ALIASES: Readonly<Record<string, string>> = {
  location: 'path',
  'file path': 'path',
  filepath: 'path',
  filename: 'path',
  'file name': 'path',
  file: 'path',
  name: 'title',
  'track title': 'title',
  song: 'title',
  'track name': 'title',
  'album artist': 'albumArtist',
  bpm: 'tempoBpm',
  tempo: 'tempoBpm',
  'initial key': 'key',
  tonality: 'key',
  rating: 'ratingStars',
  stars: 'ratingStars',
  plays: 'playCount',
  'play count': 'playCount',
  'dj play count': 'playCount',
  'last played': 'lastPlayedAt',
  'date added': 'addedAt',
  added: 'addedAt',
  comments: 'comment',
  colour: 'color',
  'mix name': 'mix',
  bitrate: 'bitRateKbps',
  'track number': 'trackNumber',
  'disc number': 'discNumber',
  'release date': 'releaseDate',
  'catalog number': 'catalogNumber',
  size: 'sizeBytes',
}

const COLUMN_BY_NAME: ReadonlyMap<string, Column> = new Map(
  COLUMNS.map((column) => [column.name.toLowerCase(), column]),
)

/** The column that a heading means, in any case and with the usual other names; null for one that crate does not know. */
export function columnFor(heading: string): Column | null {
  const name = heading.trim().toLowerCase().replaceAll('_', ' ')
  const alias = ALIASES[name]?.toLowerCase()
  return COLUMN_BY_NAME.get(alias ?? name.replaceAll(' ', '')) ?? null
}
