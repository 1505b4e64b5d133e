// Tracks by a query: as a table shows them, counted, or read in batches.
import {EVERYTHING, type Query} from '../core/query/query.js'
import type {Track, TrackId} from '../core/track.js'
import {joinsFor, orderFromSorts, type PlaylistRows, whereFromQuery} from './query-sql.js'
import type {SqliteFile, SqlValue} from './sqlite.js'
import {layeredTags, SELECT_TRACK, type TrackRow, trackFromRow} from './track-rows.js'

export interface ListOptions {
  readonly query?: Query
  /** Beside the query's own; the smaller holds. */
  readonly limit?: number
  readonly offset?: number
}

/** What a table shows of a track, without reading grids, sections and cues. */
export interface TrackSummary {
  readonly id: TrackId
  readonly path: string
  readonly title: string | null
  readonly artist: string | null
  readonly genre: string | null
  readonly tempoBpm: number | null
  /** As `keyIndex` numbers them. */
  readonly keyIndex: number | null
  readonly energy: number | null
  readonly durationMs: number | null
  readonly ratingStars: number | null
  readonly isAnalyzed: boolean
  readonly isMissing: boolean
}

export interface TrackList {
  list(options?: ListOptions): Track[]
  summaries(options?: ListOptions): TrackSummary[]
  /** The first `limit` of those that match, and how many match: one search for both. */
  page(query: Query, limit: number): {readonly tracks: TrackSummary[]; readonly total: number}
  ids(options?: ListOptions): TrackId[]
  count(query?: Query): number
  /** In batches, so that memory stays bounded and others may write meanwhile. Order and limit as the query says. */
  iterate(query?: Query, batchSize?: number): Generator<Track>
}

export function trackList(db: SqliteFile, playlistRows: PlaylistRows): TrackList {
  function selection(columns: string, {query = EVERYTHING, limit, offset}: ListOptions) {
    const where = whereFromQuery(query, playlistRows)
    const most = Math.min(limit ?? Number.MAX_SAFE_INTEGER, query.limit ?? Number.MAX_SAFE_INTEGER)
    const sql = `SELECT ${columns} FROM track_index i ${joinsFor(columns + where.sql)} WHERE ${where.sql}
      ORDER BY ${orderFromSorts(query.sorts)} LIMIT ? OFFSET ?`
    return {sql, values: [...where.values, most, offset ?? 0] as SqlValue[]}
  }

  function rows(options: ListOptions): number[] {
    const {sql, values} = selection('i.track_row', options)
    return db
      .prepareRaw<[number]>(sql)
      .all(...values)
      .map(([row]) => row)
  }

  const selectBatch = db.prepare<TrackRow>(
    `${SELECT_TRACK} JOIN json_each(?) wanted ON wanted.value = t.row ORDER BY wanted.key`,
  )

  function* iterate(query: Query = EVERYTHING, batchSize = 500): Generator<Track> {
    const wanted = rows({query})
    for (let start = 0; start < wanted.length; start += batchSize)
      for (const row of selectBatch.all(JSON.stringify(wanted.slice(start, start + batchSize)))) yield trackFromRow(row)
  }

  type SummaryRow = Omit<TrackSummary, 'isAnalyzed' | 'isMissing'> & {
    isAnalyzed: number
    isMissing: number
    fills: string
    edits: string
  }
  const selectSummaries = db.prepare<SummaryRow>(
    `SELECT t.id, t.path, g.title, g.artist, g.genre, i.bpm AS tempoBpm, i."key" AS keyIndex, i.energy,
       t.duration_ms AS durationMs, i.rating AS ratingStars, i.analyzed AS isAnalyzed, i.missing AS isMissing,
       m.tag_fills AS fills, m.tag_edits AS edits
     FROM json_each(?) wanted JOIN track_index i ON i.track_row = wanted.value JOIN tracks t ON t.row = wanted.value
     JOIN tags g ON g.track_row = wanted.value JOIN marks m ON m.track_row = wanted.value ORDER BY wanted.key`,
  )

  function summariesOf(wanted: readonly number[]): TrackSummary[] {
    const found = selectSummaries.all(JSON.stringify(wanted))
    return found.map(({title, artist, genre, fills, edits, ...row}) => ({
      ...row,
      ...layeredTags({title, artist, genre}, fills, edits),
      isAnalyzed: row.isAnalyzed === 1,
      isMissing: row.isMissing === 1,
    }))
  }

  function page(query: Query, limit: number): {tracks: TrackSummary[]; total: number} {
    const matching = rows({query})
    return {tracks: summariesOf(matching.slice(0, limit)), total: matching.length}
  }

  function count(query: Query = EVERYTHING): number {
    const where = whereFromQuery(query, playlistRows)
    const matching = db
      .prepare<{count: number}>(`SELECT count(*) AS count FROM track_index i ${joinsFor(where.sql)} WHERE ${where.sql}`)
      .get(...where.values)
    return Math.min(matching?.count ?? 0, query.limit ?? Number.MAX_SAFE_INTEGER)
  }

  return {
    list: (options = {}) => selectBatch.all(JSON.stringify(rows(options))).map(trackFromRow),
    summaries: (options = {}) => summariesOf(rows(options)),
    page,
    ids(options = {}) {
      const {sql, values} = selection('t.id', options)
      return db
        .prepareRaw<[TrackId]>(sql)
        .all(...values)
        .map(([id]) => id)
    },
    count,
    iterate,
  }
}
