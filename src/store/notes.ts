// The library's notes about itself: settings that rooms keep in it, and which imports it has seen.
import type {JsonValue} from '../core/json.js'
import type {SqliteFile} from './sqlite.js'

export interface SettingRepository {
  get(name: string): JsonValue | null
  /** Null removes it. */
  set(name: string, value: JsonValue): void
}

export function settingRepository(db: SqliteFile): SettingRepository {
  return {
    get(name) {
      const row = db.prepare<{value: string}>('SELECT value FROM settings WHERE name = ?').get(name)
      return row === undefined ? null : (JSON.parse(row.value) as JsonValue)
    },
    set(name, value) {
      if (value === null) db.prepare('DELETE FROM settings WHERE name = ?').run(name)
      else db.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)').run(name, JSON.stringify(value))
    },
  }
}

export interface ImportRecord {
  readonly format: string
  /** The path that was read. */
  readonly source: string
  readonly atMs: number
  /** Counts and warnings, as the import reported them. */
  readonly summary: Readonly<Record<string, JsonValue>>
}

export interface ImportRepository {
  record(done: Omit<ImportRecord, 'atMs'>): void
  /** The newest first. */
  list(): ImportRecord[]
}

export function importRepository(db: SqliteFile, clock: {readonly nowMs: () => number}): ImportRepository {
  return {
    record({format, source, summary}) {
      db.prepare('INSERT INTO imports (format, source, at_ms, summary) VALUES (?, ?, ?, ?)').run(
        format,
        source,
        clock.nowMs(),
        JSON.stringify(summary),
      )
    },
    list: () =>
      db
        .prepare<Omit<ImportRecord, 'summary'> & {summary: string}>(
          'SELECT format, source, at_ms AS atMs, summary FROM imports ORDER BY row DESC',
        )
        .all()
        .map((row) => ({...row, summary: JSON.parse(row.summary)})),
  }
}
