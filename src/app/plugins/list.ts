// The installed plugins at a glance, from their package files alone: nothing of theirs is imported.
import type {Environment} from '../../core/environment.js'
import {crateErrorFrom} from '../../core/errors.js'
import type {KindName} from '../../core/plugin/kinds.js'
import {type PluginReach, parsePluginManifest} from '../../core/plugin/manifest.js'
import {pluginEntries} from './data-folder.js'

export interface ListedPlugin {
  readonly name: string
  readonly version: string
  readonly root: string
  /** Linked folders change as their author works on them. */
  readonly isLinked: boolean
  /** Ids by kind; null where only its module knows. */
  readonly contributes: Partial<Readonly<Record<KindName, readonly string[]>>> | null
  readonly reach: PluginReach | null
  /** Why it cannot be used; null where its package file is sound. */
  readonly problem: string | null
}

export async function listPlugins({
  dataFolder,
  installedPlugins,
}: Pick<Environment, 'dataFolder' | 'installedPlugins'>): Promise<readonly ListedPlugin[]> {
  const entries = await pluginEntries(dataFolder)
  return installedPlugins.map((plugin) => {
    const {name, version, root} = plugin
    const isLinked = entries.some((entry) => entry.name === name && entry.type === 'link')
    try {
      const {contributes, reach} = parsePluginManifest(plugin)
      return {name, version, root, isLinked, contributes, reach, problem: null}
    } catch (error) {
      const {message} = crateErrorFrom(error)
      return {name, version, root, isLinked, contributes: null, reach: null, problem: message}
    }
  })
}
