// Programs that tests read back with: absent ones skip a test here and fail it under CI.
import {spawnSync} from 'node:child_process'

export function hasTool(name: string): boolean {
  const isThere = spawnSync(name, ['-version'], {stdio: 'ignore'}).error === undefined
  const {CI} = process.env
  if (!isThere && CI) throw new Error(`${name} is not installed, and CI must not skip the tests that need it`)
  return isThere
}

/** Debian's interpreter, to which its python3-mutagen belongs, whatever other python3 comes first on the path. */
export const PYTHON = '/usr/bin/python3'

export function hasMutagen(): boolean {
  const isThere = spawnSync(PYTHON, ['-c', 'import mutagen'], {stdio: 'ignore'}).status === 0
  if (!isThere && process.env['CI'])
    throw new Error('python3-mutagen is not installed, and CI must not skip the tests that need it')
  return isThere
}

/** Runs a program to its end; its standard output. */
export function runTool(name: string, ...args: readonly string[]): string {
  const {status, stdout, stderr, error} = spawnSync(name, args, {encoding: 'utf8', maxBuffer: 1 << 28})
  if (error !== undefined || status !== 0) throw new Error(`${name} ${args.join(' ')}: ${error?.message ?? stderr}`)
  return stdout
}
