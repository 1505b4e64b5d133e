// The main job: scan, read what changed, analyse, index, refresh smart playlists, export.
import {setTimeout as sleep} from 'node:timers/promises'
import {readConfig} from '../../adapters/config/config-file.js'
import type {CrateConfig} from '../../core/config.js'
import type {Environment} from '../../core/environment.js'
import {CrateError, crateErrorFrom, type ItemFailure, itemFailure} from '../../core/errors.js'
import type {TrackId} from '../../core/track.js'
import {createAnalysisPool} from '../../host/analysis/pool.js'
import {createRegistry} from '../../host/registry.js'
import type {Library} from '../../store/library.js'
import type {DownloadSummary} from '../download/request.js'
import type {ExportReport} from '../export/export-library.js'
import {exportToAll} from '../export/export-to-all.js'
import {applyCueScheme} from './cue-scheme.js'
import {type FetchedSources, fetchSources} from './fetch-sources.js'
import {look, type PlannedWork, plannedWork} from './look.js'
import {runPluginAnalyzers} from './plugin-analyses.js'
import {type UpdateResult, updateLibrary} from './update-library.js'

export interface SyncRequest {
  /** Folders, files, manifests, and what is fetched: links, lists, searches, feeds. Empty means the config's. */
  readonly sources: readonly string[]
  /** Format id → path, beside the config's where no source is given. */
  readonly exports: Readonly<Record<string, string>>
  readonly force: boolean
  /** Threads; null means the config's, else one per core. */
  readonly jobs: number | null
  /** Only look: what would be read, and what would be written. */
  readonly isDryRun?: boolean
}

export interface SyncSummary {
  readonly found: number
  readonly new: number
  readonly changed: number
  readonly moved: number
  readonly missing: number
  readonly analyzed: number
  readonly unchanged: number
  readonly failed: number
  /** Length of the audio analysed now. */
  readonly analyzedMs: number
  readonly elapsedMs: number
}

export interface SyncResult {
  /** Everything that was found, in the order of the scan. */
  readonly trackIds: readonly TrackId[]
  readonly newIds: ReadonlySet<TrackId>
  readonly failures: readonly ItemFailure[]
  readonly exports: readonly ExportReport[]
  /** Null where nothing was to be fetched. */
  readonly download: DownloadSummary | null
  /** Null unless it was a dry run. */
  readonly planned: PlannedWork | null
  readonly summary: SyncSummary
}

/** How long to wait before looking again whether the other sync is done. */
const LOCK_POLL_MS = 300

/** @throws CONFIG_INVALID, USAGE when there is nothing to sync, LIBRARY_*; failures of single files are in the result */
export async function sync(environment: Environment, library: Library, request: SyncRequest): Promise<SyncResult> {
  const config = await readConfig(environment.configFile)
  const sources = request.sources.length > 0 ? request.sources : [...config.music, ...config.sources]
  const exports = {...(request.sources.length > 0 ? {} : config.targets), ...request.exports}
  if (sources.length === 0 && Object.keys(exports).length === 0)
    throw new CrateError('USAGE', 'there is nothing to sync yet', {
      hints: ['Name your music: crate sync ~/Music', 'Or set it once: crate init'],
    })
  const whole = {...request, sources, exports}
  const fetched = await fetchSources(environment, library, sources, {isDryRun: request.isDryRun ?? false})
  if (request.isDryRun === true) return planOnly(environment, library, config, whole, fetched)
  const release = await waitForLock(environment, library)
  try {
    return await syncLocked(environment, library, config, whole, fetched)
  } finally {
    release()
  }
}

