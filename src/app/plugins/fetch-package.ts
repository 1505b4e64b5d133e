// A package that npm can fetch, looked at in a folder of its own: nothing of it runs and nothing stays.
import {existsSync, statSync} from 'node:fs'
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {runNpm} from '../../adapters/programs/npm.js'
import type {InstalledPlugin} from '../../core/environment.js'
import {CrateError} from '../../core/errors.js'
import {isPathLike, pluginInFolder} from './find-plugin.js'

const QUIET_INSTALL = [
  ...['--ignore-scripts', '--omit=dev', '--omit=peer', '--install-links', '--no-audit', '--no-fund'],
  // npm by itself tries again for more than a minute, without a word.
  ...['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=2000'],
]

/**
 * What npm understands: a path becomes `file:` with the absolute path, because npm and oclif take a bare one for a
 * repository on GitHub; anything else stays.
 *
 * @throws FILE_NOT_FOUND for a path at which nothing is
 */
export function npmSpec(text: string): string {
  if (!isPathLike(text)) return text
  const path = resolve(text.replace(/^file:/, ''))
  if (!existsSync(path)) throw new CrateError('FILE_NOT_FOUND', `${path} does not exist`)
  return `file:${path}`
}

export function isFolderSpec(spec: string): boolean {
  return spec.startsWith('file:') && statSync(spec.slice('file:'.length)).isDirectory()
}

/** @throws NETWORK_FAILED, PLUGIN_INVALID where npm cannot fetch it */
export async function withFetchedPackage<T>(
  text: string,
  signal: AbortSignal,
  use: (plugin: InstalledPlugin) => Promise<T>,
): Promise<T> {
  const spec = npmSpec(text)
  const folder = await mkdtemp(join(tmpdir(), 'crate-plugin-'))
  try {
    const pjson = join(folder, 'package.json')
    await writeFile(pjson, '{"private": true}')
    await runNpm(['install', spec, ...QUIET_INSTALL], folder, signal)
    const {dependencies = {}} = JSON.parse(await readFile(pjson, 'utf8')) as {dependencies?: Record<string, string>}
    const [name] = Object.keys(dependencies)
    if (name === undefined) throw new CrateError('PLUGIN_INVALID', `npm found no package in "${text}"`)
    return await use(pluginInFolder(join(folder, 'node_modules', name)))
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}
