// Runs in a thread of its own: one plugin's module and its exporters, importers and analysers, answering crate's calls.
import {parentPort, workerData} from 'node:worker_threads'
import {databaseAccess} from '../adapters/files/database-access.js'
import {fileAccess} from '../adapters/files/file-access.js'
import type {Context} from '../api/context.js'
import type {Exporter, ExporterContribution, ExportPiece, Importer, ImporterContribution} from '../api/format.js'
import {CrateError} from '../core/errors.js'
import type {JsonValue} from '../core/json.js'
import type {PlaylistNode} from '../core/playlist.js'
import {chunkFault, exportPieceFaults, importedTrackFaults} from '../core/plugin/result-faults.js'
import type {Mp3HeaderCase, Track} from '../core/track.js'
import {CORE_FUNCTIONS} from './context.js'
import {Channel} from './plugin-channel.js'
import {importContributions, type LoadedPlugin, listedFaces, loadBody} from './plugin-module.js'
import {noteRealm} from './realm.js'

/** What both kinds of run are given; the rest is asked for when the contribution asks. */
export interface RunRequest {
  readonly id: string
  readonly root: string
  readonly shiftsPositions: boolean
  readonly options: Readonly<Record<string, string>>
  readonly config: Readonly<Record<string, JsonValue>>
  /** Milliseconds that the person's clock is ahead of this machine's. */
  readonly clockOffsetMs: number
}

export interface ExportRun extends RunRequest {
  readonly trackCount: number
  readonly playlists: readonly PlaylistNode[]
  readonly canWriteTags: boolean
}

/** A piece as it crosses: its chunks are a handle. */
export type WirePiece =
  | {readonly kind: 'file'; readonly path: string; readonly chunks: number}
  | Exclude<ExportPiece, {kind: 'file'}>

export interface WorkerInput {
  readonly entryUrl: string
  readonly name: string
}

const {entryUrl, name} = workerData as WorkerInput
const stopper = new AbortController()
let loading: Promise<LoadedPlugin> | null = null
const plugin = () => {
  loading ??= importPlugin()
  return loading
}

async function importPlugin(): Promise<LoadedPlugin> {
  // What is read of it must not be read by functions that it replaced.
  const realm = noteRealm()
  const loaded = await importContributions(name, entryUrl)
  realm.restore()
  return loaded
}

const channel = new Channel(parentPort as NonNullable<typeof parentPort>, {
  faces: async () => listedFaces(await plugin()),
  abort: () => stopper.abort(),
  export: async (run: ExportRun) => {
    const exporter = (await bodyOf('exporters', run.id)) as Exporter
    return channel.offer(wirePieces(exporter, run))
  },
  import: async (run: RunRequest) => {
    const importer = (await bodyOf('importers', run.id)) as Importer
    return channel.offer(checkedItems(importer, run))
  },
})

async function bodyOf(kind: 'exporters' | 'importers', id: string): Promise<unknown> {
  const found = (
    (await plugin()).contributions[kind] as readonly (ExporterContribution | ImporterContribution)[]
  )?.find((contribution) => contribution.id === id)
  if (found === undefined) throw new Error(`it brings no ${kind} "${id}" any more`)
  return loadBody(name, kind, found)
}

function contextFor({config, clockOffsetMs}: RunRequest): Context {
  const log = (level: 'debug' | 'info' | 'warn') => (message: string) =>
    channel.note('log', level, String(message).slice(0, 2000))
  return {
    signal: stopper.signal,
    config,
    log: {debug: log('debug'), info: log('info'), warn: log('warn')},
    progress: {update: (done, total, label) => channel.note('progress', done, total, label)},
    nowMs: () => Date.now() + clockOffsetMs,
    error: (code, message, options) => new CrateError(code, message, options),
    core: CORE_FUNCTIONS,
    databases: databaseAccess(),
  }
}

const audioTags = {
  read: (path: string) =>
    channel.call<Awaited<ReturnType<Parameters<Exporter['export']>[0]['audioTags']['read']>>>('tags', path),
  mp3HeaderCase: (path: string) => channel.call<Mp3HeaderCase | null>('mp3HeaderCase', path),
}

async function* tracks(): AsyncGenerator<Track> {
  yield* channel.pull<Track>(await channel.call<number>('tracks'), 200)
}

async function* wirePieces(exporter: Exporter, run: ExportRun): AsyncGenerator<WirePiece> {
  const {trackCount, playlists, root, canWriteTags, shiftsPositions, options} = run
  const library = {
    trackCount,
    tracks: () => tracks(),
    track: (id: string) => channel.call<Track | null>('track', id),
    playlists: () => playlists,
  }
  const request = {library, target: fileAccess(root), audioTags, canWriteTags, shiftsPositions, options}
  for await (const piece of exporter.export(request, contextFor(run))) {
    const [fault] = exportPieceFaults(piece)
    if (fault !== undefined) throw new Error(`${run.id} yields what is no export: ${fault}`)
    if (piece.kind !== 'file') yield piece
    else yield {kind: 'file', path: piece.path, chunks: channel.offer(checkedChunks(run.id, piece.chunks))}
  }
}

async function* checkedChunks(id: string, chunks: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<unknown> {
  for await (const chunk of chunks) {
    const fault = chunkFault(chunk)
    if (fault !== null) throw new Error(`${id} yields what is no export: ${fault}`)
    yield chunk
  }
}

async function* checkedItems(importer: Importer, run: RunRequest): AsyncGenerator<unknown> {
  const {root, shiftsPositions, options} = run
  const request = {source: fileAccess(root), audioTags, shiftsPositions, options}
  for await (const item of importer.import(request, contextFor(run))) {
    if (item.kind === 'track') {
      const faults = importedTrackFaults(item.track)
      if (faults.length === 0) yield item
      else {
        const path = (item.track as {file?: {path?: unknown}} | undefined)?.file?.path
        yield {kind: 'warning', subject: typeof path === 'string' ? path : run.id, message: `left out: ${faults[0]}`}
      }
    } else if (item.kind === 'playlists' || item.kind === 'warning') yield item
    else throw new Error(`${run.id} yields an item of kind ${String((item as {kind?: unknown}).kind)}`)
  }
}
