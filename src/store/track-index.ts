// Keeps track_index, the derived row by which a track is found and sorted, in step with the track.
import {QUERY_FIELDS} from '../core/query/fields.js'
import {fold} from '../core/query/fold.js'
import {columnOf} from './query-sql.js'
import type {SqliteFile, SqlValue} from './sqlite.js'
import {SELECT_TRACK, type TrackRow, trackFromRow} from './track-rows.js'

/** Fields that stand in a column; playlists are looked up instead. */
const COLUMN_FIELDS = QUERY_FIELDS.filter((field) => field.kind !== 'playlist')
const COLUMNS = COLUMN_FIELDS.map((field) => columnOf(field).slice(2))

/** Columns on which the vector index filters: when one changes, the row's place in the order of changes moves up. */
export const VECTOR_FILTER_FIELDS = ['bpm', 'key', 'energy', 'rating', 'year', 'lufs', 'length'] as const

export interface TrackIndex {
  /** Makes the rows of these tracks anew. */
  refresh(trackRows: readonly number[]): void
  /** Says that the vectors of these tracks are new, and makes their rows anew. */
  refreshVectors(trackRows: readonly number[]): void
}

export function trackIndex(db: SqliteFile): TrackIndex {
  const selectTrack = db.prepare<TrackRow>(`${SELECT_TRACK} WHERE t.row = ?`)
  const selectOld = db.prepare<{vector_seq: number | null; vector_version: number | null} & Record<string, SqlValue>>(
    `SELECT vector_seq, vector_version, ${VECTOR_FILTER_FIELDS.map((name) => `"${name}"`).join(', ')} FROM track_index WHERE track_row = ?`,
  )
  const vectorVersion = db.prepare<{version: number}>('SELECT version FROM embeddings WHERE audio_hash = ?')
  const nextSequence = db.prepare<{value: number}>(
    `UPDATE counters SET value = value + 1 WHERE name = 'vector_seq' RETURNING value`,
  )
  const replace = db.prepare(
    `INSERT OR REPLACE INTO track_index (track_row, ${COLUMNS.join(', ')}, vector_seq, vector_version)
     VALUES (?, ${COLUMNS.map(() => '?').join(', ')}, ?, ?)`,
  )

  function refreshOne(trackRow: number, isVectorNew: boolean): void {
    const row = selectTrack.get(trackRow)
    if (row === undefined) return
    const track = trackFromRow(row)
    const facts = {isMissing: row.missing_since_ms !== null, playlists: []}
    const values = new Map<string, SqlValue>()
    for (const field of COLUMN_FIELDS)
      values.set(field.name, field.kind === 'text' ? fold(field.read(track) ?? '') : field.read(track, facts))
    const old = selectOld.get(trackRow)
    let sequence: SqlValue = null
    const version = row.audio_hash === null ? undefined : vectorVersion.get(row.audio_hash)?.version
    if (version !== undefined) {
      const isSame =
        !isVectorNew &&
        old !== undefined &&
        old.vector_seq !== null &&
        old.vector_version === version &&
        VECTOR_FILTER_FIELDS.every((name) => old[name] === values.get(name))
      sequence = isSame ? old.vector_seq : (nextSequence.get()?.value ?? null)
    }
    replace.run(trackRow, ...values.values(), sequence, version ?? null)
  }

  return {
    refresh(trackRows) {
      for (const row of trackRows) refreshOne(row, false)
    },
    refreshVectors(trackRows) {
      for (const row of trackRows) refreshOne(row, true)
    },
  }
}
