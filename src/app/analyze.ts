// Analysis alone: of given paths, or of what the library holds and has not analysed.
import type {Environment} from '../core/environment.js'
import {CrateError, itemFailure} from '../core/errors.js'
import type {Library} from '../store/library.js'
import {kindOfSource} from './sync/sources.js'
import {type SyncResult, sync} from './sync/sync.js'

export interface AnalyzeRequest {
  /** Files and folders; empty means every file of the library that is there. */
  readonly paths: readonly string[]
  readonly force: boolean
  readonly jobs: number | null
}

/**
 * Lists and links are failures: `crate analyze ~/Music/*` may come upon notes, and nobody expects it to fetch anything.
 *
 * @throws USAGE for an empty library and no paths, and where nothing but lists and links is named
 */
export async function analyze(
  environment: Environment,
  library: Library,
  {paths, force, jobs}: AnalyzeRequest,
): Promise<SyncResult> {
  const isFetched = (path: string) => kindOfSource(path) === 'fetched'
  const refused = paths.filter(isFetched)
  const sources = paths.length > 0 ? paths.filter((path) => !isFetched(path)) : filesOf(library)
  const [first] = refused
  if (sources.length === 0)
    throw first === undefined
      ? new CrateError('USAGE', 'the library is empty: there is nothing to analyse', {
          hints: ['Name files or folders: crate analyze ~/Music'],
        })
      : notAudio(first)
  const result = await sync(environment, library, {sources, exports: {}, force, jobs})
  const failures = [...refused.map((path) => itemFailure(path, notAudio(path))), ...result.failures]
  return {...result, failures, summary: {...result.summary, failed: failures.length}}
}

function filesOf(library: Library): string[] {
  const states = library.scan.states().filter(({isMissing}) => !isMissing)
  return states.map(({path}) => path)
}

function notAudio(path: string): CrateError {
  return new CrateError('USAGE', `${path} is no audio file and no folder`, {
    hints: [`To fetch what it names, and analyse it: crate sync ${path}`],
  })
}
