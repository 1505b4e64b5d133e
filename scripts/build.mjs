// Builds dist/ and the oclif manifest; the manifest is committed so that starting loads no command file.
import {spawnSync} from 'node:child_process'
import {rmSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = (name) => join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name)

function run(command, args) {
  const {status} = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}

rmSync(join(root, 'dist'), {recursive: true, force: true})
run(bin('tsc'), ['-p', 'tsconfig.build.json'])
run(bin('oclif'), ['manifest'])
