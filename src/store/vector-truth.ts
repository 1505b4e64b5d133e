// The vectors as SQLite holds them: the truth that every answer is checked against.
import type {Query} from '../core/query/query.js'
import type {TrackId} from '../core/track.js'
import {vectorOfBytes} from './analyses.js'
import {filterColumn} from './query-pushdown.js'
import {joinsFor, type PlaylistRows, whereFromQuery} from './query-sql.js'
import type {SqliteFile} from './sqlite.js'
import {VECTOR_FILTER_FIELDS} from './track-index.js'
import type {IndexedVector} from './vector-index.js'
import {loadMatrix, scaleToUnit, type VectorMatrix} from './vector-matrix.js'

/** A track by its row, with the cosine of the angle to what was asked about. */
export interface Nearest {
  readonly row: number
  readonly similarity: number
}

export interface VectorTruth {
  /** Of the analysis whose vectors are compared; null where there are none. */
  newestVersion(): number | null
  /** The last change that matters to the vectors; each one counts up. */
  sequence(): number
  count(version: number): number
  dimension(version: number): number
  /** Null for an unknown track; its vector is null where it has none. */
  seed(
    id: TrackId,
  ): {readonly row: number; readonly vector: Float32Array | null; readonly version: number | null} | null
  rowOf(id: TrackId): number | null
  idOf(row: number): TrackId | null
  changedSince(version: number, sequence: number): number[]
  /** Those of the rows that fulfil the query, with their true similarity to a unit vector; the most similar first. */
  compare(unit: Float32Array, rows: readonly number[], version: number, query: Query): Nearest[]
  /** All rows that fulfil a query; null where it asks for nothing. */
  rowsFulfilling(query: Query): Set<number> | null
  /** Each row with the change that made it what it is. */
  stamps(version: number): Map<number, number>
  vectors(rows: readonly number[], version: number): IndexedVector[]
  matrix(version: number): VectorMatrix
}

export function byNearness(a: Nearest, b: Nearest): number {
  return b.similarity - a.similarity || a.row - b.row
}

export function vectorTruth(db: SqliteFile, playlistRows: PlaylistRows): VectorTruth {
  type Seed = {row: number; vector: Uint8Array | null; version: number | null}
  type Stored = Record<string, number | null> & {row: number; stamp: number; vector: Uint8Array}
  const selectSeed = db.prepare<Seed>(
    `SELECT t.row, e.vector, e.version FROM tracks t LEFT JOIN embeddings e ON e.audio_hash = t.audio_hash
     WHERE t.id = ?`,
  )
  const selectNewest = db.prepare<{version: number | null}>('SELECT max(vector_version) AS version FROM track_index')
  const selectCount = db.prepare<{count: number}>(
    'SELECT count(*) AS count FROM track_index WHERE vector_version = ? AND vector_seq IS NOT NULL',
  )
  const selectSize = db.prepare<{bytes: number}>(
    `SELECT length(e.vector) AS bytes FROM track_index i JOIN tracks t ON t.row = i.track_row
     JOIN embeddings e ON e.audio_hash = t.audio_hash WHERE i.vector_version = ? LIMIT 1`,
  )
  const selectSequence = db.prepare<{value: number}>(`SELECT value FROM counters WHERE name = 'vector_seq'`)
  const selectChanged = db.prepareRaw<[number]>(
    'SELECT track_row FROM track_index WHERE vector_version = ? AND vector_seq > ?',
  )
  const selectStamps = db.prepareRaw<[number, number]>(
    'SELECT track_row, vector_seq FROM track_index WHERE vector_version = ? AND vector_seq IS NOT NULL',
  )
  const selectVectors = db.prepare<Stored>(
    `SELECT i.track_row AS row, i.vector_seq AS stamp, e.vector,
       ${VECTOR_FILTER_FIELDS.map((name) => `i."${name}" AS ${filterColumn(name)}`).join(', ')}
     FROM json_each(?) wanted CROSS JOIN track_index i ON i.track_row = wanted.value
     JOIN tracks t ON t.row = i.track_row JOIN embeddings e ON e.audio_hash = t.audio_hash
     WHERE e.version = ? AND length(e.vector) = ?`,
  )
  const selectId = db.prepare<{id: TrackId}>('SELECT id FROM tracks WHERE row = ?')
  const selectRow = db.prepare<{row: number}>('SELECT row FROM tracks WHERE id = ?')

  const sequence = () => selectSequence.get()?.value ?? 0
  const count = (version: number) => selectCount.get(version)?.count ?? 0
  const dimension = (version: number) => (selectSize.get(version)?.bytes ?? 0) / 4

  function compare(unit: Float32Array, rows: readonly number[], version: number, query: Query): Nearest[] {
    if (rows.length === 0) return []
    const where = whereFromQuery(query, playlistRows)
    const tags = /\bg\./.test(where.sql) ? 'JOIN tags g ON g.track_row = t.row' : ''
    return db
      .prepareRaw<[number, Uint8Array]>(
        `SELECT t.row, e.vector FROM json_each(?) wanted CROSS JOIN track_index i ON i.track_row = wanted.value
         JOIN tracks t ON t.row = i.track_row JOIN embeddings e ON e.audio_hash = t.audio_hash ${tags}
         WHERE e.version = ? AND length(e.vector) = ? AND (${where.sql})`,
      )
      .all(JSON.stringify(rows), version, unit.byteLength, ...where.values)
      .map(([row, bytes]) => ({row, similarity: similarityTo(unit, vectorOfBytes(bytes))}))
      .sort(byNearness)
  }

  function rowsFulfilling(query: Query): Set<number> | null {
    if (query.alternatives.some((terms) => terms.length === 0)) return null
    const where = whereFromQuery(query, playlistRows)
    const found = db
      .prepareRaw<[number]>(`SELECT i.track_row FROM track_index i ${joinsFor(where.sql)} WHERE ${where.sql}`)
      .all(...where.values)
    return new Set(found.map(([row]) => row))
  }

  return {
    newestVersion: () => selectNewest.get()?.version ?? null,
    sequence,
    count,
    dimension,
    seed(id) {
      const seed = selectSeed.get(id)
      return seed === undefined ? null : {...seed, vector: seed.vector === null ? null : vectorOfBytes(seed.vector)}
    },
    rowOf: (id) => selectRow.get(id)?.row ?? null,
    idOf: (row) => selectId.get(row)?.id ?? null,
    changedSince: (version, since) => selectChanged.all(version, since).map(([row]) => row),
    compare,
    rowsFulfilling,
    stamps: (version) => new Map(selectStamps.all(version)),
    vectors(rows, version) {
      return selectVectors.all(JSON.stringify(rows), version, dimension(version) * 4).map((found) => {
        const vector = vectorOfBytes(found.vector)
        scaleToUnit(vector)
        const filters = VECTOR_FILTER_FIELDS.map((name) => found[filterColumn(name)] ?? null)
        return {row: found.row, stamp: found.stamp, vector, filters}
      })
    },
    matrix: (version) => loadMatrix(db, version, dimension(version), sequence()),
  }
}

function similarityTo(unit: Float32Array, vector: Float32Array): number {
  scaleToUnit(vector)
  let dot = 0
  for (let index = 0; index < unit.length; index++) dot += (unit[index] ?? 0) * (vector[index] ?? 0)
  return dot
}
