// The worker threads that read and analyse audio, so that decoding never blocks and every core is used.
import {availableParallelism} from 'node:os'
import type {CueScheme} from '../../core/cue-scheme.js'
import {CrateError, crateErrorFrom} from '../../core/errors.js'
import {pluginHints} from '../plugin-module.js'
import {errorFromSerialized} from './serialized-error.js'
import type {
  AnalyzeInput,
  AnalyzeResult,
  PluginAnalysisInput,
  PluginAnalyzeResult,
  ProbeInput,
  ProbeResult,
  WorkerResult,
} from './worker.js'

export interface AnalysisPool {
  readonly jobs: number
  /** Tags, facts and audio hash. @throws as the readers in src/adapters do */
  probe(path: string): Promise<ProbeResult>
  analyze(path: string): Promise<AnalyzeResult>
  /**
   * Runs an analyser of a plugin over one file. A thread that hangs, exits or fills its memory is ended and replaced.
   *
   * @throws PLUGIN_FAILED, AUDIO_*
   */
  analyzeWithPlugin(
    input: Omit<PluginAnalysisInput, 'ffmpeg' | 'dataFolder'>,
    limitMs: number,
  ): Promise<PluginAnalyzeResult>
  close(): Promise<void>
}

export interface PoolOptions {
  /** Threads; null means one per core. */
  readonly jobs: number | null
  readonly ffmpeg: string | null
  readonly cueScheme: CueScheme
  /** Where a live stage announces itself: the threads give way to it. */
  readonly dataFolder: string
  readonly signal: AbortSignal
}

/** Threads start with their first work; none starts when nothing is to be read. */
export function createAnalysisPool({jobs, ffmpeg, cueScheme, dataFolder, signal}: PoolOptions): AnalysisPool {
  const threads = jobs ?? availableParallelism()
  let starting: Promise<import('piscina').Piscina> | null = null
  const pool = () => {
    starting ??= import('piscina').then(
      ({Piscina}) =>
        new Piscina({
          filename: new URL('./worker.js', import.meta.url).href,
          minThreads: 1,
          maxThreads: threads,
          idleTimeout: 5_000,
        }),
    )
    return starting
  }
  const run = async <T>(input: ProbeInput | AnalyzeInput, name: 'probe' | 'analyze'): Promise<T> => {
    signal.throwIfAborted()
    let result: WorkerResult<T>
    try {
      result = (await (await pool()).run(input, {name, signal})) as WorkerResult<T>
    } catch (error) {
      signal.throwIfAborted()
      const {code, message} = error as NodeJS.ErrnoException
      if (code === 'ERR_WORKER_OUT_OF_MEMORY')
        throw new CrateError('AUDIO_TOO_LONG', 'decoding needs more memory than there is', {
          hints: ['Use fewer threads: --jobs 1'],
          cause: error,
        })
      throw crateErrorFrom(new Error(`the analysis stopped: ${message}`, {cause: error}), 'AUDIO_UNDECODABLE')
    }
    if (!result.ok) throw errorFromSerialized(result.error)
    return result.value
  }
  const runPlugin = async (input: Omit<PluginAnalysisInput, 'ffmpeg' | 'dataFolder'>, limitMs: number) => {
    signal.throwIfAborted()
    const failed = (reason: string) =>
      new CrateError(
        'PLUGIN_FAILED',
        `the analyzer ${input.analyzer} of the plugin ${input.plugin} failed: ${reason}`,
        {
          hints: pluginHints(input.plugin),
        },
      )
    const late = new AbortController()
    let timer: NodeJS.Timeout | undefined
    let result: WorkerResult<PluginAnalyzeResult>
    try {
      // Callers hand in no more work than there are threads, so that the limit is not spent in a queue.
      const started = await pool()
      const work = started.run(
        {...input, dataFolder, ffmpeg},
        {name: 'analyzeWithPlugin', signal: AbortSignal.any([signal, late.signal])},
      )
      timer = setTimeout(() => late.abort(), limitMs)
      result = (await work) as WorkerResult<PluginAnalyzeResult>
    } catch (error) {
      signal.throwIfAborted()
      if (late.signal.aborted) throw failed(`it took longer than ${limitMs / 1000} s and was stopped`)
      const {code, message} = error as NodeJS.ErrnoException
      throw failed(
        code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it needs more memory than there is' : `its thread ended: ${message}`,
      )
    } finally {
      clearTimeout(timer)
    }
    if (!result.ok) throw errorFromSerialized(result.error)
    return result.value
  }
  return {
    jobs: threads,
    analyzeWithPlugin: runPlugin,
    probe: (path) => run<ProbeResult>({path, dataFolder}, 'probe'),
    analyze: (path) => run<AnalyzeResult>({path, dataFolder, ffmpeg, cueScheme}, 'analyze'),
    close: async () => {
      if (starting !== null) await (await starting).destroy()
    },
  }
}
