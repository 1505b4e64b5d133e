// Packages for tests of plugins, without a registry: first-party ones as npm packs them, and what new ones are built with.
import {spawnSync} from 'node:child_process'
import {mkdirSync, symlinkSync} from 'node:fs'
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

/** What `npm install` brings to a new plugin from the registry: the same packages, from here. */
export function bringDevDependencies(project: string): void {
  const modules = join(project, 'node_modules')
  mkdirSync(join(modules, '@types'), {recursive: true})
  symlinkSync(join(ROOT, 'node_modules', '@types', 'node'), join(modules, '@types', 'node'))
  symlinkSync(join(ROOT, 'node_modules', 'typescript'), join(modules, 'typescript'))
  symlinkSync(join(ROOT, 'node_modules', '.bin'), join(modules, '.bin'))
}
