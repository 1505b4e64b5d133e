// Reads another program's SQLite database, which that program may have open: never written, never locked.
import {CrateError} from '../../core/errors.js'
import {holdNative} from '../../core/native-objects.js'

export type ForeignRow = Readonly<Record<string, string | number | null>>

/**
 * Rows of a query on a database that is opened for reading only.
 *
 * @throws FORMAT_INVALID where it is no database or has not the tables that are asked for
 */
export async function queryForeign(path: string, sql: string): Promise<ForeignRow[]> {
  const {default: Sqlite} = await import('better-sqlite3')
  try {
    const db = holdNative(new Sqlite(path, {readonly: true, fileMustExist: true, timeout: 5000}))
    try {
      return holdNative(db.prepare(sql)).all() as ForeignRow[]
    } finally {
      db.close()
    }
  } catch (error) {
    throw new CrateError(
      'FORMAT_INVALID',
      `${path} cannot be read as this program's database: ${(error as Error).message}`,
      {
        hints: ['Close the program and try again, or point at another file.'],
        details: {path},
        cause: error,
      },
    )
  }
}
