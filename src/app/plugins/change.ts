// Installs and updates plugins beside those that work, checks the result, and only then puts it in their place.
import {existsSync} from 'node:fs'
import {cp, mkdir, readdir, rename, rm} from 'node:fs/promises'
import {basename, dirname, join, resolve} from 'node:path'
import {runNpm} from '../../adapters/programs/npm.js'
import type {Environment, InstalledPlugin} from '../../core/environment.js'
import {CrateError, crateErrorFrom} from '../../core/errors.js'
import {type PluginReach, parsePluginManifest} from '../../core/plugin/manifest.js'
import {pluginLimits} from '../../host/plugin-limits.js'
import {openPlugin, pluginHost} from '../../host/plugin-loader.js'
import {pluginEntries} from './data-folder.js'
import {isFolderSpec, npmSpec, withFetchedPackage} from './fetch-package.js'
import {packedName, pluginInFolder} from './find-plugin.js'
import {readRecords, writeRecords} from './records.js'

/** oclif's own commands, run over a given data folder. */
export type PluginCommands = (
  dataFolder: string,
  command: 'install' | 'link' | 'update' | 'uninstall',
  args: readonly string[],
) => Promise<void>

export interface ChangedPlugin {
  readonly name: string
  readonly version: string
  readonly reach: PluginReach | null
  /** Null where it is new. */
  readonly before: {readonly version: string; readonly reach: PluginReach | null} | null
}

/** Parts of the data folder that npm and oclif change. */
const PARTS = ['node_modules', 'package.json', 'package-lock.json']
const PACKED = 'plugin-packages'

/** @throws PLUGIN_INVALID, PLUGIN_FAILED, NETWORK_FAILED; the plugins that were there stay as they were then */
export async function installPlugin(
  environment: Environment,
  commands: PluginCommands,
  text: string,
): Promise<ChangedPlugin> {
  const {dataFolder, signal} = environment
  const spec = npmSpec(text)
  // Looked at before any of its scripts runs.
  const {name} = await withFetchedPackage(text, signal, async (plugin) => {
    parsePluginManifest(plugin)
    return plugin
  })
  // A folder is packed first: npm would only link it, and it would change under a running set.
  const source = isFolderSpec(spec) ? await packFolder(spec.slice('file:'.length), dataFolder, signal) : spec
  const changed = await changeBeside(environment, (next) => commands(next, 'install', [source]), [name])
  const [plugin] = changed
  if (plugin === undefined) throw new CrateError('PLUGIN_INVALID', `${text} was not installed`)
  return plugin
}

export interface LinkedPlugin extends Omit<ChangedPlugin, 'before'> {
  readonly root: string
  /** What is wrong with it now; it is linked all the same, because it is being worked on. */
  readonly problems: readonly string[]
}

/** A folder in place: what its author builds is used at once. @throws FILE_NOT_FOUND, PLUGIN_INVALID for no plugin */
export async function linkPlugin(
  environment: Environment,
  commands: PluginCommands,
  folder: string,
): Promise<LinkedPlugin> {
  const plugin = pluginInFolder(resolve(folder))
  const {name, version, root} = plugin
  const {reach} = parsePluginManifest(plugin)
  const problems = await openPlugin(plugin, pluginLimits(), pluginHost(environment)).then(
    ({faults}) => faults,
    (error: unknown) => [crateErrorFrom(error).message],
  )
  await mkdir(environment.dataFolder, {recursive: true})
  await commands(environment.dataFolder, 'link', [root, '--no-install'])
  return {name, version, root, reach, problems}
}

/** Removes all of them, linked ones too. @returns their names */
export async function removeAllPlugins(environment: Environment, commands: PluginCommands): Promise<readonly string[]> {
  const names = (await pluginEntries(environment.dataFolder)).map(({name}) => name)
  for (const name of names) await uninstallPlugin(environment, commands, name)
  return names
}

export async function updatePlugins(
  environment: Environment,
  commands: PluginCommands,
): Promise<readonly ChangedPlugin[]> {
  return changeBeside(environment, (next) => commands(next, 'update', []), null)
}

