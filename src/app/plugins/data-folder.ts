// oclif's own list of plugins, in the package.json of the data folder.
import {existsSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'

export interface PluginEntry {
  readonly name: string
  /** `user` for installed ones, `link` for folders. */
  readonly type: string
}

/** As oclif lists them, linked ones too. */
export async function pluginEntries(dataFolder: string): Promise<readonly PluginEntry[]> {
  const path = join(dataFolder, 'package.json')
  if (!existsSync(path)) return []
  const {oclif} = JSON.parse(await readFile(path, 'utf8')) as {oclif?: {plugins?: readonly PluginEntry[]}}
  return oclif?.plugins ?? []
}
