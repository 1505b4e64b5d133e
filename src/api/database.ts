// SQLite databases of other programs, opened by the host so that a plugin needs no native module of its own.

export type DatabaseValue = string | number | Uint8Array | null

export type DatabaseRow = Readonly<Record<string, DatabaseValue>>

/** A database that is only read: the program may have it open, and nothing of it is locked or changed. */
export interface Database {
  /** Columns by table, in the order of the schema; views are not in it, because a hostile one never ends. */
  readonly tables: ReadonlyMap<string, readonly string[]>
  /**
   * Rows one after another; nothing else may be asked of this database until they have been read or left.
   *
   * @throws FORMAT_INVALID where the query names what is not there, or the file is damaged
   */
  rows(sql: string, values?: readonly DatabaseValue[]): Iterable<DatabaseRow>
  /** Safe to call twice. */
  close(): void
}

/** A database in a temporary place, to be changed and then handed out as the content of a file. */
export interface DatabaseCopy extends Database {
  /** Runs one statement. @returns the id of the row that an INSERT made */
  run(sql: string, values?: readonly DatabaseValue[]): number
  /** Ends the transaction, checks that the whole is sound, and hands out its bytes; nothing can be asked of it then. */
  chunks(): AsyncIterable<Uint8Array>
}

export interface DatabaseAccess {
  /** @param path absolute, as `FileAccess.resolve` gives it. @throws FILE_NOT_FOUND, FORMAT_INVALID */
  open(path: string): Promise<Database>
  /**
   * A copy to write into: of the database at `path`, with what its journal holds, else of a new one that `schema` makes.
   * Everything runs in one transaction, which `chunks` ends.
   *
   * @param schema statements for the case that there is no file; null refuses then with FILE_NOT_FOUND
   */
  copy(path: string, schema: string | null): Promise<DatabaseCopy>
}
