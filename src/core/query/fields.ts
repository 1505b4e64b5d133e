// What a query can ask of a track: the names people type, and where the value stands.
import {nearestColor} from '../color.js'
import {keyIndex} from '../key.js'
import type {Track} from '../track.js'

/** What a query can ask and a Track does not carry. */
export interface TrackFacts {
  readonly isMissing: boolean
  /** Playlists that hold the track, each as `Folder/List`. */
  readonly playlists: readonly string[]
}

interface FieldBase {
  /** As documented; also the name of the store's column. */
  readonly name: string
  readonly aliases: readonly string[]
  readonly summary: string
}

export interface TextField extends FieldBase {
  readonly kind: 'text'
  read(track: Track): string | null
}

/** `length` is in seconds, `date` in milliseconds since 1970, `key` a number of `keyIndex`, `flag` 0 or 1. */
export interface NumberField extends FieldBase {
  readonly kind: 'number' | 'length' | 'date' | 'key' | 'flag'
  read(track: Track, facts: TrackFacts): number | null
}

/** A text of which a track has several. */
export interface PlaylistField extends FieldBase {
  readonly kind: 'playlist'
}

export type QueryField = TextField | NumberField | PlaylistField

type TagText = {
  [Name in keyof Track['tags']]: Track['tags'][Name] extends string | null ? Name : never
}[keyof Track['tags']]

function tagText(name: string, tag: TagText, summary: string, aliases: readonly string[] = []): TextField {
  return {kind: 'text', name, aliases, summary, read: (track) => track.tags[tag]}
}

function numberField(
  name: string,
  summary: string,
  read: (track: Track, facts: TrackFacts) => number | null,
  aliases: readonly string[] = [],
): NumberField {
  return {kind: 'number', name, aliases, summary, read}
}

/** The colours that DJ programs offer for tracks, so that `color:red` finds every program's red. */
const COLOR_NAMES: Readonly<Record<string, number>> = {
  pink: 0xff66cc,
  red: 0xff0000,
  orange: 0xff8800,
  yellow: 0xffee00,
  green: 0x00cc22,
  aqua: 0x00dddd,
  blue: 0x0044ff,
  purple: 0x8800ff,
  white: 0xffffff,
  grey: 0x888888,
  black: 0x000000,
}

function colorText(colorRgb: number | null): string | null {
  if (colorRgb === null) return null
  const nearest = nearestColor(Object.values(COLOR_NAMES), colorRgb)
  const name = Object.entries(COLOR_NAMES).find(([, rgb]) => rgb === nearest)?.[0] ?? ''
  return `${name} #${colorRgb.toString(16).padStart(6, '0')}`
}

/**
 * Milliseconds since 1970 of an ISO 8601 date or date and time; without a zone it is taken as UTC. Null for other text.
 */
export function dateMs(text: string | null): number | null {
  if (text === null) return null
  const match =
    /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
      text.trim(),
    )
  if (match === null) return null
  const [, year = '', month = '01', day = '01', time = '00:00', zone = 'Z'] = match
  const ms = Date.parse(`${year}-${month}-${day}T${time}${zone}`)
  return Number.isNaN(ms) ? null : ms
}

function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path
}

/** Bare words are looked for in all of these together. */
export const ANY_FIELD: TextField = {
  kind: 'text',
  name: 'any',
  aliases: [],
  summary: 'artist, title, mix, remixer, album, album artist, label, genre, grouping, comment and file name',
  read({tags, file}) {
    const parts = [tags.artist, tags.title, tags.mix, tags.remixer, tags.album, tags.albumArtist, tags.label]
    parts.push(tags.genre, tags.grouping, tags.comment, fileName(file.path))
    return parts.filter((part) => part !== null).join('\n')
  },
}

