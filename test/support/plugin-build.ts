// First-party plugins with dependencies of their own: built where those are installed, which continuous integration does.
import {spawnSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {it} from 'vitest'
import {ROOT} from './crate.js'

const isCi = (process.env['CI'] ?? '') !== ''

/** Runs a test where the plugin's dependencies are there, skips it with the reason where not; in CI it must run. */
export function itWithPlugin(plugin: string, dependency: string) {
  const isRun = isCi || existsSync(join(ROOT, 'plugins', plugin, 'node_modules', dependency))
  const run = (name: string, test: () => Promise<void> | void, timeout?: number) =>
    isRun ? it(name, test, timeout) : it.skip(`${name} (needs npm ci --prefix plugins/${plugin})`, test)
  return Object.assign(run, {isRun})
}

/** The plugin's own `npm run build`; gives its entry. */
export function buildPlugin(plugin: string): string {
  const cwd = join(ROOT, 'plugins', plugin)
  const {status, stdout, stderr} = spawnSync('npm', ['run', 'build', '--silent'], {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`npm run build of ${plugin} failed: ${stdout}${stderr}`)
  return join(cwd, 'dist', 'index.js')
}
