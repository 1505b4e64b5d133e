// What was played when: imported histories and crate's own nights, from which suggestions learn.
import type {TrackId} from '../core/track.js'
import type {SqliteFile, SqlValue} from './sqlite.js'

export interface Play {
  /** Where it is known from: `serato`, `traktor`, `live`, … */
  readonly source: string
  /** One night in that source; any text that stays the same when it is imported again. */
  readonly session: string
  readonly atMs: number
  /** Null where the library does not hold what was played. */
  readonly trackId: TrackId | null
  readonly artist: string | null
  readonly title: string | null
  readonly path: string | null
  /** From 1. */
  readonly deck: number | null
  /** How long it was on air. */
  readonly durationMs: number | null
}

export interface PlayFilter {
  readonly fromMs?: number
  readonly untilMs?: number
  readonly source?: string
  readonly session?: string
  readonly trackId?: TrackId
}

export interface PlaySession {
  readonly source: string
  readonly session: string
  readonly startMs: number
  readonly endMs: number
  readonly playCount: number
}

export interface PlayRepository {
  /** What is known already (same source, session, moment, deck and piece) is left out; returns how many were new. */
  add(plays: readonly Play[]): number
  /** In order of time. */
  list(filter?: PlayFilter): Play[]
  sessions(): PlaySession[]
  /** Joins plays without a track to the tracks that have come since, by path; returns how many. */
  rejoin(): number
}

export function playRepository(db: SqliteFile): PlayRepository {
  const insert = db.prepare(
    `INSERT OR IGNORE INTO plays (source, session, at_ms, track_row, artist, title, path, deck, duration_ms)
     VALUES (?, ?, ?, (SELECT row FROM tracks WHERE id = ?), ?, ?, ?, ?, ?)`,
  )
  return {
    add(plays) {
      return db.transaction(() => {
        let added = 0
        for (const play of plays) {
          const {source, session, atMs, trackId, artist, title, path, deck, durationMs} = play
          added += insert.run(source, session, atMs, trackId, artist, title, path, deck, durationMs).changes
        }
        return added
      })
    },
    list({fromMs, untilMs, source, session, trackId} = {}) {
      const wanted: [string, SqlValue | undefined][] = [
        ['p.at_ms >= ?', fromMs],
        ['p.at_ms < ?', untilMs],
        ['p.source = ?', source],
        ['p.session = ?', session],
        ['t.id = ?', trackId],
      ]
      const given = wanted.filter((part): part is [string, SqlValue] => part[1] !== undefined)
      const where = given.length === 0 ? '' : `WHERE ${given.map(([sql]) => sql).join(' AND ')}`
      return db
        .prepare<Play>(
          `SELECT p.source, p.session, p.at_ms AS atMs, t.id AS trackId, p.artist, p.title, p.path, p.deck,
             p.duration_ms AS durationMs
           FROM plays p LEFT JOIN tracks t ON t.row = p.track_row ${where} ORDER BY p.at_ms, p.row`,
        )
        .all(...given.map(([, value]) => value))
    },
    sessions: () =>
      db
        .prepare<PlaySession>(
          `SELECT source, session, min(at_ms) AS startMs, max(at_ms + ifnull(duration_ms, 0)) AS endMs,
             count(*) AS playCount
           FROM plays GROUP BY source, session ORDER BY startMs, source, session`,
        )
        .all(),
    rejoin: () =>
      db
        .prepare(
          `UPDATE plays SET track_row = (SELECT row FROM tracks WHERE tracks.path = plays.path)
           WHERE track_row IS NULL AND path IN (SELECT path FROM tracks)`,
        )
        .run().changes,
  }
}
