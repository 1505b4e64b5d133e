// npm, which fetches plugins: the one that oclif's plugin commands bring along, else the person's.
import {spawn} from 'node:child_process'
import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'
import {CrateError} from '../../core/errors.js'
import {npmFailure} from './npm-failure.js'

function npmCommand(): {command: string; args: readonly string[]; isShell: boolean} {
  try {
    const pluginCommands = createRequire(import.meta.url).resolve('@oclif/plugin-plugins')
    const path = createRequire(pluginCommands).resolve('npm/package.json')
    return {command: process.execPath, args: [join(dirname(path), 'bin', 'npm-cli.js')], isShell: false}
  } catch {
    return {command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [], isShell: process.platform === 'win32'}
  }
}

/** @returns what it printed. @throws NETWORK_FAILED, TOOL_MISSING, PLUGIN_INVALID with npm's own words */
export async function runNpm(args: readonly string[], cwd: string, signal: AbortSignal): Promise<string> {
  const {command, args: before, isShell} = npmCommand()
  const child = spawn(command, [...before, ...args], {cwd, signal, shell: isShell, stdio: ['ignore', 'pipe', 'pipe']})
  let [out, errors] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const status = await new Promise<number | null>((settle, reject) => {
    child.on('close', settle)
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT'
          ? new CrateError('TOOL_MISSING', 'npm is not installed', {
              hints: ['It comes with Node.js: https://nodejs.org'],
            })
          : error,
      ),
    )
  })
  if (status === 0) return out
  throw npmFailure(args, errors, status)
}
