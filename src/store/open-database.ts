// Opens library.db: makes it, brings it up to date, or says plainly why it cannot be used.
import {accessSync, constants, existsSync, mkdirSync, readFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {CrateError, crateErrorFrom} from '../core/errors.js'
import {MIGRATIONS} from './migrations/index.js'
import {openSqlite, type SqliteFile} from './sqlite.js'

/** `crat` in ASCII: SQLite keeps it in the file's header, so that another program's database is told from ours. */
const APPLICATION_ID = 0x63726174

/** @throws LIBRARY_NEWER, LIBRARY_DAMAGED, DISK_FULL, FILE_UNREADABLE, FILE_UNWRITABLE, TOOL_FAILED, FILE_NOT_FOUND */
export function openDatabase(path: string, options: {readonly isReadOnly: boolean}): SqliteFile {
  if (options.isReadOnly) return openForReading(path)
  try {
    mkdirSync(dirname(path), {recursive: true})
    accessSync(dirname(path), constants.W_OK)
  } catch (error) {
    const reason = crateErrorFrom(error).message
    throw new CrateError('FILE_UNWRITABLE', `the library folder ${dirname(path)} cannot be written: ${reason}`, {
      hints: ['Check who owns it and that the disk is not write-protected', 'Or choose another: --library DIR'],
      details: {path},
      cause: error,
    })
  }
  const db = openSqlite(path)
  try {
    checkOwner(db)
    useWriteAheadLog(db)
    // With a write-ahead log, NORMAL never damages the file; a power cut can take back the last seconds, which the next
    // sync does again. FULL would wait for the disk at every commit. A killed process loses nothing in either.
    db.pragma('synchronous = NORMAL')
    db.pragma('foreign_keys = ON')
    db.pragma('checkpoint_fullfsync = ON')
    db.pragma('cache_size = -65536')
    db.pragma('temp_store = MEMORY')
    migrate(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** A folder that cannot be written holds no shared memory for the log: then the file is read whole, as it stands. */
function openForReading(path: string): SqliteFile {
  if (!existsSync(path))
    throw new CrateError('FILE_NOT_FOUND', `there is no library at ${path}`, {
      hints: ['Make one: crate sync FOLDER', 'Or name another: --library DIR'],
      details: {path},
    })
  const open = (options: Parameters<typeof openSqlite>[1]) => {
    const db = openSqlite(path, options)
    try {
      checkOwner(db)
      checkVersion(db)
      db.prepare('SELECT count(*) FROM settings').get()
      return db
    } catch (error) {
      db.close()
      throw error
    }
  }
  try {
    return open({isReadOnly: true})
  } catch (error) {
    const {code} = crateErrorFrom(error)
    if ((code !== 'FILE_UNREADABLE' && code !== 'FILE_UNWRITABLE') || existsSync(`${path}-wal`)) throw error
    return open({bytes: withoutWriteAheadLog(readFileSync(path))})
  }
}

/** Bytes 18 and 19 of the header say whether the file has a log (2) or not (1); without a log beside it, both are true. */
function withoutWriteAheadLog(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy.fill(1, 18, 20)
  return copy
}

/** Changing to the log needs the file alone for a moment, and SQLite does not wait for that by itself. */
function useWriteAheadLog(db: SqliteFile): void {
  for (let attempt = 0; ; attempt++) {
    try {
      db.pragma('journal_mode = WAL')
      return
    } catch (error) {
      if (crateErrorFrom(error).code !== 'LIBRARY_BUSY' || attempt === 100) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
    }
  }
}

function checkOwner(db: SqliteFile): void {
  const owner = Number(db.pragma('application_id'))
  const tables = db.prepare<{count: number}>('SELECT count(*) AS count FROM sqlite_schema').get()?.count ?? 0
  if (owner !== APPLICATION_ID && tables > 0)
    throw new CrateError('LIBRARY_DAMAGED', `${db.path} is a database of another program, not a crate library`, {
      hints: ['Choose another folder: --library DIR or CRATE_LIBRARY'],
      details: {path: db.path, applicationId: owner},
    })
}

function checkVersion(db: SqliteFile): void {
  const version = Number(db.pragma('user_version'))
  if (version > MIGRATIONS.length)
    throw new CrateError(
      'LIBRARY_NEWER',
      `${db.path} was made by a newer crate (its version ${version}, ours ${MIGRATIONS.length})`,
      {
        hints: ['Update crate: npm install --global crate-dj@latest', 'Or use another library: --library DIR'],
        details: {path: db.path, version, supported: MIGRATIONS.length},
      },
    )
  if (db.isReadOnly && version < MIGRATIONS.length)
    throw new CrateError('FILE_UNWRITABLE', `${db.path} is of an older crate and has to be brought up to date first`, {
      hints: ['Open it once where it may be written: crate library stats'],
      details: {path: db.path, version, supported: MIGRATIONS.length},
    })
}

/** All that is missing, in one transaction; a second process waits and then finds nothing to do. */
function migrate(db: SqliteFile): void {
  checkVersion(db)
  if (Number(db.pragma('user_version')) === MIGRATIONS.length) return
  db.transaction(() => {
    checkVersion(db)
    const version = Number(db.pragma('user_version'))
    for (const migration of MIGRATIONS.slice(version)) db.exec(migration.sql)
    db.pragma(`user_version = ${MIGRATIONS.length}`)
    db.pragma(`application_id = ${APPLICATION_ID}`)
  })
}
