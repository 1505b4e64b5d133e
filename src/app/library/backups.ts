// Backups: of the library itself, and of files that crate changed; and the way back.
import {existsSync} from 'node:fs'
import {mkdir, rename, rm, stat} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'
import {type Backup, type BackupStore, backupStore, type RestoredBackup} from '../../adapters/backups/backup-store.js'
import {expandHome} from '../../adapters/config/config-file.js'
import {fileError} from '../../adapters/files/errors.js'
import type {Environment} from '../../core/environment.js'
import {CrateError} from '../../core/errors.js'
import {createRegistry} from '../../host/registry.js'
import type {Library} from '../../store/library.js'
import {refuseWhileRunning} from '../refuse-while-running.js'

/** A whole copy of library.db while others read and write; vectors are made again from it. */
export async function backupLibrary(
  {nowMs}: Environment,
  library: Library,
  target: string | null,
): Promise<{path: string; bytes: number}> {
  const name = `library-${new Date(nowMs()).toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')}.db`
  const path = target === null ? join(library.folder, 'backups', name) : resolve(expandHome(target))
  if (existsSync(path)) throw new CrateError('FILE_EXISTS', `${path} is there already`, {hints: ['Name another file.']})
  const partial = `${path}.crate-part`
  try {
    await mkdir(dirname(path), {recursive: true})
    await library.backup(partial)
    await rename(partial, path)
    return {path, bytes: (await stat(path)).size}
  } catch (error) {
    await rm(partial, {force: true})
    throw fileError(error, path, 'write')
  }
}

/**
 * Puts a copy that `backupLibrary` made in the place of the library.
 *
 * @param path of the copy
 * @returns where the library that was there until now is kept; null where there was none
 * @throws FILE_NOT_FOUND, LIBRARY_DAMAGED, LIBRARY_NEWER, LIBRARY_BUSY, DISK_FULL
 */
export async function restoreWholeLibrary(
  {libraryFolder, nowMs}: Environment,
  path: string,
  {isDryRun}: {readonly isDryRun: boolean},
): Promise<{library: string; before: string | null}> {
  const copy = resolve(expandHome(path))
  if (isDryRun) {
    const {openDatabase} = await import('../../store/open-database.js')
    openDatabase(copy, {isReadOnly: true}).close()
    return {library: libraryFolder, before: null}
  }
  const {restoreLibrary} = await import('../../store/restore.js')
  await mkdir(libraryFolder, {recursive: true})
  return {library: libraryFolder, before: await restoreLibrary(libraryFolder, copy, nowMs())}
}

export function listBackups(environment: Environment): Promise<readonly Backup[]> {
  return backupsOf(environment).list()
}

/**
 * @param id of a backup, or the start of one
 * @throws FILE_NOT_FOUND, USAGE where several fit, TARGET_RUNNING where the files are of a program that is open
 */
export async function restoreBackup(environment: Environment, id: string): Promise<RestoredBackup> {
  const backup = await findBackup(environment, id)
  await refuseWhileItsProgramRuns(environment, backup)
  return backupsOf(environment).restore(backup.id)
}

function backupsOf({libraryFolder, nowMs}: Environment): BackupStore {
  return backupStore(join(libraryFolder, 'backups'), nowMs)
}

/** @throws FILE_NOT_FOUND, USAGE where several fit */
export async function findBackup(environment: Environment, id: string): Promise<Backup> {
  const store = backupsOf(environment)
  const fitting = (await store.list()).filter((backup) => backup.id.startsWith(id))
  if (fitting.length > 1 && !fitting.some((backup) => backup.id === id))
    throw new CrateError('USAGE', `several backups start with "${id}"`, {
      hints: fitting.slice(0, 5).map((backup) => backup.id),
    })
  return store.find(fitting.find((other) => other.id === id)?.id ?? fitting[0]?.id ?? id)
}

async function refuseWhileItsProgramRuns(environment: Environment, {formatId, files}: Backup): Promise<void> {
  if (formatId === undefined || files.length === 0) return
  const formats = await createRegistry(environment).list('exporters')
  const format = formats.find(({contribution}) => contribution.id === formatId)
  // A plugin that is not installed any more cannot tell what its program is called.
  if (format === undefined) return
  await refuseWhileRunning(format.contribution, [...new Set(files.map(({path}) => dirname(path)))])
}
