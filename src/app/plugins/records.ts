// What each plugin said of its reach when it was installed, so that a later version cannot widen it unseen.
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {writeFileAtomically} from '../../adapters/files/staged-write.js'
import type {PluginReach} from '../../core/plugin/manifest.js'

export interface InstallRecord {
  readonly version: string
  /** ISO 8601. */
  readonly installedAt: string
  readonly reach: PluginReach | null
}

export type InstallRecords = Readonly<Record<string, InstallRecord>>

const FILE = 'plugin-reach.json'

export async function readRecords(dataFolder: string): Promise<InstallRecords> {
  try {
    return JSON.parse(await readFile(join(dataFolder, FILE), 'utf8')) as InstallRecords
  } catch {
    // Missing, or cut off by a crash: it only records what installed packages say themselves.
    return {}
  }
}

export async function writeRecords(dataFolder: string, records: InstallRecords): Promise<void> {
  await writeFileAtomically(join(dataFolder, FILE), `${JSON.stringify(records, null, 2)}\n`)
}
