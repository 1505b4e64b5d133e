// One sync at a time in a library: a lock of the operating system, which goes with the process that holds it.
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {CrateError, crateErrorFrom} from '../core/errors.js'
import {openSqlite} from './sqlite.js'

export interface Lock {
  /** May be called again. */
  release(): void
}

/**
 * The lock of a library for the one job of a kind (`sync`, `vectors`) that may run in it.
 *
 * It is the write lock of a tiny SQLite file, kept in an open transaction: the system drops it when the process ends in
 * any way, also by kill -9. The row inside is written before the lock is taken for good and can be read under it.
 *
 * @throws LIBRARY_BUSY with `details.pid` of the holder
 */
export function acquireLock(folder: string, name: string, nowMs: number): Lock {
  mkdirSync(folder, {recursive: true})
  const path = join(folder, `${name}.lock`)
  const db = openSqlite(path, {busyTimeoutMs: 200})
  const readHolder = () => db.prepare<Holder>('SELECT pid, since_ms AS sinceMs FROM holder').get()
  try {
    db.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL, since_ms REAL NOT NULL) STRICT')
    // Between writing and locking another process may write: then write again.
    for (;;) {
      db.exec('BEGIN IMMEDIATE')
      const {pid, sinceMs} = readHolder() ?? {}
      if (pid === process.pid && sinceMs === nowMs) return {release: () => db.close()}
      db.exec('DELETE FROM holder')
      db.prepare('INSERT INTO holder VALUES (?, ?)').run(process.pid, nowMs)
      db.exec('COMMIT')
    }
  } catch (error) {
    try {
      throw crateErrorFrom(error).code === 'LIBRARY_BUSY' ? busy(name, folder, readHolder()) : error
    } finally {
      db.close()
    }
  }
}

interface Holder {
  readonly pid: number
  readonly sinceMs: number
}

function busy(name: string, folder: string, holder: Holder | undefined): CrateError {
  const who = holder === undefined ? 'another crate' : `another crate (process ${holder.pid})`
  return new CrateError('LIBRARY_BUSY', `${who} is running a ${name} in this library`, {
    hints: ['Wait until it has finished, or stop it and run the command again'],
    details: {folder, pid: holder?.pid ?? null, sinceMs: holder?.sinceMs ?? null},
  })
}

/**
 * @param nowMs shown to whoever finds the lock taken
 * @throws LIBRARY_BUSY with `details.pid` of the sync that is running
 */
export function acquireSyncLock(folder: string, nowMs: number = Date.now()): Lock {
  return acquireLock(folder, 'sync', nowMs)
}
