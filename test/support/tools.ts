// Programs and data that fuller tests use: absent, such a test is skipped with its reason; under CI it fails.
import {spawnSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {it} from 'vitest'
import {SHARED} from './crate.js'

const isCi = (process.env['CI'] ?? '') !== ''

function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v "${name}"`]).status === 0
}

/** `it` where the programs are there (or under CI, where their absence shall fail); else a skip that names them. */
export function itWith(...programs: readonly string[]): typeof it | typeof it.skip {
  const missing = programs.filter((name) => !hasProgram(name))
  return missing.length === 0 || isCi ? it : skipBecause(`needs ${missing.join(', ')}`)
}

/** The same for data beside the project. @param path below `shared` */
export function itWithShared(path: string): typeof it | typeof it.skip {
  return existsSync(join(SHARED, path)) || isCi ? it : skipBecause(`needs shared/${path}`)
}

function skipBecause(reason: string): typeof it.skip {
  const skip = (name: string, ...rest: unknown[]) =>
    (it.skip as (name: string, ...rest: unknown[]) => void)(`${name} (${reason})`, ...rest)
  const each = () => (name: string) => it.skip(`${name} (${reason})`, () => {})
  return Object.assign(skip, {each}) as unknown as typeof it.skip
}
