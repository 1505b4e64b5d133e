// Builds dist/ and the oclif manifest; the manifest is committed so that starting loads no command file.
import {spawnSync} from 'node:child_process'
import {cpSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {Plugin} from '@oclif/core'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const isWindows = process.platform === 'win32'

rmSync(join(root, 'dist'), {recursive: true, force: true})
const compiler = join(root, 'node_modules', '.bin', isWindows ? 'tsc.cmd' : 'tsc')
const {status} = spawnSync(compiler, ['-p', 'tsconfig.build.json'], {cwd: root, stdio: 'inherit', shell: isWindows})
if (status !== 0) process.exit(status ?? 1)
// Pages of the browser are served as they are.
cpSync(join(root, 'src', 'app', 'live', 'web'), join(root, 'dist', 'src', 'app', 'live', 'web'), {recursive: true})

// The library does what `oclif manifest` does, without that command's hundreds of packages and its call for news.
const plugin = new Plugin({
  root,
  type: 'core',
  ignoreManifest: true,
  errorOnManifestCreate: true,
  respectNoCacheDefault: true,
})
await plugin.load()
// Commands are found in the order that the file system lists them, which differs between machines.
const commands = Object.fromEntries(Object.entries(plugin.manifest.commands).sort(([a], [b]) => (a < b ? -1 : 1)))
const manifest = `${JSON.stringify({...plugin.manifest, commands}, null, 2)}\n`
const manifestPath = join(root, 'oclif.manifest.json')
if (readFileSync(manifestPath, {encoding: 'utf8', flag: 'a+'}) !== manifest) writeFileSync(manifestPath, manifest)
