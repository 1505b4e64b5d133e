// Loads contributions of installed plugins: checked by their manifest first, one broken plugin stops nothing else.
import {resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import type {CratePlugin} from '../api/plugin.js'
import type {InstalledPlugin} from '../core/environment.js'
import {CrateError} from '../core/errors.js'

/** The version of the contract in src/api that this crate speaks. */
export const API_VERSION = 1

export type ContributionKind = keyof CratePlugin

export interface PluginManifest {
  readonly apiVersion: number
  /** Module whose default export is a CratePlugin, relative to the package. */
  readonly entry: string
  /** Ids by kind, so that nothing is imported for a command that needs none of them; absent means "ask the module". */
  readonly contributes: Partial<Readonly<Record<ContributionKind, readonly string[]>>> | null
}

/** @throws PLUGIN_INVALID saying which key is wrong */
export function parsePluginManifest(plugin: InstalledPlugin): PluginManifest {
  const invalid = (reason: string) =>
    new CrateError('PLUGIN_INVALID', `the plugin ${plugin.name} ${plugin.version} cannot be used: ${reason}`, {
      hints: [`Update it (crate plugins update) or remove it (crate plugins uninstall ${plugin.name}).`],
      details: {plugin: plugin.name},
    })
  const {manifest} = plugin
  if (typeof manifest !== 'object' || manifest === null) throw invalid('"crate" in its package.json is not an object')
  const {apiVersion, entry, contributes} = manifest as Record<string, unknown>
  if (apiVersion !== API_VERSION)
    throw invalid(
      `it was made for version ${String(apiVersion)} of the plugin contract, this crate speaks ${API_VERSION}`,
    )
  if (typeof entry !== 'string' || !entry.startsWith('./'))
    throw invalid('"crate.entry" in its package.json is not a path that starts with ./')
  if (contributes === undefined) return {apiVersion, entry, contributes: null}
  const isListOfIds = (ids: unknown) => Array.isArray(ids) && ids.every((id) => typeof id === 'string')
  if (typeof contributes !== 'object' || contributes === null || !Object.values(contributes).every(isListOfIds))
    throw invalid('"crate.contributes" in its package.json is not an object of lists of ids')
  return {apiVersion, entry, contributes: contributes as PluginManifest['contributes']}
}

/** Imports a plugin's module. @throws PLUGIN_FAILED when it throws while loading, PLUGIN_INVALID for a wrong shape */
export async function loadPlugin(plugin: InstalledPlugin, manifest: PluginManifest): Promise<CratePlugin> {
  let module: {default?: unknown}
  try {
    module = (await import(pathToFileURL(resolve(plugin.root, manifest.entry)).href)) as {default?: unknown}
  } catch (error) {
    throw new CrateError(
      'PLUGIN_FAILED',
      `the plugin ${plugin.name} could not be loaded: ${(error as Error).message}`,
      {
        hints: [
          `Reinstall it (crate plugins install ${plugin.name}) or remove it (crate plugins uninstall ${plugin.name}).`,
        ],
        cause: error,
      },
    )
  }
  const {default: contributions} = module
  if (typeof contributions !== 'object' || contributions === null)
    throw new CrateError('PLUGIN_INVALID', `the plugin ${plugin.name} exports no contributions by default`)
  return contributions as CratePlugin
}
