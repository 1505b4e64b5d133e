// First-party plugins packed as npm packs them, to be installed as a user installs them.
import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {ROOT} from './crate.js'

/** Builds the plugin against crate's own build and gives the path of its tarball. */
export function packPlugin(name: string, folder: string): string {
  const {status, stdout, stderr} = spawnSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: join(ROOT, 'plugins', name),
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const file = stdout.trim().split('\n').at(-1) ?? ''
  if (status !== 0 || !file.endsWith('.tgz')) throw new Error(`npm pack of ${name} failed: ${stdout}${stderr}`)
  return join(folder, file)
}
