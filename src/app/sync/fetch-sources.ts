// The part of a sync that fetches: links, lists, searches and feeds become files, which the sync then reads like any.
import {existsSync} from 'node:fs'
import type {Environment} from '../../core/environment.js'
import {type ItemFailure, itemFailure} from '../../core/errors.js'
import type {Library} from '../../store/library.js'
import type {DownloadSummary} from '../download/request.js'
import {kindOfSource} from './sources.js'

export interface FetchedSources {
  /** Where downloads are; null where nothing was to be fetched. */
  readonly folder: string | null
  readonly failures: readonly ItemFailure[]
  readonly summary: DownloadSummary | null
}

/** A missing yt-dlp or a full disk stops the fetching, not the sync: what is here is still read and exported. */
export async function fetchSources(
  environment: Environment,
  library: Library,
  sources: readonly string[],
  {isDryRun}: {readonly isDryRun: boolean},
): Promise<FetchedSources> {
  const wanted = sources.filter((source) => kindOfSource(source) === 'fetched')
  if (wanted.length === 0) return {folder: null, failures: [], summary: null}
  const [{download}, {downloadRequest, USUAL_FLAGS}] = await Promise.all([
    import('../download/download.js'),
    import('../download/options.js'),
  ])
  try {
    const {folder, failures, summary} = await download(
      environment,
      library,
      downloadRequest(wanted, {...USUAL_FLAGS, 'dry-run': isDryRun}),
    )
    return {folder: existsSync(folder) ? folder : null, failures, summary}
  } catch (error) {
    environment.signal.throwIfAborted()
    return {folder: null, failures: wanted.map((source) => itemFailure(source, error)), summary: null}
  }
}