export async function uninstallPlugin(environment: Environment, commands: PluginCommands, name: string): Promise<void> {
  const {dataFolder} = environment
  await commands(dataFolder, 'uninstall', [name])
  const {[name]: _gone, ...rest} = await readRecords(dataFolder)
  if (Object.keys(rest).length > 0) await writeRecords(dataFolder, rest)
  else await rm(join(dataFolder, 'plugin-reach.json'), {force: true})
  const packed = join(dataFolder, PACKED)
  if (existsSync(packed))
    for (const file of await readdir(packed)) if (file.startsWith(`${packedName(name)}-`)) await rm(join(packed, file))
  if ((await pluginEntries(dataFolder)).length > 0) return
  for (const part of [...PARTS, PACKED]) await rm(join(dataFolder, part), {recursive: true, force: true})
}

async function packFolder(folder: string, dataFolder: string, signal: AbortSignal): Promise<string> {
  const packed = join(dataFolder, PACKED)
  await mkdir(packed, {recursive: true})
  const out = await runNpm(['pack', '--json', '--pack-destination', packed], folder, signal)
  const [{filename}] = JSON.parse(out.slice(out.indexOf('[\n'))) as [{filename: string}]
  return `file:${join(packed, packedName(filename))}`
}

/** @param wanted names that must be among the result; null for all */
async function changeBeside(
  environment: Environment,
  change: (next: string) => Promise<void>,
  wanted: readonly string[] | null,
): Promise<readonly ChangedPlugin[]> {
  const {dataFolder, nowMs} = environment
  // Beside it, at the same depth: npm writes paths of tarballs relative to where it installs.
  const next = join(dirname(dataFolder), `.${basename(dataFolder)}-next`)
  await rm(next, {recursive: true, force: true})
  await mkdir(next, {recursive: true})
  try {
    for (const part of PARTS)
      if (existsSync(join(dataFolder, part)))
        await cp(join(dataFolder, part), join(next, part), {recursive: true, verbatimSymlinks: true})
    await change(next)
    const plugins = (await listedPlugins(next)).filter(({name}) => wanted === null || wanted.includes(name))
    for (const plugin of plugins) await assertUsable(environment, plugin)
    const records = await readRecords(dataFolder)
    const changed = plugins.map((plugin) => changedPlugin(plugin, records))
    await putInPlace(next, dataFolder)
    const installedAt = new Date(nowMs()).toISOString()
    const fresh = changed.map(({name, version, reach}) => [name, {version, installedAt, reach}])
    await writeRecords(dataFolder, {...records, ...Object.fromEntries(fresh)})
    return changed
  } finally {
    await rm(next, {recursive: true, force: true})
  }
}

function changedPlugin(plugin: InstalledPlugin, records: Awaited<ReturnType<typeof readRecords>>): ChangedPlugin {
  const {name, version} = plugin
  return {name, version, reach: parsePluginManifest(plugin).reach, before: records[name] ?? null}
}

async function assertUsable(environment: Environment, plugin: InstalledPlugin): Promise<void> {
  const kept = 'Nothing was changed: what was installed before is still there.'
  try {
    const {faults} = await openPlugin(plugin, pluginLimits(), pluginHost(environment))
    if (faults[0] !== undefined)
      throw new CrateError('PLUGIN_INVALID', `the plugin ${plugin.name} ${plugin.version}: ${faults[0]}`)
  } catch (error) {
    const {code, message, cause} = crateErrorFrom(error)
    throw new CrateError(code, message, {
      hints: [kept, 'Tell its author; crate plugins verify shows all that is wrong.'],
      cause,
    })
  }
}

async function listedPlugins(dataFolder: string): Promise<readonly InstalledPlugin[]> {
  return (await pluginEntries(dataFolder))
    .filter(({type}) => type === 'user')
    .map(({name}) => pluginInFolder(join(dataFolder, 'node_modules', name)))
    .filter(({manifest}) => manifest !== undefined)
}

/** Two renames a part: what was there is gone only when what comes is in its place. */
async function putInPlace(next: string, dataFolder: string): Promise<void> {
  await mkdir(dataFolder, {recursive: true})
  for (const part of PARTS) {
    const [from, to, old] = [join(next, part), join(dataFolder, part), join(dataFolder, `${part}.old`)]
    if (!existsSync(from)) continue
    await rm(old, {recursive: true, force: true})
    if (existsSync(to)) await rename(to, old)
    await rename(from, to)
    await rm(old, {recursive: true, force: true})
  }
}
