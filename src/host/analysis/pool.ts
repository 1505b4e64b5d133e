// The worker threads that read and analyse audio, so that decoding never blocks and every core is used.
import {availableParallelism} from 'node:os'
import {CrateError, crateErrorFrom} from '../../core/errors.js'
import {errorFromSerialized} from './serialized-error.js'
import type {AnalyzeResult, ProbeResult, WorkerResult} from './worker.js'

export interface AnalysisPool {
  readonly jobs: number
  /** Tags, facts and audio hash. @throws as the readers in src/adapters do */
  probe(path: string): Promise<ProbeResult>
  analyze(path: string): Promise<AnalyzeResult>
  close(): Promise<void>
}

export interface PoolOptions {
  /** Threads; null means one per core. */
  readonly jobs: number | null
  readonly ffmpeg: string | null
  readonly signal: AbortSignal
}

/** Threads start with their first work; none starts when nothing is to be read. */
export function createAnalysisPool({jobs, ffmpeg, signal}: PoolOptions): AnalysisPool {
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
  const run = async <T>(path: string, name: 'probe' | 'analyze'): Promise<T> => {
    signal.throwIfAborted()
    let result: WorkerResult<T>
    try {
      result = (await (await pool()).run({path, ffmpeg}, {name, signal})) as WorkerResult<T>
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
  return {
    jobs: threads,
    probe: (path) => run<ProbeResult>(path, 'probe'),
    analyze: (path) => run<AnalyzeResult>(path, 'analyze'),
    close: async () => {
      if (starting !== null) await (await starting).destroy()
    },
  }
}
