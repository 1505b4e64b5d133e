// Rows of export.pdb and exportExt.pdb as values (FORMATS of crate-digger and rekordcrate).
import {type PdbRow, textAt} from './pdb.js'

/** Table types of export.pdb. */
export const TABLES = {
  tracks: 0,
  genres: 1,
  artists: 2,
  albums: 3,
  labels: 4,
  keys: 5,
  colors: 6,
  playlistTree: 7,
  playlistEntries: 8,
  historyPlaylists: 11,
  historyEntries: 12,
} as const

/** Table types of exportExt.pdb. */
export const EXT_TABLES = {tags: 3, trackTags: 4} as const

const TRACK = {
  sampleRateHz: 0x08,
  composerId: 0x0c,
  sizeBytes: 0x10,
  keyId: 0x20,
  labelId: 0x28,
  remixerId: 0x2c,
  bitRateKbps: 0x30,
  trackNumber: 0x34,
  tempo: 0x38,
  genreId: 0x3c,
  albumId: 0x40,
  artistId: 0x44,
  id: 0x48,
  discNumber: 0x4c,
  playCount: 0x4e,
  year: 0x50,
  bitDepth: 0x52,
  durationS: 0x54,
  colorId: 0x58,
  rating: 0x59,
  strings: 0x5e,
} as const

const STRING = {
  isrc: 0,
  dateAdded: 10,
  releaseDate: 11,
  mix: 12,
  analyzePath: 14,
  comment: 16,
  title: 17,
  filePath: 20,
} as const

export type TrackRow = Readonly<Record<Exclude<keyof typeof TRACK, 'strings'>, number>> &
  Readonly<Record<keyof typeof STRING, string>>

const TRACK_FIELDS = Object.entries(TRACK).filter(([name]) => name !== 'strings')
const STRING_FIELDS = Object.entries(STRING)
const BYTE_FIELDS: readonly string[] = ['colorId', 'rating']
const SHORT_FIELDS: readonly string[] = ['discNumber', 'playCount', 'year', 'bitDepth', 'durationS']

/** @throws RangeError for a row that leads outside of its page */
export function trackRow({page, at}: PdbRow): TrackRow {
  const numbers = TRACK_FIELDS.map(([name, offset]) => [
    name,
    BYTE_FIELDS.includes(name)
      ? page.u8(at + offset)
      : SHORT_FIELDS.includes(name)
        ? page.u16(at + offset)
        : page.u32(at + offset),
  ])
  const texts = STRING_FIELDS.map(([name, index]) => [
    name,
    textAt(page, at + page.u16(at + TRACK.strings + 2 * index)),
  ])
  return Object.fromEntries([...numbers, ...texts]) as TrackRow
}

export type Named = readonly [id: number, name: string]

/** Rows that are an id and a name: genres, labels, history playlists. */
export function plainRow({page, at}: PdbRow): Named {
  return [page.u32(at), textAt(page, at + 4)]
}

export function keyRow({page, at}: PdbRow): Named {
  return [page.u32(at), textAt(page, at + 8)]
}

/** Bit 2 of the first field: the place of the name takes two bytes instead of one. */
const HAS_WIDE_OFFSETS = 0x04

export function artistRow({page, at}: PdbRow): Named {
  const isWide = (page.u16(at) & HAS_WIDE_OFFSETS) !== 0
  return [page.u32(at + 4), textAt(page, at + (isWide ? page.u16(at + 0x0a) : page.u8(at + 0x09)))]
}

export function albumRow({page, at}: PdbRow): Named {
  const isWide = (page.u16(at) & HAS_WIDE_OFFSETS) !== 0
  return [page.u32(at + 0x0c), textAt(page, at + (isWide ? page.u16(at + 0x16) : page.u8(at + 0x15)))]
}

export interface PlaylistRow {
  readonly id: number
  readonly parentId: number
  readonly sortOrder: number
  readonly isFolder: boolean
  readonly name: string
}

export function playlistRow({page, at}: PdbRow): PlaylistRow {
  return {
    parentId: page.u32(at),
    sortOrder: page.u32(at + 0x08),
    id: page.u32(at + 0x0c),
    isFolder: page.u32(at + 0x10) !== 0,
    name: textAt(page, at + 0x14),
  }
}

export interface EntryRow {
  readonly index: number
  readonly trackId: number
  readonly listId: number
}

export function playlistEntryRow({page, at}: PdbRow): EntryRow {
  return {index: page.u32(at), trackId: page.u32(at + 4), listId: page.u32(at + 8)}
}

export function historyEntryRow({page, at}: PdbRow): EntryRow {
  return {trackId: page.u32(at), listId: page.u32(at + 4), index: page.u32(at + 8)}
}

export interface TagRow {
  readonly id: number
  /** 0 for a category. */
  readonly categoryId: number
  readonly position: number
  readonly isCategory: boolean
  readonly name: string
}

export function tagRow({page, at}: PdbRow): TagRow {
  const isWide = (page.u16(at) & HAS_WIDE_OFFSETS) !== 0
  return {
    categoryId: page.u32(at + 0x0c),
    position: page.u32(at + 0x10),
    id: page.u32(at + 0x14),
    isCategory: page.u32(at + 0x18) !== 0,
    name: textAt(page, at + (isWide ? page.u16(at + 0x1e) : page.u8(at + 0x1d))),
  }
}

export function trackTagRow({page, at}: PdbRow): {trackId: number; tagId: number} {
  return {trackId: page.u32(at + 4), tagId: page.u32(at + 8)}
}
