// Lets a plugin project import `crate-dj/plugin` and `crate-dj/testing` from the crate that is installed: a link in its
// node_modules, where the package from npm would bring hundreds of others that a plugin never uses.
import {existsSync, lstatSync} from 'node:fs'
import {mkdir, rm, symlink} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {CrateError} from '../../core/errors.js'

export interface LinkedKit {
  /** Where it is linked, in the project. */
  readonly path: string
  /** Crate's own folder; null where the project has crate-dj from npm, which stays. */
  readonly crateRoot: string | null
}

/**
 * @param folder of the plugin project
 * @param crateRoot folder of crate's own package
 * @throws FILE_NOT_FOUND where the folder is no project
 */
export async function linkKit(folder: string, crateRoot: string): Promise<LinkedKit> {
  const root = resolve(folder)
  if (!existsSync(join(root, 'package.json')))
    throw new CrateError('FILE_NOT_FOUND', `${root} has no package.json`, {
      hints: ['Go into the folder of the plugin, or start one: crate plugins new NAME'],
    })
  const path = join(root, 'node_modules', 'crate-dj')
  const there = lstatSync(path, {throwIfNoEntry: false})
  if (there !== undefined && !there.isSymbolicLink()) return {path, crateRoot: null}
  await mkdir(join(root, 'node_modules'), {recursive: true})
  await rm(path, {force: true})
  // A junction needs no rights on Windows; elsewhere the type is not looked at.
  await symlink(crateRoot, path, 'junction')
  return {path, crateRoot}
}
