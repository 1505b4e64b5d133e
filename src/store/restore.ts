// Puts a backup in the place of a library; what was there is kept beside it.
import {existsSync} from 'node:fs'
import {rename, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {CrateError, isCrateError} from '../core/errors.js'
import {DATABASE_NAME, openLibrary} from './library.js'
import {acquireSyncLock} from './lock.js'
import {openDatabase} from './open-database.js'

const LOG_ENDINGS = ['-wal', '-shm']

/**
 * Restores a library from a copy that `Library.backup` made. A library of an older crate is brought up to date when it
 * is opened next; the vector index is made again by the next refresh.
 *
 * @param backupPath file of the copy; it is only read
 * @returns where the library that was there is kept; null where there was none
 * @throws FILE_NOT_FOUND, LIBRARY_DAMAGED and LIBRARY_NEWER for the copy, LIBRARY_BUSY, DISK_FULL, FILE_UNWRITABLE
 */
export async function restoreLibrary(folder: string, backupPath: string, nowMs: number): Promise<string | null> {
  const lock = acquireSyncLock(folder, nowMs)
  try {
    const source = openDatabase(backupPath, {isReadOnly: true})
    try {
      const [line] = source.prepareRaw<[string]>('PRAGMA quick_check(1)').get() ?? []
      if (line !== 'ok')
        throw new CrateError('LIBRARY_DAMAGED', `the backup ${backupPath} is damaged: ${line}`, {
          hints: ['Choose another backup; the library stays as it is'],
          details: {path: backupPath},
        })
      const keptAt = await putAside(folder, nowMs)
      await source.backup(join(folder, DATABASE_NAME))
      return keptAt
    } finally {
      source.close()
    }
  } finally {
    lock.release()
  }
}

/** A sound library as one whole file; one that does not open as it is, with its log. */
async function putAside(folder: string, nowMs: number): Promise<string | null> {
  const path = join(folder, DATABASE_NAME)
  if (!existsSync(path)) return null
  const keptAt = join(folder, `library-before-${new Date(nowMs).toISOString().replaceAll(':', '-')}.db`)
  try {
    const library = openLibrary(folder)
    try {
      await library.backup(keptAt)
    } finally {
      library.close()
    }
    // A log that somebody else left belongs to the old file and would spoil the new one.
    for (const ending of LOG_ENDINGS) await rm(path + ending, {force: true})
  } catch (error) {
    if (!isCrateError(error) || (error.code !== 'LIBRARY_DAMAGED' && error.code !== 'LIBRARY_NEWER')) throw error
    for (const ending of ['', ...LOG_ENDINGS])
      if (existsSync(path + ending)) await rename(path + ending, keptAt + ending)
  }
  return keptAt
}
