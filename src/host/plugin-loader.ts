// Contributions of one installed plugin as the rest of crate uses them: read in a thread, run where they belong.
import {resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import type {ExporterContribution, ImporterContribution} from '../api/format.js'
import type {CratePlugin} from '../api/plugin.js'
import type {Environment, InstalledPlugin} from '../core/environment.js'
import {CrateError} from '../core/errors.js'
import type {KindName} from '../core/plugin/kinds.js'
import {type PluginManifest, parsePluginManifest} from '../core/plugin/manifest.js'
import {checkSettings, type SettingsSchema} from '../core/plugin/settings.js'
import {guardBody, lookAfter, type PluginRun, runGuarded, withinTime} from './plugin-guard.js'
import type {PluginLimits} from './plugin-limits.js'
import {importContributions, loadBody, pluginHints} from './plugin-module.js'
import {type PluginPlace, readFaces, threadedExporter, threadedImporter} from './plugin-thread.js'

export type ContributionKind = keyof CratePlugin

export interface OpenedPlugin {
  readonly name: string
  readonly manifest: PluginManifest
  readonly contributions: CratePlugin
  /** What was left out and why, one sentence each. */
  readonly faults: readonly string[]
}

/** Where a plugin is spoken of, and until when it may go on. */
export type PluginHost = Omit<PluginRun, 'name'>

export function pluginHost({reporter, over}: Pick<Environment, 'reporter' | 'over'>): PluginHost {
  return {warn: reporter.warn, over}
}

/**
 * Reads a plugin's descriptors. They come from a thread that is ended afterwards, so that a module that hangs, exits or
 * throws at import costs time and a warning; where they are used in this thread, the module is imported by `load()`.
 *
 * @throws PLUGIN_INVALID, PLUGIN_FAILED
 */
export async function openPlugin(
  plugin: InstalledPlugin,
  limits: PluginLimits,
  {warn, over}: PluginHost,
): Promise<OpenedPlugin> {
  const {name, root} = plugin
  const manifest = parsePluginManifest(plugin)
  const place: PluginPlace = {name, root, manifest}
  const run: PluginRun = {name, warn, over}
  const {faces, faults} = await readFaces(place, limits)
  const entries = Object.entries(faces).map(async ([kind, list]) => {
    const whole = list.map((face) => ({...face, load: bodyLoader(place, run, kind as KindName, face, limits)}))
    // A source's descriptor answers itself; the thread has shown that the module can be imported.
    return [kind, kind === 'sources' ? await withTakes(place, run, whole) : whole]
  })
  const contributions = Object.fromEntries(await Promise.all(entries)) as CratePlugin
  return {name, manifest, contributions, faults: [...faults, ...undeclared(manifest, faces)]}
}

/** Ids that the manifest promises and the module lacks: commands that need only those would look in vain. */
function undeclared({contributes}: PluginManifest, faces: Awaited<ReturnType<typeof readFaces>>['faces']): string[] {
  if (contributes === null) return []
  const has = (kind: string, id: string) => faces[kind as KindName]?.some((face) => face['id'] === id) === true
  return Object.entries(contributes).flatMap(([kind, ids]) =>
    ids
      .filter((id) => !has(kind, id))
      .map((id) => `"crate.contributes" in its package.json names ${kind} "${id}", which its module does not bring`),
  )
}

function bodyLoader(
  place: PluginPlace,
  run: PluginRun,
  kind: KindName,
  face: Readonly<Record<string, unknown>>,
  limits: PluginLimits,
) {
  const id = face['id'] as string
  const schema = face['settings'] as SettingsSchema | undefined
  const withSettings = <Context extends {readonly config: Parameters<typeof checkSettings>[2]}>(
    context: Context,
  ): Context => ({
    ...context,
    config: checkSettings(id, schema, context.config),
  })
  if (kind === 'exporters') {
    const exporter = threadedExporter(place, id, limits)
    const load: ExporterContribution['load'] = async () => ({
      export: (request, context) => exporter.export(request, withSettings(context)),
    })
    return load
  }
  if (kind === 'importers') {
    const importer = threadedImporter(place, id, limits)
    const load: ImporterContribution['load'] = async () => ({
      import: (request, context) => importer.import(request, withSettings(context)),
    })
    return load
  }
  return () => bodyInThisThread(place, run, kind, id, limits)
}

async function withTakes<Face extends object>(
  place: PluginPlace,
  run: PluginRun,
  faces: readonly Face[],
): Promise<readonly Face[]> {
  const {contributions} = await moduleHere(place, run)
  return faces.map((face, index) => ({
    ...face,
    takes: (target: string) => {
      try {
        return runGuarded(run, () => contributions.sources?.[index]?.takes(target) === true)
      } catch {
        // A source that cannot say whether it takes a target does not.
        return false
      }
    },
  }))
}

/** The module in crate's own thread, once in a process. */
const modules = new Map<string, ReturnType<typeof importContributions>>()

function moduleHere({name, root, manifest}: PluginPlace, run: PluginRun): ReturnType<typeof importContributions> {
  const url = pathToFileURL(resolve(root, manifest.entry)).href
  const module = modules.get(url) ?? runGuarded(run, () => importContributions(name, url))
  if (!modules.has(url)) void module.then(() => lookAfter(run)).catch(() => undefined)
  modules.set(url, module)
  return module
}

function bodyInThisThread(
  place: PluginPlace,
  run: PluginRun,
  kind: KindName,
  id: string,
  limits: PluginLimits,
): Promise<unknown> {
  const {name} = place
  const loading = async () => {
    const {contributions} = await moduleHere(place, run)
    const list: readonly {readonly id: string; load(): Promise<unknown>}[] = contributions[kind] ?? []
    const found = list.find((contribution) => contribution.id === id)
    if (found === undefined)
      throw new CrateError('PLUGIN_INVALID', `the plugin ${name} brings no ${kind} "${id}" any more`, {
        hints: pluginHints(name),
      })
    const body = await loadBody(name, kind, found)
    lookAfter(run)
    return guardBody(run, body)
  }
  return withinTime(name, `loading ${id}`, limits.silenceMs, runGuarded(run, loading))
}
