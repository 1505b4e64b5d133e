// Other programs' SQLite databases for importers and exporters: read in place without a lock, written only as a copy.
import {createReadStream, existsSync} from 'node:fs'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type BetterSqlite from 'better-sqlite3'
import type {Database, DatabaseAccess, DatabaseCopy, DatabaseRow, DatabaseValue} from '../../api/database.js'
import {CrateError} from '../../core/errors.js'
import {holdNative, MUST_HOLD_NATIVE} from '../../core/native-objects.js'

type Connection = BetterSqlite.Database

/** Not by the driver's `pragma`, whose statement nobody could hold. */
function pragma(db: Connection, text: string): unknown {
  const statement = holdNative(db.prepare(`PRAGMA ${text}`))
  return statement.reader ? statement.pluck().get() : statement.run()
}

const WAIT_MS = 5000

/** Longer values than any that DJ programs keep (waveforms, pictures) are a trap: SQLite allows a gigabyte each. */
const MAX_VALUE_BYTES = 64 << 20

export function databaseAccess(): DatabaseAccess {
  return {
    open: async (path) => {
      const db = await connect(path, {readonly: true})
      return guarded(path, () => readerOf(db, path), db)
    },
    copy: (path, schema) => copyOf(path, schema),
  }
}

async function connect(path: string, options: {readonly: boolean}): Promise<Connection> {
  if (options.readonly && !existsSync(path)) throw notFound(path)
  const {default: Sqlite} = await import('better-sqlite3')
  return guarded(path, () => {
    const db = holdNative(new Sqlite(path, {...options, fileMustExist: options.readonly, timeout: WAIT_MS}))
    pragma(db, 'trusted_schema = OFF')
    pragma(db, 'cell_size_check = ON')
    return db
  })
}

function notFound(path: string): CrateError {
  return new CrateError('FILE_NOT_FOUND', `there is no database ${path}`, {
    hints: ['Start the program once, so that it makes its database, or check the path.'],
    details: {path},
  })
}

/** Runs it, and turns SQLite's errors into crate's. @param db closed where it fails */
function guarded<Value>(path: string, run: () => Value, db?: Connection): Value {
  try {
    return run()
  } catch (error) {
    db?.close()
    if (error instanceof CrateError) throw error
    throw new CrateError('FORMAT_INVALID', `the database ${path} cannot be used: ${(error as Error).message}`, {
      hints: ['Close the program that it belongs to and try again, or point at another file.'],
      details: {path},
      cause: error,
    })
  }
}

function readerOf(db: Connection, path: string): Database {
  const names = holdNative(db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'")).pluck().all() as string[]
  const columnsOf = holdNative(db.prepare('SELECT name FROM pragma_table_info(?)')).pluck()
  const tables = new Map(names.map((name) => [name, columnsOf.all(name) as string[]]))
  return {
    tables,
    rows: function* (sql, values = []) {
      const rows = guarded(path, () => holdNative(holdNative(db.prepare(sql)).iterate(...values)))
      try {
        for (;;) {
          const next = guarded(path, () => rows.next())
          if (next.done === true) return
          yield boundedRow(next.value as DatabaseRow, path)
        }
      } finally {
        rows.return?.()
      }
    },
    close: () => {
      db.close()
    },
  }
}

function boundedRow(row: DatabaseRow, path: string): DatabaseRow {
  for (const [name, value] of Object.entries(row))
    if (lengthOf(value) > MAX_VALUE_BYTES)
      throw new CrateError('FORMAT_INVALID', `${path} holds ${lengthOf(value)} bytes in one value of ${name}`)
  return row
}

function lengthOf(value: DatabaseValue): number {
  return typeof value === 'string' || value instanceof Uint8Array ? value.length : 0
}

/** SQLite's own backup, so that a journal that the program left behind is in the copy. */
async function copyOf(path: string, schema: string | null): Promise<DatabaseCopy> {
  const isThere = existsSync(path)
  if (!isThere && schema === null) throw notFound(path)
  const folder = await mkdtemp(join(tmpdir(), 'crate-database-'))
  const copyPath = join(folder, 'copy.db')
  let db: Connection | null = null
  try {
    if (isThere) {
      const source = await connect(path, {readonly: true})
      await copyDatabase(source, copyPath)
        .catch((error: unknown) => guarded(path, () => Promise.reject(error)))
        .finally(() => source.close())
    }
    db = await connect(copyPath, {readonly: false})
    const open = db
    return guarded(path, () => {
      pragma(open, 'journal_mode = DELETE')
      pragma(open, 'foreign_keys = OFF')
      if (!isThere && schema !== null) open.exec(schema)
      const reader = readerOf(open, path)
      const statements = new Map<string, BetterSqlite.Statement>()
      open.exec('BEGIN')
      return {
        ...reader,
        run: (sql, values = []) =>
          guarded(path, () => {
            const statement = statements.get(sql) ?? holdNative(open.prepare(sql))
            statements.set(sql, statement)
            return Number(statement.run(...values).lastInsertRowid)
          }),
        chunks: () => finished(open, path, folder),
        close: () => {
          open.close()
          void rm(folder, {recursive: true, force: true})
        },
      }
    })
  } catch (error) {
    db?.close()
    await rm(folder, {recursive: true, force: true})
    throw error instanceof CrateError
      ? error
      : new CrateError('FORMAT_INVALID', `the database ${path} cannot be copied: ${(error as Error).message}`, {
          cause: error,
        })
  }
}

async function copyDatabase(source: Connection, path: string): Promise<void> {
  // The driver's `backup` drops its native object itself, so that nobody could hold it.
  if (MUST_HOLD_NATIVE) holdNative(source.prepare('VACUUM INTO ?')).run(path)
  else await source.backup(path)
}

async function* finished(db: Connection, path: string, folder: string): AsyncGenerator<Uint8Array> {
  try {
    guarded(path, () => {
      db.exec('COMMIT')
      const fault = pragma(db, 'quick_check(1)')
      if (fault !== 'ok') throw new CrateError('FORMAT_INVALID', `the database ${path} is damaged: ${String(fault)}`)
    })
    db.close()
    for await (const chunk of createReadStream(join(folder, 'copy.db'), {highWaterMark: 1 << 18}))
      yield chunk as Uint8Array
  } finally {
    db.close()
    await rm(folder, {recursive: true, force: true})
  }
}
