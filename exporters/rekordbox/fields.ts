// The attributes of TRACK: what each says of a track, in the order in which Rekordbox writes them (FORMATS §1.2).
import {mainTempoBpm} from '../../src/core/beat-grid.js'
import {formatKey, type KeyNotation, parseKey} from '../../src/core/key.js'
import {extensionOf} from '../../src/core/music-path.js'
import type {Tags, Track} from '../../src/core/track.js'
import {locationFromPath, parseLocation} from './location.js'
import {
  formatRating,
  formatTrackColor,
  parseDay,
  parseRating,
  parseTempo,
  parseTrackColor,
  parseWhole,
} from './values.js'

/** What the attributes draw on; tracks of the library and of an import both have it. */
export type FieldTrack = Omit<Track, 'id' | 'audioHash' | 'analysis'>

export interface Field {
  readonly name: string
  /** The attribute's text; null leaves the attribute out. */
  text(track: FieldTrack, notation: KeyNotation): string | null
  /** The same text made from what a file had there, to tell whether it still means the same; null where it is damaged. */
  canonical(raw: string, track: FieldTrack, notation: KeyNotation): string | null
}

/** Largest size that a number in JavaScript holds exactly; other whole numbers end far below. */
const MAX = {bytes: Number.MAX_SAFE_INTEGER, seconds: 7 * 86_400, number: 65_535, count: 2 ** 31 - 1} as const

function textField(name: string, tag: keyof Tags): Field {
  return {name, text: ({tags}) => String(tags[tag] ?? ''), canonical: (raw) => raw}
}

function wholeField(name: string, max: number, value: (track: FieldTrack) => number | null): Field {
  return {
    name,
    text: (track) => String(Math.max(0, Math.min(max, Math.floor(value(track) ?? 0)))),
    canonical: (raw) => canonicalWhole(raw, max),
  }
}

function canonicalWhole(raw: string, max: number): string | null {
  if (raw.trim() === '') return '0'
  const value = parseWhole(raw, max)
  return value === null ? null : String(value)
}

/** A day; left out where `isOptional` and there is none. */
function dayField(name: string, value: (track: FieldTrack) => string | null, isOptional: boolean): Field {
  return {
    name,
    text: (track) => parseDay(value(track) ?? '') ?? (isOptional ? null : ''),
    canonical: (raw) => (raw.trim() === '' ? '' : parseDay(raw)),
  }
}

const KINDS: Readonly<Record<string, string>> = {
  mp3: 'MP3 File',
  m4a: 'M4A File',
  aac: 'AAC File',
  mp4: 'MP4 File',
  flac: 'FLAC File',
  wav: 'WAV File',
  wave: 'WAV File',
  aif: 'AIFF File',
  aiff: 'AIFF File',
  aifc: 'AIFF File',
}

/** Display text in the language of the program's screen; any text there stays. */
const KIND: Field = {
  name: 'Kind',
  text: ({file}) => KINDS[extensionOf(file.path)] ?? 'Unknown Format',
  canonical: (_raw, {file}) => KINDS[extensionOf(file.path)] ?? 'Unknown Format',
}

export function tempoBpmOf(track: FieldTrack): number | null {
  return track.tempoBpm ?? mainTempoBpm(track.beatGrid, track.file.durationMs ?? 0)
}

const TEMPO: Field = {
  name: 'AverageBpm',
  text: (track) => (tempoBpmOf(track) ?? 0).toFixed(2),
  canonical: (raw) => (/^[\s0.,]*$/.test(raw) ? '0.00' : (parseTempo(raw)?.toFixed(2) ?? null)),
}

const RATING: Field = {
  name: 'Rating',
  text: ({ratingStars}) => formatRating(ratingStars),
  canonical: (raw) => (canonicalWhole(raw, 255) === null ? null : formatRating(parseRating(raw))),
}

const LOCATION: Field = {
  name: 'Location',
  text: ({file}) => locationFromPath(file.path),
  canonical: (raw) => {
    const location = parseLocation(raw)
    return location.kind === 'path' ? locationFromPath(location.path) : null
  },
}

const TONALITY: Field = {
  name: 'Tonality',
  text: ({key, tags}, notation) => {
    if (key !== null) return formatKey(key, notation)
    return tags.key !== null && parseKey(tags.key) === null ? tags.key : ''
  },
  canonical: (raw, _track, notation) => {
    const key = parseKey(raw)
    return key === null ? raw : formatKey(key, notation)
  },
}

const COLOUR: Field = {
  name: 'Colour',
  text: ({colorRgb}) => (colorRgb === null ? null : formatTrackColor(colorRgb)),
  canonical: (raw) => {
    const colorRgb = parseTrackColor(raw)
    return colorRgb === null ? null : formatTrackColor(colorRgb)
  },
}

/** All but TrackID, which is of the file and not of the track. The last two are in the published list only. */
export const FIELDS: readonly Field[] = [
  textField('Name', 'title'),
  textField('Artist', 'artist'),
  textField('Composer', 'composer'),
  textField('Album', 'album'),
  textField('Grouping', 'grouping'),
  textField('Genre', 'genre'),
  KIND,
  wholeField('Size', MAX.bytes, ({file}) => file.sizeBytes),
  wholeField('TotalTime', MAX.seconds, ({file}) => (file.durationMs === null ? null : file.durationMs / 1000)),
  wholeField('DiscNumber', MAX.number, ({tags}) => tags.discNumber),
  wholeField('TrackNumber', MAX.number, ({tags}) => tags.trackNumber),
  wholeField('Year', 9999, ({tags}) => tags.year ?? parseWhole(tags.releaseDate?.slice(0, 4) ?? '', 9999)),
  TEMPO,
  dayField('DateAdded', ({addedAt}) => addedAt, false),
  wholeField('BitRate', MAX.count, ({file}) => (file.bitRateKbps === null ? null : Math.round(file.bitRateKbps))),
  wholeField('SampleRate', MAX.count, ({file}) => file.sampleRateHz),
  textField('Comments', 'comment'),
  wholeField('PlayCount', MAX.count, ({playCount}) => playCount),
  RATING,
  LOCATION,
  textField('Remixer', 'remixer'),
  TONALITY,
  textField('Label', 'label'),
  textField('Mix', 'mix'),
  COLOUR,
  dayField('LastPlayed', ({lastPlayedAt}) => lastPlayedAt, true),
]

export const FIELD_NAMES: ReadonlySet<string> = new Set(FIELDS.map(({name}) => name))
