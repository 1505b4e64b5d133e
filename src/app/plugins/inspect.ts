// What a plugin is: its contributions, settings, commands, reach, and what is wrong with it.
import type {Environment} from '../../core/environment.js'
import {crateErrorFrom} from '../../core/errors.js'
import type {KindName} from '../../core/plugin/kinds.js'
import {type PluginReach, parsePluginManifest} from '../../core/plugin/manifest.js'
import type {SettingsSchema} from '../../core/plugin/settings.js'
import {pluginLimits} from '../../host/plugin-limits.js'
import {openPlugin, pluginHost} from '../../host/plugin-loader.js'
import {findPlugin} from './find-plugin.js'
import {type InstallRecord, readRecords} from './records.js'

export interface InspectedContribution {
  readonly kind: KindName
  readonly id: string
  readonly summary: string
  /** Set under `plugins.<id>` in the config. */
  readonly settings: SettingsSchema
}

export interface PluginReport {
  readonly name: string
  readonly version: string
  readonly root: string
  readonly apiVersion: number | null
  readonly reach: PluginReach | null
  /** What was shown when it was installed; null for linked ones and folders. */
  readonly installed: InstallRecord | null
  readonly contributions: readonly InspectedContribution[]
  readonly commands: readonly string[]
  /** Why it cannot be used, or what of it is left out. */
  readonly problems: readonly string[]
}

/** @param commands ids of all commands with the plugin that brings them */
export async function inspectPlugin(
  environment: Environment,
  nameOrPath: string,
  commands: readonly {readonly id: string; readonly plugin: string}[],
): Promise<PluginReport> {
  const plugin = findPlugin(environment, nameOrPath)
  const {name, version, root} = plugin
  const base = {
    name,
    version,
    root,
    installed: (await readRecords(environment.dataFolder))[name] ?? null,
    commands: commands.filter((command) => command.plugin === name).map(({id}) => id.replaceAll(':', ' ')),
  }
  try {
    const {apiVersion, reach} = parsePluginManifest(plugin)
    try {
      const {contributions, faults} = await openPlugin(plugin, pluginLimits(), pluginHost(environment))
      const listed = Object.entries(contributions).flatMap(([kind, list]) =>
        list.map(({id, summary, settings = {}}: {id: string; summary: string; settings?: SettingsSchema}) => ({
          kind: kind as KindName,
          id,
          summary,
          settings,
        })),
      )
      return {...base, apiVersion, reach, contributions: listed, problems: faults}
    } catch (error) {
      return {...base, apiVersion, reach, contributions: [], problems: [crateErrorFrom(error).message]}
    }
  } catch (error) {
    return {...base, apiVersion: null, reach: null, contributions: [], problems: [crateErrorFrom(error).message]}
  }
}
