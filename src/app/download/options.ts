// The flags of `crate download` as a request, checked where oclif cannot.

import {TARGET_FORMATS} from '../../adapters/audio/transcode.js'
import {checkBrowser} from '../../adapters/ytdlp/fetch.js'
import {CrateError} from '../../core/errors.js'
import type {DownloadRequest} from './request.js'

export interface DownloadFlags {
  readonly to?: string | undefined
  readonly format?: string | undefined
  readonly template?: string | undefined
  readonly search: string
  readonly jobs: number
  readonly 'per-host': number
  readonly 'limit-rate'?: string | undefined
  readonly 'max-size': number
  readonly pause: number
  readonly cookies?: string | undefined
  readonly 'cookies-from-browser'?: string | undefined
  readonly retry: boolean
  readonly 'dry-run': boolean
}

/** As the flags are when none is given: for `crate sync`. */
export const USUAL_FLAGS: DownloadFlags = {
  search: 'youtube',
  jobs: 3,
  'per-host': 2,
  'max-size': 1000,
  pause: 5,
  retry: false,
  'dry-run': false,
}

/** @throws USAGE */
export function downloadRequest(sources: readonly string[], flags: DownloadFlags): DownloadRequest {
  const rate = flags['limit-rate'] ?? null
  if (rate !== null && !/^\d+(?:\.\d+)?[KMG]?$/i.test(rate))
    throw new CrateError('USAGE', `"${rate}" is no rate`, {hints: ['Write 500K or 2M.']})
  const browser = flags['cookies-from-browser'] ?? null
  if (browser !== null) checkBrowser(browser)
  return {
    sources,
    chosen: [],
    folder: flags.to ?? null,
    format: TARGET_FORMATS.find((format) => format === flags.format) ?? null,
    template: flags.template ?? null,
    jobs: flags.jobs,
    jobsPerHost: flags['per-host'],
    searchService: flags.search === 'soundcloud' ? 'scsearch' : 'ytsearch',
    access: {cookiesFile: flags.cookies ?? null, cookiesFromBrowser: browser, limitRate: rate},
    maxBytes: flags['max-size'] * 1_000_000,
    firstPauseMs: flags.pause * 1000,
    retriesAll: flags.retry,
    isDryRun: flags['dry-run'],
  }
}
