// A plugin as the person names it: installed, or a folder that is being worked on.
import {existsSync, readFileSync, statSync} from 'node:fs'
import {join, resolve} from 'node:path'
import type {Environment, InstalledPlugin} from '../../core/environment.js'
import {CrateError} from '../../core/errors.js'

export function isPathLike(text: string): boolean {
  return /^[./~]|^[A-Za-z]:[\\/]|[\\]/.test(text) || text.endsWith('.tgz') || text.startsWith('file:')
}

/** @throws USAGE where nothing installed has the name, FILE_NOT_FOUND, PLUGIN_INVALID for a folder without a package */
export function findPlugin(
  {installedPlugins}: Pick<Environment, 'installedPlugins'>,
  nameOrPath: string,
): InstalledPlugin {
  const installed = installedPlugins.find(({name}) => name === nameOrPath)
  if (installed !== undefined) return installed
  if (isPathLike(nameOrPath)) return pluginInFolder(resolve(nameOrPath.replace(/^file:/, '')))
  const names = installedPlugins.map(({name}) => name).join(', ')
  throw new CrateError('USAGE', `the plugin "${nameOrPath}" is not installed`, {
    hints: [
      names === '' ? 'No plugin is installed.' : `Installed: ${names}.`,
      `A folder is named with a path: ./${nameOrPath}`,
    ],
  })
}

export function pluginInFolder(root: string): InstalledPlugin {
  if (!existsSync(root)) throw new CrateError('FILE_NOT_FOUND', `${root} does not exist`)
  const path = join(root, 'package.json')
  if (!statSync(root).isDirectory() || !existsSync(path))
    throw new CrateError('PLUGIN_INVALID', `${root} is no folder with a package.json`)
  let pjson: {name?: unknown; version?: unknown; crate?: unknown}
  try {
    pjson = JSON.parse(readFileSync(path, 'utf8')) as typeof pjson
  } catch (error) {
    throw new CrateError('PLUGIN_INVALID', `${path} is no JSON: ${(error as Error).message}`)
  }
  return {name: String(pjson.name ?? root), version: String(pjson.version ?? ''), root, manifest: pjson.crate}
}

/** How npm pack begins the name of a tarball: `@me/lines` → `me-lines`. */
export function packedName(name: string): string {
  return name.replace('@', '').replace('/', '-')
}
