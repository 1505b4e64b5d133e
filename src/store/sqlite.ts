// One open SQLite file: statements prepared once, errors as CrateErrors, transactions that nest.
import {rename, rm} from 'node:fs/promises'
import Sqlite from 'better-sqlite3'
import {CrateError, crateErrorFrom, isCrateError} from '../core/errors.js'
import {holdNative, MUST_HOLD_NATIVE} from '../core/native-objects.js'
import {crateErrorFromSqlite} from './sqlite-errors.js'

export type SqlValue = string | number | bigint | Uint8Array | null
export type SqlRow = Readonly<Record<string, SqlValue>>

/** @typeParam Row what a row looks like, by the author of the SQL */
export interface Statement<Row> {
  run(...values: SqlValue[]): {changes: number; lastRow: number}
  get(...values: SqlValue[]): Row | undefined
  all(...values: SqlValue[]): Row[]
  /** Nothing may be written through the same connection while it goes on; see `inBatches` of the repositories. */
  iterate(...values: SqlValue[]): IterableIterator<Row>
}

export interface SqliteFile {
  readonly path: string
  readonly isReadOnly: boolean
  /** The same text gives the same statement. */
  prepare<Row>(sql: string): Statement<Row>
  /** Rows as arrays in the order of the columns: cheaper where there are many of few columns. */
  prepareRaw<Row extends readonly SqlValue[]>(sql: string): Statement<Row>
  exec(sql: string): void
  /** All or nothing; inside another one it joins that. Takes the write lock at once, so that it cannot deadlock. */
  transaction<T>(work: () => T): T
  pragma(text: string): unknown
  /** A function for SQL with as many arguments as `body` names; must be deterministic. */
  define(name: string, body: (...values: SqlValue[]) => SqlValue): void
  /** A whole, consistent copy while others read and write; in place of what was there only when it is complete. */
  backup(toPath: string): Promise<void>
  close(): void
}

/** Waiting for another process's write; crate's own transactions are far shorter. */
export const BUSY_TIMEOUT_MS = 10_000

/** Queries of people compile to texts without end; the repositories keep the statements that they need always. */
const MOST_STATEMENTS = 500

/** @throws TOOL_FAILED where SQLite's binary does not fit this Node, FILE_UNREADABLE and others of `crateErrorFromSqlite` */
export function openSqlite(
  path: string,
  options: {readonly isReadOnly?: boolean; readonly busyTimeoutMs?: number; readonly bytes?: Uint8Array} = {},
): SqliteFile {
  const guard = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw crateErrorFromSqlite(error, path)
    }
  }
  const isReadOnly = options.isReadOnly ?? false
  const timeout = options.busyTimeoutMs ?? BUSY_TIMEOUT_MS
  const db = guard(() =>
    holdNative(
      options.bytes === undefined
        ? new Sqlite(path, {readonly: isReadOnly, fileMustExist: isReadOnly, timeout})
        : new Sqlite(Buffer.from(options.bytes), {readonly: true}),
    ),
  )

  const statements = new Map<string, Statement<unknown>>()
  const prepared = <Row>(sql: string, isRaw: boolean): Statement<Row> => {
    const known = statements.get((isRaw ? 'raw ' : '') + sql)
    if (known !== undefined) return known as Statement<Row>
    const native = guard(() => holdNative(db.prepare<SqlValue[], SqlValue[]>(sql)))
    if (native.reader) native.raw(true)
    const shape = isRaw || !native.reader ? (values: SqlValue[]) => values as Row : namesValues<Row>(native.columns())
    const statement: Statement<Row> = {
      run: (...values) =>
        guard(() => {
          const {changes, lastInsertRowid} = native.run(...values)
          return {changes, lastRow: Number(lastInsertRowid)}
        }),
      get: (...values) => {
        const row = guard(() => native.get(...values))
        return row === undefined ? undefined : shape(row)
      },
      all: (...values) => guard(() => native.all(...values)).map(shape),
      iterate: (...values) =>
        mapRows(
          guard(() => holdNative(native.iterate(...values))),
          shape,
        ),
    }
    if (statements.size >= MOST_STATEMENTS) statements.clear()
    statements.set((isRaw ? 'raw ' : '') + sql, statement)
    return statement
  }

  return {
    path,
    isReadOnly,
    prepare: (sql) => prepared(sql, false),
    prepareRaw: (sql) => prepared(sql, true),
    exec(sql) {
      guard(() => db.exec(sql))
    },
    transaction(work) {
      return guard(() => {
        if (db.inTransaction) return work()
        return db.transaction(work).immediate()
      })
    },
    pragma: (text) =>
      guard(() => {
        // Not by the driver's `pragma`, whose statement nobody could hold.
        const native = holdNative(db.prepare(`PRAGMA ${text}`))
        return native.reader ? native.pluck().get() : void native.run()
      }),
    define(name, body) {
      db.function(name, {deterministic: true}, body as (...values: unknown[]) => unknown)
    },
    async backup(toPath) {
      const unfinished = `${toPath}.part`
      try {
        await rm(unfinished, {force: true})
        // The driver's `backup` drops its native object itself, so that nobody could hold it.
        if (MUST_HOLD_NATIVE) holdNative(db.prepare('VACUUM INTO ?')).run(unfinished)
        else await db.backup(unfinished)
        await rename(unfinished, toPath)
      } catch (error) {
        await rm(unfinished, {force: true}).catch(() => {})
        const known = crateErrorFromSqlite(error, toPath)
        if (isCrateError(known)) throw known
        throw new CrateError(
          'FILE_UNWRITABLE',
          `the copy ${toPath} cannot be written: ${crateErrorFrom(error).message}`,
          {
            hints: ['Name a file in a folder that exists and may be written'],
            details: {path: toPath},
            cause: error,
          },
        )
      }
    },
    close() {
      if (db.open) db.close()
    },
  }
}

/** The driver's own rows by name take about half as long again as arrays that are named here. */
function namesValues<Row>(columns: readonly {readonly name: string}[]): (values: readonly SqlValue[]) => Row {
  const names = columns.map(({name}) => name)
  return (values) => {
    const row: Record<string, SqlValue> = {}
    for (const [index, name] of names.entries()) row[name] = values[index] ?? null
    return row as Row
  }
}

function* mapRows<Row>(rows: Iterable<SqlValue[]>, shape: (values: SqlValue[]) => Row): Generator<Row> {
  for (const row of rows) yield shape(row)
}
