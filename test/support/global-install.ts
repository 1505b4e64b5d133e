// crate as `npm install --global` leaves it in an empty prefix, from the tarball that `npm pack` makes.
import {execFileSync} from 'node:child_process'
import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {ROOT} from './crate.js'

/**
 * npm packs, unpacks, links the program and the manual page. What crate depends on is linked from here, exactly the
 * packages that its package.json names for users: no registry is asked, and nothing is compiled again.
 *
 * @returns the prefix, with bin/ and share/man/
 */
export function installGlobally(folder: string): string {
  const npm = (cwd: string, ...args: readonly string[]) =>
    execFileSync('npm', [...args, '--silent', '--no-audit', '--no-fund', '--offline'], {
      cwd,
      encoding: 'utf8',
      env: {...process.env, HOME: folder},
    }).trim()
  const tarball = npm(ROOT, 'pack', '--ignore-scripts', '--pack-destination', folder)
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', folder])
  const unpacked = join(folder, 'package')
  const whole = readFileSync(join(unpacked, 'package.json'), 'utf8')
  const {dependencies, ...rest} = JSON.parse(whole) as {dependencies: Readonly<Record<string, string>>}
  writeFileSync(join(unpacked, 'package.json'), JSON.stringify({...rest, devDependencies: {}}))
  const prefix = join(folder, 'prefix')
  npm(folder, 'install', '--global', '--install-links', '--prefix', prefix, unpacked)
  const root = join(prefix, 'lib', 'node_modules', 'crate-dj')
  writeFileSync(join(root, 'package.json'), whole)
  for (const name of Object.keys(dependencies)) {
    const link = join(root, 'node_modules', name)
    mkdirSync(dirname(link), {recursive: true})
    symlinkSync(join(ROOT, 'node_modules', name), link)
  }
  return prefix
}
