// What the tests of this format share: files in memory, a library in memory, and the way through importer and exporter.
import {existsSync, readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {exporter} from '../../../exporters/traktor/exporter.js'
import {importer} from '../../../exporters/traktor/importer.js'
import type {Context} from '../../../src/api/context.js'
import type {AudioTagAccess, FileAccess, ImportedTrack, ImportRequest, LibraryView} from '../../../src/api/format.js'
import {beatsOfGrid} from '../../../src/core/beat-grid.js'
import {nearestColor} from '../../../src/core/color.js'
import {CrateError} from '../../../src/core/errors.js'
import {formatKey, parseKey} from '../../../src/core/key.js'
import {mapPlaylistTracks, type PlaylistNode} from '../../../src/core/playlist.js'
import {EMPTY_TAGS, type Track, type TrackId} from '../../../src/core/track.js'

export const SHARED = resolve(import.meta.dirname, '../../../../shared')
export const REAL_FILES = [
  'ddc-v19-traktor3.nml',
  'nmlutils-v19-collection.nml',
  'nmlutils-v19-collection_indexing.nml',
  'nmlutils-v19-cuepoints.nml',
  'nmlutils-v19-playlist.nml',
  'ryyckxxa-v15-collection.nml',
  'history/history_2010y11m21d_21h46m29s.nml',
  'history/history_2011y04m30d_15h59m34s.nml',
] as const

export const hasShared = existsSync(resolve(SHARED, 'formats/traktor-nml'))
/** Absent shared data skips a test on a machine of one's own and fails it in CI. */
export const skipsShared = !hasShared && process.env['CI'] === undefined

export function realFile(name: string): Uint8Array {
  return readFileSync(resolve(SHARED, 'formats/traktor-nml', name))
}

export function testContext(signal: AbortSignal = new AbortController().signal): Context {
  const nothing = () => {}
  return {
    signal,
    config: {},
    log: {debug: nothing, info: nothing, warn: nothing},
    progress: {update: nothing},
    nowMs: () => 1_700_000_000_000,
    error: (code, message, options) => new CrateError(code, message, options),
    core: {parseKey, formatKey, beatsOfGrid, nearestColor: (palette, color) => nearestColor(palette, color)},
  }
}

/** A file in pieces of a size that cuts through tags, names and letters. */
export function fileOf(bytes: Uint8Array | null, chunkLength = 4093): FileAccess {
  return {
    read: async () => bytes,
    stream: async function* () {
      if (bytes === null) throw new CrateError('FILE_NOT_FOUND', 'there is no such file')
      for (let at = 0; at < bytes.length; at += chunkLength) yield bytes.subarray(at, at + chunkLength)
    },
    list: async () => [],
    resolve: () => '/collection.nml',
  }
}

const NO_TAGS: AudioTagAccess = {read: async () => null}

export interface Imported {
  readonly tracks: readonly ImportedTrack[]
  readonly playlists: readonly PlaylistNode<string>[]
  readonly warnings: readonly {readonly subject: string; readonly message: string}[]
}

export async function importBytes(bytes: Uint8Array, overrides: Partial<ImportRequest> = {}): Promise<Imported> {
  const tracks: ImportedTrack[] = []
  const warnings: {subject: string; message: string}[] = []
  let playlists: readonly PlaylistNode<string>[] = []
  const request = {source: fileOf(bytes), audioTags: NO_TAGS, shiftsPositions: true, options: {}, ...overrides}
  for await (const item of importer.import(request, testContext())) {
    if (item.kind === 'track') tracks.push(item.track)
    else if (item.kind === 'playlists') playlists = item.nodes
    else warnings.push({subject: item.subject, message: item.message})
  }
  return {tracks, playlists, warnings}
}

/** An import as a library in which each track has its ref as id. */
export function libraryOf({tracks, playlists}: Pick<Imported, 'tracks' | 'playlists'>): LibraryView {
  const all = tracks.map(({ref, ...track}): Track => ({...track, id: ref as TrackId, audioHash: null, analysis: null}))
  return libraryOfTracks(
    all,
    mapPlaylistTracks(playlists, (ref) => ref as TrackId),
  )
}

export function libraryOfTracks(tracks: readonly Track[], playlists: readonly PlaylistNode[] = []): LibraryView {
  const byId = new Map(tracks.map((track) => [track.id, track]))
  return {
    trackCount: tracks.length,
    tracks: async function* () {
      yield* tracks
    },
    track: async (id) => byId.get(id) ?? null,
    playlists: () => playlists,
  }
}

export interface Exported {
  readonly bytes: Uint8Array
  readonly text: string
  readonly warnings: readonly string[]
}

export async function exportLibrary(
  library: LibraryView,
  target: Uint8Array | null = null,
  options: Readonly<Record<string, string>> = {},
): Promise<Exported> {
  const chunks: Uint8Array[] = []
  const warnings: string[] = []
  const request = {
    library,
    target: fileOf(target),
    audioTags: NO_TAGS,
    canWriteTags: false,
    shiftsPositions: true,
    options,
  }
  for await (const piece of exporter.export(request, testContext())) {
    if (piece.kind === 'warning') warnings.push(piece.message)
    else if (piece.kind === 'file')
      for await (const chunk of piece.chunks) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
  }
  const bytes = Buffer.concat(chunks)
  return {bytes, text: bytes.toString('utf8'), warnings}
}

/** A track with nothing but its path, for a test to fill in what it is about. */
export function trackAt(path: string, rest: Partial<Track> = {}): Track {
  return {
    id: path as TrackId,
    file: {
      path,
      sizeBytes: null,
      modifiedAtMs: null,
      format: 'flac',
      durationMs: null,
      sampleRateHz: null,
      channels: null,
      bitDepth: null,
      bitRateKbps: null,
      mp3HeaderCase: null,
    },
    audioHash: null,
    tags: EMPTY_TAGS,
    tempoBpm: null,
    key: null,
    beatGrid: [],
    gridOrigin: null,
    isGridLocked: false,
    cues: [],
    analysis: null,
    ratingStars: null,
    colorRgb: null,
    playCount: 0,
    lastPlayedAt: null,
    addedAt: null,
    extras: {},
    ...rest,
  }
}
