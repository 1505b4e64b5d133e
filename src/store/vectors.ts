// Which tracks sound alike: the vectors in SQLite are the truth, the LanceDB index is a fast way to them.
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {CrateError} from '../core/errors.js'
import {EVERYTHING, type Query} from '../core/query/query.js'
import type {TrackId} from '../core/track.js'
import type {SettingRepository} from './notes.js'
import {pushedDown} from './query-pushdown.js'
import type {PlaylistRows} from './query-sql.js'
import type {SqliteFile} from './sqlite.js'
import {openVectorIndex, type VectorIndex} from './vector-index.js'
import {nearestInMatrix, scaleToUnit, type VectorMatrix} from './vector-matrix.js'
import {
  firstLine,
  type IndexState,
  indexShape,
  isRemote,
  markIndexBroken,
  markIndexStale,
  type RefreshReport,
  readIndexState,
  refreshIndex,
} from './vector-refresh.js'
import {byNearness, type Nearest, vectorTruth} from './vector-truth.js'

export interface SimilarOptions {
  /** 10 where left out. */
  readonly limit?: number
  /** Only tracks that fulfil this; its order and limit play no part. */
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
  /** Why a large library was searched without its index, or nothing could be found; null where all is well. */
  readonly reason: string | null
}

export interface VectorRepository {
  /**
   * The tracks nearest to one, or to a vector of the newest analysis.
   *
   * Libraries of fewer than EXACT_BELOW vectors are compared whole, without loading LanceDB. Larger ones are searched by
   * the index; what changed since the index was refreshed is compared whole, every track found is checked against the
   * library as it is now, and the order comes from the vectors in SQLite.
   *
   * @throws TRACK_NOT_FOUND
   */
  similar(to: TrackId | Float32Array, options?: SimilarOptions): Promise<SimilarAnswer>
  /**
   * Brings the index in agreement with the library; rebuilds it where it is missing, of another shape or damaged.
   *
   * @throws TOOL_FAILED where LanceDB cannot be loaded, LIBRARY_BUSY where another process does the same, DISK_FULL
   */
  refresh(): Promise<RefreshReport>
  /** Opens the index or loads the vectors beforehand, so that the first answer is as fast as the others. */
  warmUp(): Promise<void>
  close(): void
}

/** Below, comparing all in memory answers within 3 ms and spares half a second of loading LanceDB. */
export const EXACT_BELOW = 20_000

/** Above, vectors are not kept in memory for lack of an index (256 bytes each). */
const MATRIX_MOST = 300_000

/** So few of a query's tracks are read one by one instead. */
const FEW = 20_000

/** Candidates of the index that are checked one by one, before all vectors are compared instead. */
const MOST_CANDIDATES = 4000

export interface VectorOptions {
  readonly folder: string
  /** Where the index is, `vectors/` in the library's folder if not told. */
  readonly uri: string | undefined
  /** EXACT_BELOW where undefined. */
  readonly indexFrom: number | undefined
  readonly nowMs: () => number
  readonly newId: () => string
}

interface Question {
  readonly unit: Float32Array
  readonly version: number
  readonly limit: number
  readonly query: Query
  /** Rows. */
  readonly without: ReadonlySet<number>
}

