// Brings the LanceDB index in agreement with the vectors in SQLite, and remembers in which state it left it.
import {existsSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {CrateError, crateErrorFrom} from '../core/errors.js'
import {acquireLock} from './lock.js'
import type {SettingRepository} from './notes.js'
import {filterColumn} from './query-pushdown.js'
import {VECTOR_FILTER_FIELDS} from './track-index.js'
import {createVectorIndex, type IndexShape, loadLance, openVectorIndex, type VectorIndex} from './vector-index.js'
import type {VectorTruth} from './vector-truth.js'

export interface RefreshReport {
  readonly put: number
  readonly removed: number
  readonly total: number
  /** Made anew from nothing, with the reason; null where it was only brought up to date. */
  readonly rebuiltBecause: string | null
}

/** What the index held when it was last in agreement. */
export interface IndexState {
  readonly uri: string
  readonly table: string
  readonly version: number
  readonly dimension: number
  readonly sequence: number
  readonly count: number
  readonly tableVersion: number
}

export interface VectorPlace {
  /** The library's folder. */
  readonly folder: string
  readonly uri: string
  /** `vectors/` in the library's folder, where nothing else may be. */
  readonly isOwnFolder: boolean
  readonly nowMs: () => number
  readonly newId: () => string
}

const STATE = 'vectors.index'
/** Why the index could not be read although it is the right one: then the next refresh makes it anew. */
const BROKEN = 'vectors.broken'
const BATCH = 20_000

export function readIndexState(settings: SettingRepository, uri: string): IndexState | null {
  const state = settings.get(STATE) as unknown as IndexState | null
  return state?.uri === uri ? state : null
}

export function markIndexBroken(settings: SettingRepository, why: string): void {
  settings.set(BROKEN, why)
}

/** Found to be another one than was left here: the next refresh compares them. */
export function markIndexStale(settings: SettingRepository, state: IndexState): void {
  settings.set(STATE, {...state, sequence: -1} satisfies IndexState)
}

export function indexShape(dimension: number): IndexShape {
  return {dimension, filterNames: VECTOR_FILTER_FIELDS.map(filterColumn)}
}

/** @throws TOOL_FAILED where LanceDB cannot be loaded, LIBRARY_BUSY where another process does the same, DISK_FULL */
export async function refreshIndex(
  truth: VectorTruth,
  settings: SettingRepository,
  place: VectorPlace,
): Promise<RefreshReport> {
  const {uri} = place
  const version = truth.newestVersion()
  const state = readIndexState(settings, uri)
  const total = version === null ? 0 : truth.count(version)
  const nothing = {put: 0, removed: 0, total, rebuiltBecause: null}
  if (version === null && state === null) return nothing
  // Read before the vectors are: what changes meanwhile counts as changed since.
  const sequence = truth.sequence()
  const isAgreed =
    state !== null && state.version === (version ?? 0) && state.sequence === sequence && state.count === total
  if (isAgreed && settings.get(BROKEN) === null && isStillThere(state, place)) return nothing

  await requireLance()
  const lock = acquireLock(place.folder, 'vectors', place.nowMs())
  try {
    const dimension = version === null ? (state?.dimension ?? 1) : truth.dimension(version)
    const {index, table, has, rebuiltBecause} = await openOrCreate(settings, state, place, indexShape(dimension))
    try {
      const report = await bringUpToDate(truth, index, has, version ?? 0, rebuiltBecause)
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

/** The cheap part of what opening it would find out; a damaged file inside shows when it is read. */
function isStillThere({table}: IndexState, {uri}: VectorPlace): boolean {
  return isRemote(uri) || existsSync(join(uri, `${table}.lance`, '_versions'))
}

export function isRemote(uri: string): boolean {
  return /^[a-z0-9]+:\/\//i.test(uri)
}

async function openOrCreate(
  settings: SettingRepository,
  state: IndexState | null,
  {uri, isOwnFolder, newId}: VectorPlace,
  shape: IndexShape,
) {
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
  // Elsewhere there may be tables of other libraries and files of other programs.
  if (isOwnFolder) await rm(uri, {recursive: true, force: true})
  const table = `tracks-${newId()}`
  const index = await createVectorIndex(uri, table, shape, state?.table ?? null)
  return {index, table, has: new Map<number, number>(), rebuiltBecause}
}

async function bringUpToDate(
  truth: VectorTruth,
  index: VectorIndex,
  has: ReadonlyMap<number, number>,
  version: number,
  rebuiltBecause: string | null,
): Promise<RefreshReport> {
  const wanted = truth.stamps(version)
  const gone = [...has.keys()].filter((row) => !wanted.has(row))
  const stale = [...wanted].filter(([row, stamp]) => has.get(row) !== stamp).map(([row]) => row)
  await index.remove(gone)
  let put = 0
  for (let start = 0; start < stale.length; start += BATCH) {
    const vectors = truth.vectors(stale.slice(start, start + BATCH), version)
    await index.put(vectors)
    put += vectors.length
  }
  const isFresh = rebuiltBecause !== null || put > wanted.size / 2
  if (gone.length + put > 0 || isFresh) await index.arrange(isFresh)
  return {put, removed: gone.length, total: wanted.size, rebuiltBecause}
}

/** LanceDB's messages go on with stack traces of another language. */
export function firstLine(error: unknown): string {
  return crateErrorFrom(error).message.split('\n')[0] ?? ''
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
  if (/No space left|os error 28/i.test(crateErrorFrom(error).message))
    return new CrateError('DISK_FULL', `the disk that holds ${uri} is full`, {
      hints: ['Free some space and run the command again: the index is made again from the library'],
      details: {uri},
      cause: error,
    })
  return crateErrorFrom(error, 'TOOL_FAILED')
}