async function planOnly(
  environment: Environment,
  library: Library,
  config: CrateConfig,
  request: SyncRequest,
  fetched: FetchedSources,
): Promise<SyncResult> {
  const startedMs = environment.nowMs()
  const {scanned, plan, failures: lookFailures} = await look(environment, library, config, request, fetched)
  const {reports, failures: exportFailures} = await exportToAll(environment, library, config, request)
  const failures = [...lookFailures, ...exportFailures]
  const planned = plannedWork(plan)
  return {
    trackIds: [],
    newIds: new Set(),
    failures,
    exports: reports,
    download: fetched.summary,
    planned,
    summary: {
      found: scanned.files.length,
      new: planned.new.length,
      changed: planned.changed.length,
      moved: planned.moved.length,
      missing: planned.missing.length,
      analyzed: 0,
      unchanged: plan.unchanged.length,
      failed: failures.length,
      analyzedMs: 0,
      elapsedMs: environment.nowMs() - startedMs,
    },
  }
}

async function syncLocked(
  environment: Environment,
  library: Library,
  config: CrateConfig,
  request: SyncRequest,
  fetched: FetchedSources,
): Promise<SyncResult> {
  const {signal, reporter, nowMs} = environment
  const startedMs = nowMs()
  const {local, scanned, plan, failures: lookFailures} = await look(environment, library, config, request, fetched)
  const failures: ItemFailure[] = [...lookFailures]

  applyCueScheme(library, config.cues)

  const task = reporter.task('Analysing', plan.added.length + plan.changed.length + plan.toAnalyze.length)
  const pool = createAnalysisPool({
    jobs: request.jobs ?? config.jobs,
    ffmpeg: config.tools.ffmpeg,
    cueScheme: config.cues,
    dataFolder: environment.dataFolder,
    signal,
  })
  const registry = createRegistry(environment)
  let updated: UpdateResult
  try {
    updated = await updateLibrary(plan, {
      library,
      pool,
      signal,
      task,
      tagsFor: (path) => local.tagsByPath.get(path),
      force: request.force,
    }).finally(() => task.finish())
    const {covers: isScanned} = scanned
    const pluginFailures = await runPluginAnalyzers(environment, {
      library,
      pool,
      registry,
      config,
      isScanned,
      force: request.force,
    })
    failures.push(...updated.failures, ...pluginFailures)
  } finally {
    await pool.close()
  }

  await refreshIndexes(environment, library, failures)
  const {reports, failures: exportFailures} = await exportToAll(environment, library, config, request)
  failures.push(...exportFailures)

  const idByPath = new Map(library.scan.states().map(({path, trackId}) => [path, trackId]))
  const trackIds = scanned.files.map(({path}) => idByPath.get(path)).filter((id) => id !== undefined)
  const {added, changed, moved, missing, analyzed, analyzedMs} = updated
  return {
    trackIds,
    newIds: new Set(added),
    failures,
    exports: reports,
    download: fetched.summary,
    planned: null,
    summary: {
      found: scanned.files.length,
      new: added.length,
      changed: changed.length,
      moved: moved.length,
      missing: missing.length,
      analyzed: analyzed.length,
      unchanged: plan.unchanged.length,
      failed: failures.length,
      analyzedMs,
      elapsedMs: nowMs() - startedMs,
    },
  }
}

/** Vectors follow SQLite; their trouble costs speed, never the sync. */
async function refreshIndexes(
  {reporter, signal}: Environment,
  library: Library,
  failures: ItemFailure[],
): Promise<void> {
  signal.throwIfAborted()
  try {
    await library.vectors.refresh()
  } catch (error) {
    reporter.warn(`the similarity index could not be brought up to date: ${crateErrorFrom(error).message}`)
  }
  for (const {name, error} of library.refreshSmartPlaylists().failures)
    failures.push(itemFailure(`smart playlist ${name}`, error))
}

async function waitForLock({signal, reporter}: Environment, library: Library): Promise<() => void> {
  const {acquireSyncLock} = await import('../../store/lock.js')
  for (let isFirst = true; ; isFirst = false) {
    signal.throwIfAborted()
    try {
      const lock = acquireSyncLock(library.folder)
      return () => lock.release()
    } catch (error) {
      const busy = crateErrorFrom(error)
      if (busy.code !== 'LIBRARY_BUSY') throw error
      if (isFirst) reporter.info(`${busy.message}; waiting for it to finish`)
      await sleep(LOCK_POLL_MS)
    }
  }
}
