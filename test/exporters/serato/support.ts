// What the tests of the Serato room share: real files, a library in memory, and an export carried out into a folder.
import {execFileSync} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join, resolve} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, onTestFinished} from 'vitest'
import {seratoExport} from '../../../exporters/serato/exporter.js'
import {seratoImport} from '../../../exporters/serato/importer.js'
import {databaseAccess} from '../../../src/adapters/files/database-access.js'
import {fileAccess} from '../../../src/adapters/files/file-access.js'
import type {Context} from '../../../src/api/context.js'
import type {
  AudioTagAccess,
  ExportPiece,
  ImportedTrack,
  ImportItem,
  LibraryView,
  RawTags,
} from '../../../src/api/format.js'
import {CrateError} from '../../../src/core/errors.js'
import {mapPlaylistTracks, type PlaylistNode} from '../../../src/core/playlist.js'
import {EMPTY_TAGS, type Track, type TrackId} from '../../../src/core/track.js'
import {CORE_FUNCTIONS} from '../../../src/host/context.js'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
export const formats = resolve(root, '../shared/formats')
export const sessions = resolve(root, '../shared/live/serato-sessions')
export const macHome = join(formats, 'serato-library/mac-home-mookiejones')
export const usbDrive = join(formats, 'serato-library/usb_drive-triseratops')

/** Real files are there, or this is CI, where their absence is a failure. */
export const hasRealFiles = existsSync(formats) || process.env['CI'] !== undefined

export function hasProgram(name: string): boolean {
  if (process.env['CI'] !== undefined) return true
  try {
    execFileSync('which', [name], {stdio: 'ignore'})
    return true
  } catch {
    return false
  }
}

/** All files below a folder whose name passes. */
export function filesBelow(folder: string, passes: (path: string) => boolean): string[] {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(passes)
    .sort()
}

export function read(path: string): Uint8Array {
  return readFileSync(path)
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'crate-serato-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  return folder
}

/** The same for all tests of a file. */
export function temporaryFolderForSuite(): string {
  const folder = mkdtempSync(join(tmpdir(), 'crate-serato-'))
  afterAll(() => rmSync(folder, {recursive: true, force: true}))
  return folder
}

export const NOW_MS = Date.UTC(2026, 10, 22, 20, 0, 0)

export const context: Context = {
  signal: new AbortController().signal,
  config: {},
  log: {debug: () => {}, info: () => {}, warn: () => {}},
  progress: {update: () => {}},
  nowMs: () => NOW_MS,
  error: (code, message, options) => new CrateError(code, message, options),
  core: CORE_FUNCTIONS,
  databases: databaseAccess(),
}

export function track(
  id: string,
  path: string,
  fields: Partial<Omit<Track, 'id' | 'file'>> & {file?: Partial<Track['file']>} = {},
): Track {
  const {file, ...rest} = fields
  return {
    id: id as TrackId,
    file: {
      path,
      sizeBytes: 15_319_300,
      modifiedAtMs: 1_580_989_282_000,
      format: 'mp3',
      durationMs: 382_930,
      sampleRateHz: 44_100,
      channels: 2,
      bitDepth: null,
      bitRateKbps: 320,
      mp3HeaderCase: null,
      ...file,
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

export function libraryOf(tracks: readonly Track[], playlists: readonly PlaylistNode[] = []): LibraryView {
  const byId = new Map(tracks.map((one) => [one.id, one]))
  return {
    trackCount: tracks.length,
    tracks: async function* () {
      yield* tracks
    },
    track: async (id) => byId.get(id) ?? null,
    playlists: () => playlists,
  }
}

/** Tags in memory by path, which stand for those inside audio files. */
export function tagsInMemory(files: Readonly<Record<string, RawTags>>): AudioTagAccess {
  return {read: async (path) => files[path] ?? null}
}

export const noTags: AudioTagAccess = tagsInMemory({})

export interface ImportResult {
  readonly tracks: readonly ImportedTrack[]
  readonly playlists: readonly PlaylistNode<string>[]
  readonly warnings: readonly Extract<ImportItem, {kind: 'warning'}>[]
}

export async function importFrom(
  folder: string,
  {audioTags = noTags, options = {}}: {audioTags?: AudioTagAccess; options?: Record<string, string>} = {},
): Promise<ImportResult> {
  const tracks: ImportedTrack[] = []
  const playlists: PlaylistNode<string>[] = []
  const warnings: Extract<ImportItem, {kind: 'warning'}>[] = []
  const request = {source: fileAccess(folder), audioTags, shiftsPositions: true, options}
  for await (const item of seratoImport.import(request, context))
    if (item.kind === 'track') tracks.push(item.track)
    else if (item.kind === 'playlists') playlists.push(...item.nodes)
    else warnings.push(item)
  return {tracks, playlists, warnings}
}

export interface ExportResult {
  readonly paths: readonly string[]
  readonly warnings: readonly Extract<ExportPiece, {kind: 'warning'}>[]
  readonly tags: readonly Extract<ExportPiece, {kind: 'tags'}>[]
}

/** Carries the export out, file by file after all pieces are made, as the host does. */
export async function exportTo(
  folder: string,
  library: LibraryView,
  {
    audioTags = noTags,
    canWriteTags = false,
    options = {},
  }: {audioTags?: AudioTagAccess; canWriteTags?: boolean; options?: Record<string, string>} = {},
): Promise<ExportResult> {
  const result = {
    paths: [] as string[],
    warnings: [] as ExportResult['warnings'][number][],
    tags: [] as ExportResult['tags'][number][],
  }
  const request = {library, target: fileAccess(folder), audioTags, canWriteTags, shiftsPositions: true, options}
  const written: [string, Buffer][] = []
  for await (const piece of seratoExport.export(request, context)) {
    if (piece.kind === 'warning') result.warnings.push(piece)
    else if (piece.kind === 'tags') result.tags.push(piece)
    else {
      const chunks: Buffer[] = []
      for await (const chunk of piece.chunks) chunks.push(Buffer.from(chunk as Uint8Array))
      written.push([piece.path, Buffer.concat(chunks)])
      result.paths.push(piece.path)
    }
  }
  for (const [path, bytes] of written) {
    const full = join(folder, path)
    mkdirSync(dirname(full), {recursive: true})
    writeFileSync(full, bytes)
  }
  return result
}

/** The library that an import makes: the tracks as they came, under ids that are their names. */
export function libraryFromImport({tracks, playlists}: ImportResult): LibraryView {
  const ours = tracks.map(({ref, ...rest}) => ({...rest, id: ref as TrackId, audioHash: null, analysis: null}))
  return libraryOf(
    ours,
    mapPlaylistTracks(playlists, (ref) => ref as TrackId),
  )
}