export const QUERY_FIELDS: readonly QueryField[] = [
  ANY_FIELD,
  tagText('title', 'title', 'title'),
  tagText('artist', 'artist', 'artist'),
  tagText('album', 'album', 'album'),
  tagText('albumartist', 'albumArtist', 'album artist'),
  tagText('genre', 'genre', 'genre'),
  tagText('comment', 'comment', 'comment', ['comments']),
  tagText('label', 'label', 'record label'),
  tagText('remixer', 'remixer', 'remixer'),
  tagText('composer', 'composer', 'composer'),
  tagText('producer', 'producer', 'producer'),
  tagText('grouping', 'grouping', 'grouping'),
  tagText('mix', 'mix', 'version, as in “Extended Mix”', ['version']),
  tagText('catalog', 'catalogNumber', 'catalogue number', ['catalognumber']),
  tagText('isrc', 'isrc', 'ISRC'),
  {kind: 'text', name: 'path', aliases: ['file'], summary: 'path of the file', read: (track) => track.file.path},
  {kind: 'text', name: 'format', aliases: [], summary: 'wav, aiff, flac, mp3, …', read: (track) => track.file.format},
  {
    kind: 'text',
    name: 'color',
    aliases: ['colour'],
    summary: 'red, blue, … or #RRGGBB',
    read: (track) => colorText(track.colorRgb),
  },
  {kind: 'text', name: 'id', aliases: [], summary: 'crate’s id of the track', read: (track) => track.id},
  {
    kind: 'text',
    name: 'grid',
    aliases: [],
    summary: 'who set the beat grid: analysis, user, import:rekordbox, …',
    read: (track) => track.gridOrigin,
  },
  numberField('bpm', 'tempo', (track) => track.tempoBpm, ['tempo']),
  {
    kind: 'key',
    name: 'key',
    aliases: [],
    summary: 'key in any notation; key:8A~ also what mixes with it; key:8A,9A several',
    read: (track) => (track.key === null ? null : keyIndex(track.key)),
  },
  numberField('energy', 'energy, 1 to 10', (track) => track.analysis?.energy ?? null),
  numberField('rating', 'stars, 0 to 5', (track) => track.ratingStars, ['stars']),
  numberField('plays', 'how often it was played', (track) => track.playCount, ['playcount']),
  numberField('year', 'year', (track) => track.tags.year),
  numberField('lufs', 'loudness in LUFS', (track) => track.analysis?.loudnessLufs ?? null, ['loudness']),
  {
    kind: 'length',
    name: 'length',
    aliases: ['duration', 'time'],
    summary: 'duration as m:ss or seconds',
    read: ({file}) => (file.durationMs === null ? null : file.durationMs / 1000),
  },
  numberField('bitrate', 'kbit/s', (track) => track.file.bitRateKbps),
  numberField('samplerate', 'Hz', (track) => track.file.sampleRateHz),
  numberField('bitdepth', 'bits per sample', (track) => track.file.bitDepth),
  numberField('channels', '1 mono, 2 stereo', (track) => track.file.channels),
  numberField('track', 'number on the album', (track) => track.tags.trackNumber, ['tracknumber']),
  numberField('disc', 'number of the disc', (track) => track.tags.discNumber, ['discnumber']),
  numberField('cues', 'how many cues it has', (track) => track.cues.length),
  {
    kind: 'date',
    name: 'added',
    aliases: [],
    summary: 'when it came into the library',
    read: (track) => dateMs(track.addedAt),
  },
  {
    kind: 'date',
    name: 'played',
    aliases: ['lastplayed'],
    summary: 'when it was last played',
    read: (track) => dateMs(track.lastPlayedAt),
  },
  {
    kind: 'date',
    name: 'released',
    aliases: ['date'],
    summary: 'release date',
    read: (track) => dateMs(track.tags.releaseDate),
  },
  {
    kind: 'flag',
    name: 'analyzed',
    aliases: ['analysed'],
    summary: 'yes or no',
    read: (track) => (track.analysis === null ? 0 : 1),
  },
  {
    kind: 'flag',
    name: 'variable',
    aliases: [],
    summary: 'whether the tempo changes',
    read: (track) => (track.analysis === null ? null : track.analysis.isTempoVariable ? 1 : 0),
  },
  {
    kind: 'flag',
    name: 'missing',
    aliases: [],
    summary: 'whether the file is gone',
    read: (_track, facts) => (facts.isMissing ? 1 : 0),
  },
  {kind: 'playlist', name: 'playlist', aliases: ['crate'], summary: 'name of a playlist that holds it, or Folder/List'},
]

const BY_NAME = new Map(QUERY_FIELDS.flatMap((field) => [field.name, ...field.aliases].map((name) => [name, field])))

export function findField(name: string): QueryField | undefined {
  return BY_NAME.get(name.toLowerCase())
}

/** All names that `findField` knows, for suggestions. */
export function fieldNames(): string[] {
  return [...BY_NAME.keys()]
}