export function vectorRepository(
  db: SqliteFile,
  settings: SettingRepository,
  playlistRows: PlaylistRows,
  {folder, uri: givenUri, indexFrom = EXACT_BELOW, nowMs, newId}: VectorOptions,
): VectorRepository {
  const uri = givenUri ?? join(folder, 'vectors')
  const truth = vectorTruth(db, playlistRows)

  // Without the index

  let kept: (VectorMatrix & {readonly version: number}) | null = null

  function matrix(version: number): VectorMatrix {
    const count = truth.count(version)
    if (count > MATRIX_MOST) return truth.matrix(version)
    if (kept?.version !== version || kept.sequence !== truth.sequence() || kept.rows.length !== count)
      kept = {version, ...truth.matrix(version)}
    return kept
  }

  function exactly({unit, version, limit, query, without}: Question): Nearest[] {
    const fulfilling = truth.rowsFulfilling(query)
    if (fulfilling !== null && fulfilling.size < FEW && truth.count(version) > MATRIX_MOST) {
      const rows = [...fulfilling].filter((row) => !without.has(row))
      return truth.compare(unit, rows, version, EVERYTHING).slice(0, limit)
    }
    const vectors = matrix(version)
    if (vectors.dimension !== unit.length) return []
    return nearestInMatrix(vectors, unit, limit, (row) => !without.has(row) && (fulfilling?.has(row) ?? true))
  }

  // With the index

  let opened: {readonly index: VectorIndex; readonly table: string; readonly tableVersion: number} | null = null

  function close(): void {
    opened?.index.close()
    opened = null
  }

  /** The index as it was when it last agreed with the library, or why that is not what is there. */
  async function openAgreed(state: IndexState): Promise<VectorIndex | string> {
    if (opened?.table === state.table && opened.tableVersion === state.tableVersion) return opened.index
    close()
    if (!isRemote(uri) && !existsSync(uri)) return 'the index is missing'
    const index = await openVectorIndex(uri, state.table, indexShape(state.dimension))
    const tableVersion = await index.version()
    if (tableVersion !== state.tableVersion) {
      index.close()
      return 'the index is not as this library left it'
    }
    opened = {index, table: state.table, tableVersion}
    return index
  }

  /** Takes more and more of the nearest until enough of them fulfil the query; null where that would not end soon. */
  async function byIndex(index: VectorIndex, state: IndexState, question: Question): Promise<Nearest[] | null> {
    const {unit, version, limit, query, without} = question
    const changed = truth.changedSince(version, state.sequence)
    if (changed.length > FEW) return null
    const fresh = new Set(changed)
    const compared = truth.compare(unit, changed, version, query)
    const where = pushedDown(query)
    const isPlain = query.alternatives.some((terms) => terms.length === 0)
    for (let wanted = isPlain ? limit + without.size + 10 : limit * 8 + 50; wanted <= MOST_CANDIDATES; ) {
      const rows = await index.search(unit, wanted, where)
      const known = rows.filter((row) => !fresh.has(row))
      const found = [...compared, ...truth.compare(unit, known, version, query)]
        .filter(({row}) => !without.has(row))
        .sort(byNearness)
      if (found.length >= limit || rows.length >= state.count) return found.slice(0, limit)
      // As many again of each candidate's kind, and some more; where that is hopeless, comparing all is quicker.
      wanted = Math.max(wanted * 4, Math.ceil((2 * wanted * limit) / Math.max(found.length, 0.1)))
    }
    return null
  }

  // Asking

  function answer(nearest: readonly Nearest[], method: 'index' | 'exact', reason: string | null): SimilarAnswer {
    const tracks = nearest.flatMap(({row, similarity}) => {
      const id = truth.idOf(row)
      return id === null ? [] : [{id, similarity}]
    })
    return {tracks, method, reason}
  }

  function seedOf(to: TrackId | Float32Array) {
    if (typeof to !== 'string') return {row: null, vector: to, version: truth.newestVersion()}
    const seed = truth.seed(to)
    if (seed === null)
      throw new CrateError('TRACK_NOT_FOUND', `there is no track “${to}” in the library`, {details: {track: to}})
    return seed
  }

  /** Counting is spared where the index is known to be up to date: every answer begins with this. */
  function isSmall(version: number, state: IndexState | null): boolean {
    const isKnown = state?.version === version && state.sequence === truth.sequence()
    return (isKnown ? state.count : truth.count(version)) < indexFrom
  }

  async function ask(question: Question): Promise<SimilarAnswer> {
    const state = readIndexState(settings, uri)
    if (isSmall(question.version, state)) return answer(exactly(question), 'exact', null)
    let reason: string | null = 'the index was not made yet'
    if (state !== null && state.version !== question.version) reason = 'the index is of another analysis'
    else if (state !== null)
      try {
        const index = await openAgreed(state)
        const found = typeof index === 'string' ? null : await byIndex(index, state, question)
        if (found !== null) return answer(found, 'index', null)
        reason = typeof index === 'string' ? index : null
        if (reason !== null && !db.isReadOnly) markIndexStale(settings, state)
      } catch (error) {
        close()
        if (!db.isReadOnly) markIndexBroken(settings, firstLine(error))
        reason = `the index cannot be read: ${firstLine(error)}`
      }
    return answer(exactly(question), 'exact', reason)
  }

  return {
    async similar(to, {limit = 10, query = EVERYTHING, without = []} = {}) {
      const {row, vector, version} = seedOf(to)
      if (vector === null || version === null)
        return answer([], 'exact', 'there is no vector of its sound: analyse it first')
      const unit = Float32Array.from(vector)
      scaleToUnit(unit)
      const excluded = new Set(without.flatMap((id) => truth.rowOf(id) ?? []))
      if (row !== null) excluded.add(row)
      return ask({unit, version, limit, query, without: excluded})
    },
    refresh() {
      close()
      return refreshIndex(truth, settings, {folder, uri, isOwnFolder: givenUri === undefined, nowMs, newId})
    },
    async warmUp() {
      const version = truth.newestVersion()
      if (version === null) return
      const unit = new Float32Array(truth.dimension(version)).fill(1)
      scaleToUnit(unit)
      await ask({unit, version, limit: 1, query: EVERYTHING, without: new Set()})
    },
    close,
  }
}
