// The attributes of an entry that crate knows: where each stands, what it says of a track, and who wins where both
// crate and Traktor have something to say.
import type {Track} from '../../src/core/track.js'
import {nmlDateFromIso} from './date.js'
import {formatFloat} from './number.js'
import {paletteFromRgb} from './palette.js'

/** What an exporter's Track and an importer's ImportedTrack have in common. */
export type TrackFacts = Omit<Track, 'id' | 'audioHash' | 'analysis'>

/**
 * On a merge: `set` crate's value stands; `fill` Traktor's stands where there is one; `later` the later date,
 * `larger` the larger number. A value that crate does not have never removes one of Traktor's.
 */
export type FieldRule = 'set' | 'fill' | 'later' | 'larger'

export interface Field {
  /** ENTRY itself or one of its children. */
  readonly element: string
  readonly attribute: string
  readonly rule: FieldRule
  /** As NML writes it; null where the track does not tell. */
  readonly text: (track: TrackFacts) => string | null
}

const whole = (value: number | null) => (value === null ? null : String(Math.round(value)))
const orNull = (text: string | null) => (text === '' ? null : text)
const seconds = (track: TrackFacts) => (track.file.durationMs === null ? null : track.file.durationMs / 1000)

function field(element: string, attribute: string, text: Field['text'], rule: FieldRule = 'set'): Field {
  return {element, attribute, rule, text}
}

export const FIELDS: readonly Field[] = [
  field('ENTRY', 'TITLE', ({tags}) => orNull(tags.title)),
  field('ENTRY', 'ARTIST', ({tags}) => orNull(tags.artist)),
  field('ALBUM', 'OF_TRACKS', ({tags}) => whole(tags.trackTotal)),
  field('ALBUM', 'TRACK', ({tags}) => whole(tags.trackNumber)),
  field('ALBUM', 'TITLE', ({tags}) => orNull(tags.album)),
  field('INFO', 'BITRATE', ({file}) => (file.bitRateKbps === null ? null : whole(file.bitRateKbps * 1000)), 'fill'),
  field('INFO', 'GENRE', ({tags}) => orNull(tags.genre)),
  field('INFO', 'LABEL', ({tags}) => orNull(tags.label)),
  field('INFO', 'COMMENT', ({tags}) => orNull(tags.comment)),
  field('INFO', 'REMIXER', ({tags}) => orNull(tags.remixer)),
  field('INFO', 'PRODUCER', ({tags}) => orNull(tags.producer)),
  field('INFO', 'MIX', ({tags}) => orNull(tags.mix)),
  field('INFO', 'CATALOG_NO', ({tags}) => orNull(tags.catalogNumber)),
  field('INFO', 'KEY', ({tags}) => orNull(tags.key)),
  field('INFO', 'PLAYCOUNT', ({playCount}) => (playCount > 0 ? whole(playCount) : null), 'larger'),
  field('INFO', 'PLAYTIME', (track) => wholeSeconds(seconds(track)), 'fill'),
  field('INFO', 'PLAYTIME_FLOAT', (track) => floatOf(seconds(track)), 'fill'),
  field('INFO', 'RANKING', ({ratingStars}) => (ratingStars === null ? null : whole(ratingStars * 51))),
  field('INFO', 'IMPORT_DATE', ({addedAt}) => nmlDateFromIso(addedAt), 'fill'),
  field('INFO', 'LAST_PLAYED', ({lastPlayedAt}) => nmlDateFromIso(lastPlayedAt), 'later'),
  field('INFO', 'RELEASE_DATE', ({tags}) => releaseDate(tags)),
  field('INFO', 'FILESIZE', ({file}) => kibibytes(file.sizeBytes), 'fill'),
  field('INFO', 'COLOR', ({colorRgb}) => (colorRgb === null ? null : whole(paletteFromRgb(colorRgb)))),
]

function floatOf(value: number | null): string | null {
  return value === null ? null : formatFloat(value)
}

/** Traktor counts a second that has begun: 465.08 s is PLAYTIME 466. */
function wholeSeconds(value: number | null): string | null {
  return value === null ? null : String(Math.ceil(value))
}

function kibibytes(sizeBytes: number | null): string | null {
  return sizeBytes === null ? null : String(Math.round(sizeBytes / 1024))
}

function releaseDate({releaseDate: date, year}: TrackFacts['tags']): string | null {
  return nmlDateFromIso(date) ?? (year === null ? null : nmlDateFromIso(String(year).padStart(4, '0')))
}

/** Whether crate's text takes the place of Traktor's. */
export function replaces(rule: FieldRule, current: string | null, wanted: string): boolean {
  if (current === null || current === '') return true
  if (rule === 'fill') return false
  if (rule === 'larger') return Number(wanted) > (Number(current) || 0)
  if (rule === 'later') return dayNumber(wanted) > dayNumber(current)
  return true
}

function dayNumber(date: string): number {
  const [year = 0, month = 0, day = 0] = date.split('/').map(Number)
  return year * 10_000 + month * 100 + day || 0
}
