// Which tracks sound alike.
import {CrateError} from '../core/errors.js'
import {EVERYTHING, type Query} from '../core/query/query.js'
import type {TrackId} from '../core/track.js'
import {vectorOfBytes} from './analyses.js'
import {needsWrittenText, type PlaylistRows, whereFromQuery} from './query-sql.js'
import type {SqliteFile} from './sqlite.js'

export interface SimilarOptions {
  /** 10 where left out. */
  readonly limit?: number
  /** Only tracks that fulfil this. */
  readonly query?: Query
  /** Never in the answer, beside the track that was asked about. */
  readonly without?: readonly TrackId[]
}

export interface SimilarTrack {
  readonly id: TrackId
  /** Cosine of the angle between the vectors, −1 to 1. */
  readonly similarity: number
}

export interface SimilarAnswer {
  /** The most similar first. */
  readonly tracks: readonly SimilarTrack[]
  /** `exact` compares all vectors one by one. */
  readonly method: 'index' | 'exact'
  /** Why the index was not used; null where it was, or was not needed. */
  readonly reason: string | null
}

export interface VectorRepository {
  /** @throws TRACK_NOT_FOUND */
  similar(to: TrackId | Float32Array, options?: SimilarOptions): Promise<SimilarAnswer>
  /** Brings the index in agreement with the library. */
  refresh(): Promise<RefreshReport>
}

export interface RefreshReport {
  readonly added: number
  readonly removed: number
  readonly total: number
  readonly isRebuilt: boolean
}

export function vectorRepository(db: SqliteFile, playlistRows: PlaylistRows): VectorRepository {
  const vectorOfTrack = db.prepare<{row: number; vector: Uint8Array | null; version: number | null}>(
    `SELECT t.row, e.vector, e.version FROM tracks t LEFT JOIN embeddings e ON e.audio_hash = t.audio_hash WHERE t.id = ?`,
  )

  function exact(vector: Float32Array, {limit = 10, query = EVERYTHING, without = []}: SimilarOptions): SimilarTrack[] {
    const where = whereFromQuery(query, playlistRows)
    const tags = needsWrittenText(query) ? 'JOIN tags g ON g.track_row = t.row' : ''
    const rows = db
      .prepareRaw<[TrackId, Uint8Array]>(
        `SELECT t.id, e.vector FROM embeddings e JOIN tracks t ON t.audio_hash = e.audio_hash
         JOIN track_index i ON i.track_row = t.row ${tags}
         WHERE length(e.vector) = ? AND (${where.sql})`,
      )
      .all(vector.byteLength, ...where.values)
    const excluded = new Set<TrackId>(without)
    return rows
      .filter(([id]) => !excluded.has(id))
      .map(([id, bytes]) => ({id, similarity: cosine(vector, vectorOfBytes(bytes))}))
      .sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1))
      .slice(0, limit)
  }

  return {
    async similar(to, options = {}) {
      if (typeof to !== 'string') return {tracks: exact(to, options), method: 'exact', reason: null}
      const seed = vectorOfTrack.get(to)
      if (seed === undefined)
        throw new CrateError('TRACK_NOT_FOUND', `there is no track “${to}” in the library`, {details: {track: to}})
      if (seed.vector === null) return {tracks: [], method: 'exact', reason: 'the track has not been analysed'}
      const without = [...(options.without ?? []), to]
      return {tracks: exact(vectorOfBytes(seed.vector), {...options, without}), method: 'exact', reason: null}
    },
    async refresh() {
      const total =
        db.prepare<{count: number}>('SELECT count(*) AS count FROM track_index WHERE vector_seq IS NOT NULL').get()
          ?.count ?? 0
      return {added: 0, removed: 0, total, isRebuilt: false}
    },
  }
}

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0
  let squareA = 0
  let squareB = 0
  for (let index = 0; index < a.length; index++) {
    const x = a[index] ?? 0
    const y = b[index] ?? 0
    dot += x * y
    squareA += x * x
    squareB += y * y
  }
  return squareA === 0 || squareB === 0 ? 0 : dot / Math.sqrt(squareA * squareB)
}
