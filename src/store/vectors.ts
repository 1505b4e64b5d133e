// Which tracks sound alike: the vectors in SQLite are the truth, the LanceDB index is a fast way to them.
import {existsSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {CrateError, crateErrorFrom} from '../core/errors.js'
import {EVERYTHING, type Query} from '../core/query/query.js'
import type {TrackId} from '../core/track.js'
import {vectorOfBytes} from './analyses.js'
import {acquireLock} from './lock.js'
import type {SettingRepository} from './notes.js'
import {filterColumn, pushedDown} from './query-pushdown.js'
import {joinsFor, type PlaylistRows, whereFromQuery} from './query-sql.js'
import type {SqliteFile} from './sqlite.js'
import {VECTOR_FILTER_FIELDS} from './track-index.js'
import {
  createVectorIndex,
  type IndexedVector,
  type IndexShape,
  loadLance,
  openVectorIndex,
  type VectorIndex,
} from './vector-index.js'
import {loadMatrix, nearestInMatrix, scaleToUnit, type VectorMatrix} from './vector-matrix.js'

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

export interface RefreshReport {
  readonly put: number
  readonly removed: number
  readonly total: number
  /** Made anew from nothing, with the reason; null where it was only brought up to date. */
  readonly rebuiltBecause: string | null
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

const STATE = 'vectors.index'
/** Why the index could not be read although it is the right one: then the next refresh makes it anew. */
const BROKEN = 'vectors.broken'
const BATCH = 20_000

/** Candidates of the index that are checked one by one, before all vectors are compared instead. */
const MOST_CANDIDATES = 4000

/** What the index held when it was last in agreement. */
interface IndexState {
  readonly uri: string
  readonly table: string
  readonly version: number
  readonly dimension: number
  readonly sequence: number
  readonly count: number
  readonly tableVersion: number
}

interface Nearest {
  readonly row: number
  readonly similarity: number
}

export interface VectorOptions {
  readonly folder: string
  /** Where the index is, `vectors/` in the library's folder if not told. */
  readonly uri: string | undefined
  /** EXACT_BELOW where undefined. */
  readonly indexFrom: number | undefined
  readonly nowMs: () => number
  readonly newId: () => string
}

export function vectorRepository(
  db: SqliteFile,
  settings: SettingRepository,
  playlistRows: PlaylistRows,
  options: VectorOptions,
): VectorRepository {
  const uri = options.uri ?? join(options.folder, 'vectors')
  const isLocal = !/^[a-z0-9]+:\/\//i.test(uri)
  const indexFrom = options.indexFrom ?? EXACT_BELOW
  let opened: {readonly index: VectorIndex; readonly table: string; readonly tableVersion: number} | null = null
  let matrix: (VectorMatrix & {readonly version: number}) | null = null

  // What the library holds now

  const seedOfTrack = db.prepare<{row: number; vector: Uint8Array | null; version: number | null}>(
    `SELECT t.row, e.vector, e.version FROM tracks t LEFT JOIN embeddings e ON e.audio_hash = t.audio_hash
     WHERE t.id = ?`,
  )
  const newestVersion = db.prepare<{version: number | null}>('SELECT max(vector_version) AS version FROM track_index')
  const countOfVersion = db.prepare<{count: number}>(
    'SELECT count(*) AS count FROM track_index WHERE vector_version = ? AND vector_seq IS NOT NULL',
  )
  const sizeOfVersion = db.prepare<{bytes: number}>(
    `SELECT length(e.vector) AS bytes FROM track_index i JOIN tracks t ON t.row = i.track_row
     JOIN embeddings e ON e.audio_hash = t.audio_hash WHERE i.vector_version = ? LIMIT 1`,
  )
  const lastSequence = db.prepare<{value: number}>(`SELECT value FROM counters WHERE name = 'vector_seq'`)
  const changedSince = db.prepareRaw<[number]>(
    'SELECT track_row FROM track_index WHERE vector_version = ? AND vector_seq > ?',
  )

  const sequenceNow = () => lastSequence.get()?.value ?? 0
  const countNow = (version: number) => countOfVersion.get(version)?.count ?? 0
  /** Without counting where the index is known to be up to date: every answer begins with this. */
  const countFor = (version: number, state: IndexState | null) =>
    state?.version === version && state.sequence === sequenceNow() ? state.count : countNow(version)
  const dimensionOf = (version: number) => (sizeOfVersion.get(version)?.bytes ?? 0) / 4

  function readState(): IndexState | null {
    const state = settings.get(STATE) as unknown as IndexState | null
    return state?.uri === uri ? state : null
  }

  /** Those of the given rows that fulfil the query now, with their true similarity; the most similar first. */
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
      .sort((a, b) => b.similarity - a.similarity || a.row - b.row)
  }

  // Without the index

  function rowsFulfilling(query: Query): Set<number> | null {
    const where = whereFromQuery(query, playlistRows)
    if (where.sql === '(TRUE)' || where.sql === 'TRUE') return null
    const found = db
      .prepareRaw<[number]>(`SELECT i.track_row FROM track_index i ${joinsFor(where.sql)} WHERE ${where.sql}`)
      .all(...where.values)
    return new Set(found.map(([row]) => row))
  }

  function currentMatrix(version: number, dimension: number): VectorMatrix {
    const sequence = sequenceNow()
    if (matrix?.version !== version || matrix.sequence !== sequence || matrix.rows.length !== countNow(version))
      matrix = {version, ...loadMatrix(db, version, dimension, sequence)}
    return matrix
  }

  function exactly(
    unit: Float32Array,
    version: number,
    limit: number,
    query: Query,
    without: ReadonlySet<number>,
  ): Nearest[] {
    const fulfilling = rowsFulfilling(query)
    if (countNow(version) > MATRIX_MOST && fulfilling !== null && fulfilling.size < BATCH)
      return compare(
        unit,
        [...fulfilling].filter((row) => !without.has(row)),
        version,
        EVERYTHING,
      ).slice(0, limit)
    const vectors =
      countNow(version) > MATRIX_MOST
        ? loadMatrix(db, version, unit.length, sequenceNow())
        : currentMatrix(version, unit.length)
    return nearestInMatrix(vectors, unit, limit, (row) => !without.has(row) && (fulfilling?.has(row) ?? true))
  }

  // With the index

  const shapeOf = (dimension: number): IndexShape => ({dimension, filterNames: VECTOR_FILTER_FIELDS.map(filterColumn)})

  /** The index as it was when it last agreed with the library. @throws any error that says why it cannot be used */
  async function openAgreed(state: IndexState): Promise<VectorIndex> {
    if (opened?.table === state.table && opened.tableVersion === state.tableVersion) return opened.index
    closeIndex()
    if (isLocal && !existsSync(uri)) throw new Error('it is missing')
    const index = await openVectorIndex(uri, state.table, shapeOf(state.dimension))
    const tableVersion = await index.version()
    if (tableVersion !== state.tableVersion) {
      index.close()
      throw new Error('it is not as this library left it')
    }
    opened = {index, table: state.table, tableVersion}
    return index
  }

  function closeIndex(): void {
    opened?.index.close()
    opened = null
  }

  /** Takes more and more of the nearest until enough of them fulfil the query; null where that would not end soon. */
  async function byIndex(
    state: IndexState,
    unit: Float32Array,
    limit: number,
    query: Query,
    without: ReadonlySet<number>,
  ): Promise<Nearest[] | null> {
    const index = await openAgreed(state)
    const changed = changedSince.all(state.version, state.sequence).map(([row]) => row)
    if (changed.length > EXACT_BELOW) return null
    const fresh = new Set(changed)
    const compared = compare(unit, changed, state.version, query)
    const where = pushedDown(query)
    const isPlain = query.alternatives.some((terms) => terms.length === 0)
    for (let wanted = isPlain ? limit + without.size + 10 : limit * 8 + 50; wanted <= MOST_CANDIDATES; ) {
      const rows = await index.search(unit, wanted, where)
      const known = rows.filter((row) => !fresh.has(row))
      const found = [...compared, ...compare(unit, known, state.version, query)]
        .filter(({row}) => !without.has(row))
        .sort((a, b) => b.similarity - a.similarity || a.row - b.row)
      if (found.length >= limit || rows.length >= state.count) return found.slice(0, limit)
      // As many again of each candidate's kind, and some more; where that is hopeless, comparing all is quicker.
      wanted = Math.max(wanted * 4, Math.ceil((2 * wanted * limit) / Math.max(found.length, 0.1)))
    }
    return null
  }

  // Asking

  const idOfRow = db.prepare<{id: TrackId}>('SELECT id FROM tracks WHERE row = ?')
  const rowOfId = db.prepare<{row: number}>('SELECT row FROM tracks WHERE id = ?')

  function answer(nearest: readonly Nearest[], method: 'index' | 'exact', reason: string | null): SimilarAnswer {
    const tracks = nearest.flatMap(({row, similarity}) => {
      const id = idOfRow.get(row)?.id
      return id === undefined ? [] : [{id, similarity}]
    })
    return {tracks, method, reason}
  }

  function seedOf(to: TrackId | Float32Array): {
    row: number | null
    vector: Float32Array | null
    version: number | null
  } {
    if (typeof to !== 'string') return {row: null, vector: to, version: newestVersion.get()?.version ?? null}
    const seed = seedOfTrack.get(to)
    if (seed === undefined)
      throw new CrateError('TRACK_NOT_FOUND', `there is no track “${to}” in the library`, {details: {track: to}})
    return {row: seed.row, vector: seed.vector === null ? null : vectorOfBytes(seed.vector), version: seed.version}
  }

  async function similar(
    to: TrackId | Float32Array,
    {limit = 10, query = EVERYTHING, without = []}: SimilarOptions = {},
  ): Promise<SimilarAnswer> {
    const {row, vector, version} = seedOf(to)
    if (vector === null || version === null)
      return answer([], 'exact', 'there is no vector of its sound: analyse it first')
    const unit = Float32Array.from(vector)
    scaleToUnit(unit)
    const excluded = new Set(without.flatMap((id) => rowOfId.get(id)?.row ?? []))
    if (row !== null) excluded.add(row)
    const state = readState()
    if (countFor(version, state) < indexFrom)
      return answer(exactly(unit, version, limit, query, excluded), 'exact', null)
    let reason = 'the index was not made yet'
    if (state !== null && state.version !== version) reason = 'the index is of another analysis'
    else if (state !== null) {
      try {
        const found = await byIndex(state, unit, limit, query, excluded)
        if (found !== null) return answer(found, 'index', null)
        return answer(exactly(unit, version, limit, query, excluded), 'exact', null)
      } catch (error) {
        closeIndex()
        const why = firstLine(error)
        if (!db.isReadOnly) settings.set(BROKEN, why)
        reason = `the index cannot be used: ${why}`
      }
    }
    return answer(exactly(unit, version, limit, query, excluded), 'exact', reason)
  }

  // Agreement

  const selectWanted = db.prepareRaw<[number, number]>(
    'SELECT track_row, vector_seq FROM track_index WHERE vector_version = ? AND vector_seq IS NOT NULL',
  )
  const selectVectors = db.prepare<Record<string, number | null> & {row: number; stamp: number; vector: Uint8Array}>(
    `SELECT i.track_row AS row, i.vector_seq AS stamp, e.vector,
       ${VECTOR_FILTER_FIELDS.map((name) => `i."${name}" AS ${filterColumn(name)}`).join(', ')}
     FROM json_each(?) wanted CROSS JOIN track_index i ON i.track_row = wanted.value
     JOIN tracks t ON t.row = i.track_row JOIN embeddings e ON e.audio_hash = t.audio_hash
     WHERE e.version = ? AND length(e.vector) = ?`,
  )

  function vectorsOf(rows: readonly number[], version: number, dimension: number): IndexedVector[] {
    return selectVectors.all(JSON.stringify(rows), version, dimension * 4).map((found) => {
      const vector = vectorOfBytes(found.vector)
      scaleToUnit(vector)
      const filters = VECTOR_FILTER_FIELDS.map((name) => found[filterColumn(name)] ?? null)
      return {row: found.row, stamp: found.stamp, vector, filters}
    })
  }

  async function openOrCreate(state: IndexState | null, dimension: number) {
    const shape = shapeOf(dimension)
    let rebuiltBecause = 'it was not made yet'
    if (state !== null)
      try {
        const broken = settings.get(BROKEN)
        if (broken !== null) throw new Error(String(broken))
        const index = await openVectorIndex(uri, state.table, shape)
        return {index, table: state.table, has: await index.stamps(), rebuiltBecause: null}
      } catch (error) {
        rebuiltBecause = firstLine(error)
      }
    if (isLocal) await rm(uri, {recursive: true, force: true})
    const table = `tracks-${options.newId()}`
    return {index: await createVectorIndex(uri, table, shape), table, has: new Map<number, number>(), rebuiltBecause}
  }

  async function refresh(): Promise<RefreshReport> {
    const nothing = {put: 0, removed: 0, total: 0, rebuiltBecause: null}
    const version = newestVersion.get()?.version ?? null
    const state = readState()
    if (version === null && state === null) return nothing
    const sequence = sequenceNow()
    const total = version === null ? 0 : countNow(version)
    if (state !== null && state.version === version && state.sequence === sequence && state.count === total)
      if (await isStillThere(state)) return {...nothing, total}

    await requireLance()
    const lock = acquireLock(options.folder, 'vectors', options.nowMs())
    try {
      closeIndex()
      const dimension = version === null ? (state?.dimension ?? 1) : dimensionOf(version)
      const {index, table, has, rebuiltBecause} = await openOrCreate(state, dimension)
      try {
        const report = await bringUpToDate(index, has, version ?? 0, dimension, rebuiltBecause)
        const tableVersion = await index.version()
        settings.set(BROKEN, null)
        const agreed = {uri, table, version: version ?? 0, dimension, sequence, count: report.total, tableVersion}
        settings.set(STATE, agreed satisfies IndexState)
        return report
      } finally {
        index.close()
      }
    } catch (error) {
      throw crateErrorFromLance(error, uri)
    } finally {
      lock.release()
    }
  }

  /** The cheap part of what `openAgreed` would find out; a damaged file inside shows when it is read. */
  async function isStillThere(state: IndexState): Promise<boolean> {
    if (isLocal && !existsSync(join(uri, `${state.table}.lance`, '_versions'))) return false
    if (settings.get(BROKEN) !== null) return false
    return true
  }

  async function bringUpToDate(
    index: VectorIndex,
    has: ReadonlyMap<number, number>,
    version: number,
    dimension: number,
    rebuiltBecause: string | null,
  ): Promise<RefreshReport> {
    const wanted = new Map(selectWanted.all(version))
    const gone = [...has.keys()].filter((row) => !wanted.has(row))
    const stale = [...wanted].filter(([row, stamp]) => has.get(row) !== stamp).map(([row]) => row)
    await index.remove(gone)
    let put = 0
    for (let start = 0; start < stale.length; start += BATCH) {
      const vectors = vectorsOf(stale.slice(start, start + BATCH), version, dimension)
      await index.put(vectors)
      put += vectors.length
    }
    const isFresh = rebuiltBecause !== null || put > wanted.size / 2
    if (gone.length + put > 0 || isFresh) await index.arrange(isFresh)
    return {put, removed: gone.length, total: wanted.size, rebuiltBecause}
  }

  return {
    similar,
    refresh,
    async warmUp() {
      const version = newestVersion.get()?.version ?? null
      if (version === null) return
      const state = readState()
      if (countNow(version) < indexFrom) currentMatrix(version, dimensionOf(version))
      else if (state?.version === version)
        await openAgreed(state).then(
          (index) => index.search(new Float32Array(state.dimension).fill(1), 1, null),
          () => {},
        )
    },
    close: closeIndex,
  }
}

function firstLine(error: unknown): string {
  return crateErrorFrom(error).message.split('\n')[0] ?? ''
}

function similarityTo(unit: Float32Array, vector: Float32Array): number {
  scaleToUnit(vector)
  let dot = 0
  for (let index = 0; index < unit.length; index++) dot += (unit[index] ?? 0) * (vector[index] ?? 0)
  return dot
}

async function requireLance(): Promise<void> {
  try {
    await loadLance()
  } catch (error) {
    throw new CrateError('TOOL_FAILED', `LanceDB cannot be loaded: ${firstLine(error)}`, {
      hints: [
        'Similar tracks are found without it, more slowly in large libraries',
        'Install it for this system, in the folder of crate: npm install --include=optional',
      ],
      cause: error,
    })
  }
}

function crateErrorFromLance(error: unknown, uri: string): CrateError {
  const {message} = crateErrorFrom(error)
  if (/No space left|os error 28/i.test(message))
    return new CrateError('DISK_FULL', `the disk that holds ${uri} is full`, {
      hints: ['Free some space and run the command again: the index is made again from the library'],
      details: {uri},
      cause: error,
    })
  return crateErrorFrom(error, 'TOOL_FAILED')
}
