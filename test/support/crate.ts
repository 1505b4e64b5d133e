// Runs the built `crate` as a user does: another process, an empty home, a library of its own.
import {type ChildProcess, spawn} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {onTestFinished} from 'vitest'

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
export const FIXTURE_MUSIC = join(ROOT, 'fixtures', 'music')
export const SHARED = join(dirname(ROOT), 'shared')

export interface CrateRun {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  /** The one document on stdout. */
  json<T = Record<string, unknown>>(): T
}

export interface Crate {
  readonly home: string
  readonly library: string
  run(...args: string[]): Promise<CrateRun>
  /** Starts it and returns at once, to be killed or watched. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): {child: ChildProcess; done: Promise<CrateRun>}
}

/** A folder that is gone when the test is. */
export function temporaryFolder(name = 'crate-test-'): string {
  const folder = mkdtempSync(join(tmpdir(), name))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  return folder
}

/** @param program the `crate` of another installation; null for the one that is built here */
export function installCrate(home = temporaryFolder(), program: string | null = null): Crate {
  const library = join(home, 'library')
  const start: Crate['start'] = (args, env = {}) => {
    const [command, first] = program === null ? [process.execPath, [join(ROOT, 'bin', 'run.js')]] : [program, []]
    const child = spawn(command, [...first, ...args], {
      cwd: home,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: home,
        XDG_CONFIG_HOME: join(home, '.config'),
        XDG_DATA_HOME: join(home, '.local', 'share'),
        XDG_CACHE_HOME: join(home, '.cache'),
        CRATE_LIBRARY: library,
        NO_COLOR: '1',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const done = new Promise<CrateRun>((resolve) => {
      child.on('close', (status) => resolve({status, stdout, stderr, json: <T>() => JSON.parse(stdout) as T}))
    })
    return {child, done}
  }
  return {home, library, start, run: (...args) => start(args).done}
}
