// All contributions by kind and id: the built-in ones, and those of installed plugins.
import {csvExporter, csvImporter} from '../../exporters/csv/index.js'
import {jsonExporter, jsonImporter} from '../../exporters/json/index.js'
import {m3u8Exporter, m3u8Importer} from '../../exporters/m3u8/index.js'
import {rekordboxExporter, rekordboxImporter} from '../../exporters/rekordbox/index.js'
import {seratoExporter, seratoImporter} from '../../exporters/serato/index.js'
import {traktorExporter, traktorImporter} from '../../exporters/traktor/index.js'
import type {CratePlugin} from '../api/plugin.js'
import type {Environment} from '../core/environment.js'
import {CrateError} from '../core/errors.js'
import {type ContributionKind, loadPlugin, parsePluginManifest} from './plugin-loader.js'
import {BUILT_IN_SOURCES} from './sources/index.js'

const BUILT_IN: CratePlugin = {
  analyzers: [],
  exporters: [rekordboxExporter, seratoExporter, traktorExporter, m3u8Exporter, csvExporter, jsonExporter],
  importers: [rekordboxImporter, seratoImporter, traktorImporter, m3u8Importer, csvImporter, jsonImporter],
  sources: BUILT_IN_SOURCES,
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

export function createRegistry(environment: Pick<Environment, 'installedPlugins' | 'reporter'>): Registry {
  const loaded = new Map<string, Promise<CratePlugin | null>>()

  const pluginFor = (plugin: Environment['installedPlugins'][number], wanted: (kinds: object) => boolean) => {
    const known = loaded.get(plugin.name)
    if (known !== undefined) return known
    const load = async () => {
      try {
        const manifest = parsePluginManifest(plugin)
        if (manifest.contributes !== null && !wanted(manifest.contributes)) return undefined
        return await loadPlugin(plugin, manifest)
      } catch (error) {
        environment.reporter.warn((error as Error).message)
        return null
      }
    }
    const loading = load()
    loaded.set(
      plugin.name,
      loading.then((value) => value ?? null),
    )
    return loading.then((value) => {
      if (value === undefined) loaded.delete(plugin.name)
      return value ?? null
    })
  }

  const list = async <Kind extends ContributionKind>(kind: Kind) => {
    const registered: Registered<Kind>[] = (BUILT_IN[kind] ?? []).map((contribution) => ({
      contribution: contribution as Listed<Kind>,
      plugin: null,
    }))
    for (const plugin of environment.installedPlugins) {
      const contributions = (await pluginFor(plugin, (kinds) => kind in kinds))?.[kind] ?? []
      for (const contribution of contributions) {
        const owner = registered.find((other) => other.contribution.id === contribution.id)
        if (owner === undefined) registered.push({contribution: contribution as Listed<Kind>, plugin: plugin.name})
        else
          environment.reporter.warn(
            `the plugin ${plugin.name} brings "${contribution.id}", which ${owner.plugin ?? 'crate itself'} already has: it is left out`,
          )
      }
    }
    return registered
  }

  return {
    list,
    find: async (kind, id) => {
      const all = await list(kind)
      const found = all.find(({contribution}) => contribution.id === id)
      if (found !== undefined) return found.contribution
      const ids = all.map(({contribution}) => contribution.id).join(', ')
      throw new CrateError('USAGE', `there is no ${kind.replace(/s$/, '')} "${id}"`, {
        hints: [`There are: ${ids}.`, 'Plugins bring more: crate plugins install NAME'],
        details: {kind, id},
      })
    },
  }
}
