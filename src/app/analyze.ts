// Analysis alone: of given paths, or of what the library holds and has not analysed.
import type {Environment} from '../core/environment.js'
import {CrateError} from '../core/errors.js'
import type {Library} from '../store/library.js'
import {type SyncResult, sync} from './sync/sync.js'

export interface AnalyzeRequest {
  /** Files and folders; empty means every file of the library that is there. */
  readonly paths: readonly string[]
  readonly force: boolean
  readonly jobs: number | null
}

/** @throws USAGE for an empty library and no paths */
export function analyze(
  environment: Environment,
  library: Library,
  {paths, force, jobs}: AnalyzeRequest,
): Promise<SyncResult> {
  const sources =
    paths.length > 0
      ? paths
      : library.scan
          .states()
          .filter(({isMissing}) => !isMissing)
          .map(({path}) => path)
  if (sources.length === 0)
    throw new CrateError('USAGE', 'the library is empty: there is nothing to analyse', {
      hints: ['Name files or folders: crate analyze ~/Music'],
    })
  return sync(environment, library, {sources, exports: {}, force, jobs})
}
