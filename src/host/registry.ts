// All contributions by kind and id: the built-in ones, and those of installed plugins.
import {csvExporter, csvImporter} from '../../exporters/csv/index.js'
import {jsonExporter, jsonImporter} from '../../exporters/json/index.js'
import {m3u8Exporter, m3u8Importer} from '../../exporters/m3u8/index.js'
import {rekordboxExporter, rekordboxImporter} from '../../exporters/rekordbox/index.js'
import {seratoExporter, seratoImporter} from '../../exporters/serato/index.js'
import {traktorExporter, traktorImporter} from '../../exporters/traktor/index.js'
import {midiSensor} from '../../sensors/midi/index.js'
import {oscSensor} from '../../sensors/osc/index.js'
import {phoneSensor} from '../../sensors/phone/index.js'
import {replaySensor} from '../../sensors/replay/index.js'
import {serialSensor} from '../../sensors/serial/index.js'
import type {CratePlugin} from '../api/plugin.js'
import type {Environment, InstalledPlugin} from '../core/environment.js'
import {CrateError, crateErrorFrom} from '../core/errors.js'
import {KIND_SHAPES, type KindName} from '../core/plugin/kinds.js'
import {parsePluginManifest} from '../core/plugin/manifest.js'
import {oscillationGestures, strokeGestures} from './live/gestures.js'
import {OUTPUTS} from './live/outputs.js'
import {NOW_PLAYING} from './now-playing/index.js'
import type {ContributionKind, OpenedPlugin} from './plugin-loader.js'
import {BUILT_IN_SOURCES} from './sources/index.js'

/** What ships with crate. */
export const BUILT_IN: CratePlugin = {
  analyzers: [],
  exporters: [rekordboxExporter, seratoExporter, traktorExporter, m3u8Exporter, csvExporter, jsonExporter],
  importers: [rekordboxImporter, seratoImporter, traktorImporter, m3u8Importer, csvImporter, jsonImporter],
  sources: BUILT_IN_SOURCES,
  sensors: [oscSensor, serialSensor, phoneSensor, midiSensor, replaySensor],
  gestures: [strokeGestures, oscillationGestures],
  outputs: OUTPUTS,
  nowPlaying: NOW_PLAYING,
  actions: [],
}

type Listed<Kind extends ContributionKind> = NonNullable<CratePlugin[Kind]>[number]

export interface Registered<Kind extends ContributionKind> {
  readonly contribution: Listed<Kind>
  /** Name of the plugin that brought it; null for crate's own. */
  readonly plugin: string | null
}

export interface Registry {
  /** Built-in ones first; a plugin's that takes the id of another is left out with a warning. */
  list<Kind extends ContributionKind>(kind: Kind): Promise<readonly Registered<Kind>[]>
  /** @throws USAGE naming what there is, when nobody has the id */
  find<Kind extends ContributionKind>(kind: Kind, id: string): Promise<Listed<Kind>>
}

/** Broken plugins are warned of once and left out; a plugin is opened when a kind that it may have is asked for. */
export function createRegistry(environment: Pick<Environment, 'installedPlugins' | 'reporter' | 'over'>): Registry {
  const {installedPlugins, reporter} = environment
  const opened = new Map<string, Promise<OpenedPlugin | null>>()

  const open = (plugin: InstalledPlugin): Promise<OpenedPlugin | null> => {
    const known = opened.get(plugin.name)
    if (known !== undefined) return known
    const opening = openQuietly(plugin, environment)
    opened.set(plugin.name, opening)
    return opening
  }

  const list = async <Kind extends ContributionKind>(kind: Kind) => {
    const registered: Registered<Kind>[] = (BUILT_IN[kind] ?? []).map((contribution) => ({
      contribution: contribution as Listed<Kind>,
      plugin: null,
    }))
    const wanted = installedPlugins.filter((plugin) => mayBring(plugin, kind))
    for (const plugin of await Promise.all(wanted.map(open))) {
      if (plugin === null) continue
      for (const contribution of plugin.contributions[kind] ?? []) {
        const owner = registered.find((other) => other.contribution.id === contribution.id)
        if (owner === undefined && !isReserved(kind, contribution.id))
          registered.push({contribution: contribution as Listed<Kind>, plugin: plugin.name})
        else reporter.warn(leftOut(plugin.name, kind, contribution.id, owner?.plugin ?? null))
      }
    }
    return registered
  }

  return {
    list,
    find: async (kind, id) => {
      // A built-in one needs no plugin to be opened: it cannot be replaced.
      const own = (BUILT_IN[kind] as readonly {readonly id: string}[] | undefined)?.find((other) => other.id === id)
      if (own !== undefined) {
        for (const plugin of installedPlugins)
          if (declaredIds(plugin, kind).includes(id)) reporter.warn(leftOut(plugin.name, kind, id, null))
        return own as Listed<typeof kind>
      }
      const all = await list(kind)
      const found = all.find(({contribution}) => contribution.id === id)
      if (found !== undefined) return found.contribution
      const ids = all.map(({contribution}) => contribution.id).join(', ')
      throw new CrateError('USAGE', `there is no ${nounOf(kind)} "${id}"`, {
        hints: [
          ids === '' ? 'There is none yet.' : `There are: ${ids}.`,
          'Plugins bring more: crate plugins install NAME',
        ],
        details: {kind, id},
      })
    },
  }
}

/** Findings of crate's own analysis are stored under this id. */
function isReserved(kind: ContributionKind, id: string): boolean {
  return kind === 'analyzers' && id === 'crate'
}

function leftOut(plugin: string, kind: ContributionKind, id: string, owner: string | null): string {
  return `the plugin ${plugin} brings ${nounOf(kind)} "${id}", which ${owner ?? 'crate itself'} already has: it is left out`
}

/** Where the manifest says what the plugin brings, others are not opened; a wrong manifest is reported by opening it. */
function mayBring(plugin: InstalledPlugin, kind: ContributionKind): boolean {
  try {
    const {contributes} = parsePluginManifest(plugin)
    return contributes === null || kind in contributes
  } catch {
    return true
  }
}

function declaredIds(plugin: InstalledPlugin, kind: ContributionKind): readonly string[] {
  try {
    return parsePluginManifest(plugin).contributes?.[kind] ?? []
  } catch {
    return []
  }
}

async function openQuietly(
  plugin: InstalledPlugin,
  environment: Pick<Environment, 'reporter' | 'over'>,
): Promise<OpenedPlugin | null> {
  const {reporter} = environment
  try {
    const [{openPlugin, pluginHost}, {pluginLimits}] = await Promise.all([
      import('./plugin-loader.js'),
      import('./plugin-limits.js'),
    ])
    const result = await openPlugin(plugin, pluginLimits(), pluginHost(environment))
    for (const fault of result.faults) reporter.warn(`the plugin ${plugin.name}: ${fault}`)
    return result
  } catch (error) {
    const {message, hints} = crateErrorFrom(error)
    reporter.warn(hints[0] === undefined ? message : `${message} → ${hints[0]}`)
    return null
  }
}

function nounOf(kind: ContributionKind): string {
  return KIND_SHAPES[kind as KindName]?.noun ?? kind
}
