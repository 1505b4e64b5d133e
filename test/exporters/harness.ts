// What a format's test needs around it: files in memory, a context, a library over plain values.

import {databaseAccess} from '../../src/adapters/files/database-access.js'
import type {
  AudioTagAccess,
  Context,
  Exporter,
  ExportRequest,
  ExportWarning,
  FileAccess,
  ImportedTrack,
  Importer,
  LibraryView,
} from '../../src/api/index.js'
import {CrateError} from '../../src/core/errors.js'
import type {PlaylistNode} from '../../src/core/playlist.js'
import type {Mp3HeaderCase, Track, TrackId} from '../../src/core/track.js'
import {CORE_FUNCTIONS} from '../../src/host/context.js'

export function testContext(signal: AbortSignal = new AbortController().signal): Context {
  const ignore = () => undefined
  return {
    signal,
    config: {},
    log: {debug: ignore, info: ignore, warn: ignore},
    progress: {update: ignore},
    nowMs: () => Date.UTC(2026, 0, 1),
    error: (code, message, options) => new CrateError(code, message, options),
    core: CORE_FUNCTIONS,
    databases: databaseAccess(),
  }
}

/** Files by relative name, handed out in pieces of `pieceBytes`. */
export function filesInMemory(
  files: Readonly<Record<string, Uint8Array | string>>,
  {pieceBytes = 65_536, root = '/target'} = {},
): FileAccess {
  const bytesOf = (path: string) => {
    const file = files[path]
    return file === undefined ? null : typeof file === 'string' ? Buffer.from(file) : file
  }
  return {
    resolve: (path) => (path === '' ? root : `${root}/${path}`),
    read: async (path) => bytesOf(path),
    stream: async function* (path) {
      const bytes = bytesOf(path)
      if (bytes === null) throw new CrateError('FILE_NOT_FOUND', `${path} is not there`)
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
    },
    list: async (path) => {
      const prefix = path === '' || path.endsWith('/') ? path : `${path}/`
      const inside = Object.keys(files).filter((name) => name !== '' && name.startsWith(prefix))
      return [...new Set(inside.map((name) => name.slice(prefix.length).replace(/\/.*$/, '/')))].sort()
    },
  }
}

export function audioTags(mp3HeaderCase: (path: string) => Mp3HeaderCase | null = () => null): AudioTagAccess {
  return {read: async () => null, mp3HeaderCase: async (path) => mp3HeaderCase(path)}
}

export function libraryOf(tracks: readonly Track[], playlists: readonly PlaylistNode[] = []): LibraryView {
  return {
    trackCount: tracks.length,
    tracks: async function* () {
      yield* tracks
    },
    track: async (id) => tracks.find((track) => track.id === id) ?? null,
    playlists: () => playlists,
  }
}

export interface Exported {
  /** Content by relative path. */
  readonly files: ReadonlyMap<string, string>
  readonly warnings: readonly ExportWarning[]
}

export async function runExport(
  exporter: Exporter,
  library: LibraryView,
  request: Partial<ExportRequest> = {},
): Promise<Exported> {
  const files = new Map<string, string>()
  const warnings: ExportWarning[] = []
  const full: ExportRequest = {
    library,
    target: filesInMemory({}),
    audioTags: audioTags(),
    canWriteTags: false,
    shiftsPositions: true,
    options: {},
    ...request,
  }
  for await (const piece of exporter.export(full, testContext()))
    if (piece.kind === 'file') {
      const pieces: Buffer[] = []
      for await (const chunk of piece.chunks) pieces.push(Buffer.from(chunk as string))
      files.set(piece.path, Buffer.concat(pieces).toString())
    } else if (piece.kind === 'warning') warnings.push(piece)
  return {files, warnings}
}

export interface Imported {
  readonly tracks: readonly ImportedTrack[]
  readonly playlists: readonly PlaylistNode<string>[]
  readonly warnings: readonly {readonly subject: string; readonly message: string}[]
}

export async function runImport(
  importer: Importer,
  files: Readonly<Record<string, Uint8Array | string>>,
  {
    options = {},
    shiftsPositions = true,
    pieceBytes = 65_536,
    root = '/target',
    headerCase = (_path: string): Mp3HeaderCase | null => null,
  } = {},
): Promise<Imported> {
  const tracks: ImportedTrack[] = []
  const warnings: {subject: string; message: string}[] = []
  let playlists: readonly PlaylistNode<string>[] = []
  const request = {
    source: filesInMemory(files, {pieceBytes, root}),
    audioTags: audioTags(headerCase),
    shiftsPositions,
    options,
  }
  for await (const item of importer.import(request, testContext()))
    if (item.kind === 'track') tracks.push(item.track)
    else if (item.kind === 'playlists') playlists = item.nodes
    else warnings.push(item)
  return {tracks, playlists, warnings}
}

/** The library that an import makes: the reference is the id. */
export function libraryOfImport({tracks, playlists}: Imported): LibraryView {
  return libraryOf(
    tracks.map(({ref, ...track}) => ({...track, id: ref as TrackId, audioHash: null, analysis: null})),
    playlists as readonly PlaylistNode[],
  )
}
