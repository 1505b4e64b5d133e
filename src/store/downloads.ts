// The archive of downloads: which link became which audio, so that nothing is fetched twice.
import type {JsonValue} from '../core/json.js'
import type {SqliteFile} from './sqlite.js'

/** `review` waits for the person's choice; `failed` may be tried again, `gone` not. */
export type DownloadState = 'wanted' | 'done' | 'review' | 'failed' | 'gone'

export interface Download {
  /** As the service names the piece for good, so that one piece has one link. */
  readonly link: string
  readonly state: DownloadState
  readonly audioHash: string | null
  readonly path: string | null
  /** Title, reasons, candidates: what the download room wants to keep. */
  readonly details: Readonly<Record<string, JsonValue>>
}

export interface DownloadRepository {
  get(link: string): Download | null
  byAudioHash(hash: string): Download[]
  list(state?: DownloadState): Download[]
  put(download: Download): void
  /** Of these links, the ones that are `done` or `gone`. */
  settled(links: readonly string[]): Set<string>
  remove(link: string): void
}

export function downloadRepository(db: SqliteFile, clock: {readonly nowMs: () => number}): DownloadRepository {
  type Row = Omit<Download, 'details'> & {details: string}
  const columns = 'SELECT link, state, audio_hash AS audioHash, path, details FROM downloads'
  const fromRow = (row: Row): Download => ({...row, details: JSON.parse(row.details)})
  const byLink = db.prepare<Row>(`${columns} WHERE link = ?`)
  return {
    get(link) {
      const row = byLink.get(link)
      return row === undefined ? null : fromRow(row)
    },
    byAudioHash: (hash) => db.prepare<Row>(`${columns} WHERE audio_hash = ? ORDER BY link`).all(hash).map(fromRow),
    list: (state) =>
      db
        .prepare<Row>(`${columns} WHERE state = ifnull(?, state) ORDER BY updated_at_ms, link`)
        .all(state ?? null)
        .map(fromRow),
    put({link, state, audioHash, path, details}) {
      db.prepare(
        `INSERT OR REPLACE INTO downloads (link, state, audio_hash, path, updated_at_ms, details)
         VALUES (?, ?, ?, ?, ?, ?)`,
      ).run(link, state, audioHash, path, clock.nowMs(), JSON.stringify(details))
    },
    settled(links) {
      const rows = db
        .prepareRaw<[string]>(
          `SELECT d.link FROM downloads d JOIN json_each(?) wanted ON wanted.value = d.link
           WHERE d.state IN ('done', 'gone')`,
        )
        .all(JSON.stringify(links))
      return new Set(rows.map(([link]) => link))
    },
    remove(link) {
      db.prepare('DELETE FROM downloads WHERE link = ?').run(link)
    },
  }
}
