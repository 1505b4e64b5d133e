// Analysers that plugins bring, run over what they have not seen yet: each on its own version, beside crate's analysis.
import {basename, resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import type {AnalyzerContribution} from '../../api/analyzer.js'
import type {CrateConfig} from '../../core/config.js'
import type {Environment} from '../../core/environment.js'
import {crateErrorFrom, type ItemFailure} from '../../core/errors.js'
import {parsePluginManifest} from '../../core/plugin/manifest.js'
import {checkSettings} from '../../core/plugin/settings.js'
import type {AnalysisPool} from '../../host/analysis/pool.js'
import {pluginLimits} from '../../host/plugin-limits.js'
import type {Registry} from '../../host/registry.js'
import type {Library} from '../../store/library.js'

export interface PluginAnalysisRequest {
  readonly library: Library
  readonly pool: AnalysisPool
  readonly registry: Registry
  readonly config: CrateConfig
  /** Whether a path belongs to this sync. */
  readonly isScanned: (path: string) => boolean
  readonly force: boolean
}

/** After so many failures in a row an analyser is stopped for this run: it is broken, not the files. */
const MOST_FAILURES_IN_A_ROW = 3

/** @returns one failure for each analyser that failed, however many files it failed on */
export async function runPluginAnalyzers(
  environment: Environment,
  request: PluginAnalysisRequest,
): Promise<readonly ItemFailure[]> {
  const failures: ItemFailure[] = []
  for (const {contribution, plugin} of await request.registry.list('analyzers')) {
    environment.signal.throwIfAborted()
    const place = environment.installedPlugins.find(({name}) => name === plugin)
    if (place === undefined) continue
    try {
      const failure = await runAnalyzer(environment, request, contribution, place)
      if (failure !== null) failures.push(failure)
    } catch (error) {
      environment.signal.throwIfAborted()
      const {code, message, hints} = crateErrorFrom(error)
      failures.push({path: `analyzer ${contribution.id}`, code, message, hints})
    }
  }
  return failures
}

async function runAnalyzer(
  {signal, reporter}: Environment,
  {library, pool, config, isScanned, force}: PluginAnalysisRequest,
  {id, version, fields, settings}: AnalyzerContribution,
  place: Environment['installedPlugins'][number],
): Promise<ItemFailure | null> {
  const failedKey = (audioHash: string) => `analyzer-failed:${id}:${version}:${audioHash}`
  const wanted = library.analyses
    .outdated(force ? Number.MAX_SAFE_INTEGER : version, id)
    .filter(({audioHash, path}) => isScanned(path) && (force || library.settings.get(failedKey(audioHash)) === null))
  if (wanted.length === 0) return null

  const task = reporter.task(`Analysing by ${id}`, wanted.length)
  const entryUrl = pathToFileURL(resolve(place.root, parsePluginManifest(place).entry)).href
  const input = {
    plugin: place.name,
    entryUrl,
    analyzer: id,
    fields,
    config: checkSettings(id, settings, config.plugins[id] ?? {}),
  }
  const {analyzeMs} = pluginLimits()
  const queue = wanted[Symbol.iterator]()
  let [done, failed, failedInARow] = [0, 0, 0]
  let first: ItemFailure | null = null

  const analyzeOne = async ({audioHash, path}: {audioHash: string; path: string}) => {
    try {
      const analyzed = await pool.analyzeWithPlugin({...input, path}, analyzeMs)
      for (const warning of analyzed.warnings) reporter.warn(`${id}: ${basename(path)}: ${warning}`)
      if (analyzed.audioHash === audioHash) library.analyses.putPlugin(audioHash, id, {version, ...analyzed.result})
      failedInARow = 0
    } catch (error) {
      signal.throwIfAborted()
      const {code, message, hints} = crateErrorFrom(error)
      // What cannot be decoded is already told of the file itself.
      if (code !== 'PLUGIN_FAILED' && code !== 'PLUGIN_INVALID') return
      library.settings.set(failedKey(audioHash), message)
      failed++
      failedInARow++
      first ??= {path: `analyzer ${id}`, code, message: `${message} (first on ${basename(path)})`, hints}
    }
    task.update(++done, basename(path))
  }
  const lane = async () => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      signal.throwIfAborted()
      if (failedInARow >= MOST_FAILURES_IN_A_ROW) return
      await analyzeOne(next.value)
    }
  }
  const lanes = await Promise.allSettled(Array.from({length: Math.min(pool.jobs, wanted.length)}, lane))
  task.finish()
  const broken = lanes.find(({status}) => status === 'rejected')
  if (broken?.status === 'rejected') throw broken.reason
  return summary(first, failed, done < wanted.length)
}

function summary(first: ItemFailure | null, failed: number, isStopped: boolean): ItemFailure | null {
  if (first === null) return null
  const rest = isStopped ? '; it was stopped for this run' : failed > 1 ? `; and on ${failed - 1} more` : ''
  return {...first, message: first.message + rest}
}
