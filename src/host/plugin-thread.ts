// One plugin in a thread of its own: it may throw, hang, exit or fill its memory, and crate only hears of it.
import {resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import {Worker} from 'node:worker_threads'
import type {Context} from '../api/context.js'
import type {Exporter, ExportPiece, ExportRequest, Importer, ImportItem, ImportRequest} from '../api/format.js'
import {CrateError, isCrateError} from '../core/errors.js'
import type {PluginManifest} from '../core/plugin/manifest.js'
import type {TrackId} from '../core/track.js'
import {Channel, type Handlers} from './plugin-channel.js'
import type {PluginLimits} from './plugin-limits.js'
import {type ListedFaces, messageOf, pluginHints} from './plugin-module.js'
import type {ExportRun, RunRequest, WirePiece, WorkerInput} from './plugin-worker.js'

export interface PluginPlace {
  readonly name: string
  /** Folder of its package.json. */
  readonly root: string
  readonly manifest: PluginManifest
}

/** Descriptors of a plugin, read in a thread that ends afterwards. @throws PLUGIN_FAILED, PLUGIN_INVALID */
export async function readFaces(place: PluginPlace, limits: PluginLimits): Promise<ListedFaces> {
  const thread = new PluginThread(place, limits)
  try {
    return await thread.faces()
  } finally {
    await thread.stop()
  }
}

/** An exporter that runs in the plugin's thread, one for each export. */
export function threadedExporter(place: PluginPlace, id: string, limits: PluginLimits): Exporter {
  return {
    export: (request, context) => exportInThread(place, id, limits, request, context),
  }
}

async function* exportInThread(
  place: PluginPlace,
  id: string,
  limits: PluginLimits,
  request: ExportRequest,
  context: Context,
): AsyncGenerator<ExportPiece> {
  const {library, target, audioTags, canWriteTags, shiftsPositions, options} = request
  const thread: PluginThread = new PluginThread(place, limits, {
    ...contextHandlers(context, limits),
    tracks: () => thread.channel.offer(library.tracks()),
    track: (trackId: TrackId) => library.track(trackId),
    tags: (path: string) => audioTags.read(path),
    mp3HeaderCase: (path: string) => audioTags.mp3HeaderCase?.(path) ?? null,
  })
  const run: ExportRun = {
    ...baseRun(id, target.resolve(''), shiftsPositions, options, context),
    trackCount: library.trackCount,
    playlists: library.playlists(),
    canWriteTags,
  }
  const bytes = new Budget(limits.exportBytesBase + limits.exportBytesPerTrack * library.trackCount)
  const pieces = new Budget(limits.exportPiecesBase + limits.exportPiecesPerTrack * library.trackCount)
  const tooMuch = (what: string) =>
    thread.failed(`its export ${id} grew to ${what} for ${library.trackCount} tracks and was stopped`)
  try {
    for await (const piece of thread.stream<WirePiece>('export', run, context.signal, 1)) {
      if (!pieces.take(1)) throw tooMuch(`${pieces.limit} pieces`)
      if (piece.kind !== 'file') yield piece
      else yield {...piece, chunks: chunksWithin(thread, piece.chunks, bytes, tooMuch)}
    }
  } finally {
    await thread.stop()
  }
}

async function* chunksWithin(
  thread: PluginThread,
  handle: number,
  bytes: Budget,
  tooMuch: (what: string) => CrateError,
): AsyncGenerator<Uint8Array | string> {
  for await (const chunk of thread.pull<Uint8Array | string>(handle, 16)) {
    if (!bytes.take(chunk.length)) throw tooMuch(`${Math.round(bytes.limit / (1 << 20))} MB`)
    yield chunk
  }
}

/** An importer that runs in the plugin's thread, one for each import. */
export function threadedImporter(place: PluginPlace, id: string, limits: PluginLimits): Importer {
  return {
    import: (request, context) => importInThread(place, id, limits, request, context),
  }
}

async function* importInThread(
  place: PluginPlace,
  id: string,
  limits: PluginLimits,
  request: ImportRequest,
  context: Context,
): AsyncGenerator<ImportItem> {
  const {source, audioTags, shiftsPositions, options} = request
  const thread = new PluginThread(place, limits, {
    ...contextHandlers(context, limits),
    tags: (path: string) => audioTags.read(path),
    mp3HeaderCase: (path: string) => audioTags.mp3HeaderCase?.(path) ?? null,
  })
  const run = baseRun(id, source.resolve(''), shiftsPositions, options, context)
  const items = new Budget(limits.importTracks)
  try {
    for await (const item of thread.stream<ImportItem>('import', run, context.signal, 64)) {
      if (!items.take(1))
        throw thread.failed(`its import ${id} gave more than ${limits.importTracks} tracks and was stopped`)
      yield item
    }
  } finally {
    await thread.stop()
  }
}

function baseRun(
  id: string,
  root: string,
  shiftsPositions: boolean,
  options: Readonly<Record<string, string>>,
  {config, nowMs}: Context,
): RunRequest {
  return {id, root, shiftsPositions, options, config, clockOffsetMs: nowMs() - Date.now()}
}

function contextHandlers({log, progress}: Context, limits: PluginLimits): Handlers {
  const lines = new Budget(limits.logLines)
  return {
    log: (level: 'debug' | 'info' | 'warn', message: string) => {
      if (lines.take(1)) log[level](message)
      else if (lines.take(0, true)) log.warn(`printed more than ${limits.logLines} lines; the rest is not shown`)
    },
    progress: (done: number, total: number | null, label?: string) => progress.update(done, total, label),
  }
}

class Budget {
  readonly limit: number
  #used = 0
  #isReported = false

  constructor(limit: number) {
    this.limit = limit
  }

  /** @param once true the first time only */
  take(amount: number, once = false): boolean {
    if (once) {
      const isFirst = !this.#isReported
      this.#isReported = true
      return isFirst
    }
    this.#used += amount
    return this.#used <= this.limit
  }
}

class PluginThread {
  readonly #worker: Worker
  readonly #name: string
  readonly #limits: PluginLimits
  readonly channel: Channel
  readonly #watch: NodeJS.Timeout
  #lastSignMs = performance.now()
  #isStopped = false

  constructor({name, root, manifest}: PluginPlace, limits: PluginLimits, handlers: Handlers = {}) {
    this.#name = name
    this.#limits = limits
    const input: WorkerInput = {name, entryUrl: pathToFileURL(resolve(root, manifest.entry)).href}
    // What a plugin prints must not stand in a script's JSON: its streams are read and dropped.
    this.#worker = new Worker(new URL('./plugin-worker.js', import.meta.url), {
      workerData: input,
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: {maxOldGenerationSizeMb: limits.heapMb},
    })
    this.#worker.stdout.resume()
    this.#worker.stderr.resume()
    this.channel = new Channel(this.#worker, handlers, () => {
      this.#lastSignMs = performance.now()
    })
    this.#worker.on('error', (error: NodeJS.ErrnoException) =>
      this.channel.close(
        this.failed(
          error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? `it used more than ${limits.heapMb} MB` : messageOf(error),
        ),
      ),
    )
    this.#worker.on('exit', (code) => this.channel.close(this.failed(`it ended its own process (exit ${code})`)))
    this.#watch = setInterval(() => this.#checkSilence(), Math.min(1000, limits.silenceMs / 4))
  }

  faces(): Promise<ListedFaces> {
    return this.#named(this.channel.call<ListedFaces>('faces'))
  }

  /** Starts a run and pulls what it yields; the thread is ended where it does not heed the signal in time. */
  async *stream<T>(
    name: 'export' | 'import',
    run: RunRequest,
    signal: AbortSignal,
    batchItems: number,
  ): AsyncGenerator<T> {
    signal.throwIfAborted()
    let overdue: NodeJS.Timeout | null = null
    const abort = () => {
      this.channel.note('abort')
      overdue = setTimeout(() => {
        this.channel.close(new CrateError('ABORTED', 'stopped before the end'))
        void this.stop()
      }, this.#limits.abortMs)
    }
    signal.addEventListener('abort', abort, {once: true})
    try {
      yield* this.pull<T>(await this.#named(this.channel.call<number>(name, run)), batchItems)
    } finally {
      signal.removeEventListener('abort', abort)
      if (overdue !== null) clearTimeout(overdue)
    }
  }

  async *pull<T>(handle: number, batchItems: number): AsyncGenerator<T> {
    try {
      yield* this.channel.pull<T>(handle, batchItems)
    } catch (error) {
      throw this.#asPluginError(error)
    }
  }

  failed(reason: string): CrateError {
    return new CrateError('PLUGIN_FAILED', `the plugin ${this.#name} failed: ${reason}`, {
      hints: pluginHints(this.#name),
      details: {plugin: this.#name},
    })
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return
    this.#isStopped = true
    clearInterval(this.#watch)
    this.channel.close(this.failed('it was stopped'))
    await this.#worker.terminate()
  }

  async #named<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer
    } catch (error) {
      throw this.#asPluginError(error)
    }
  }

  #asPluginError(error: unknown): unknown {
    return isCrateError(error) ? error : this.failed(messageOf(error))
  }

  /** Time in which crate itself is busy (writing, say) is not the plugin's: only open calls count. */
  #checkSilence(): void {
    if (!this.channel.isWaiting) {
      this.#lastSignMs = performance.now()
      return
    }
    if (performance.now() - this.#lastSignMs < this.#limits.silenceMs) return
    this.channel.close(this.failed(`it did not answer for ${this.#limits.silenceMs / 1000} s and was stopped`))
    void this.stop()
  }
}
