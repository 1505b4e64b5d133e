// A wish for a set, turned into rows of the table; wishes that contradict each other are told apart and said.
import {CrateError} from '../core/errors.js'
import type {CandidateTable} from './candidates.js'
import {type CurvePoint, curvePoints, type EnergyCurve} from './energy-curve.js'
import type {Weights} from './model.js'

export interface SetRequest {
  readonly durationMs: number
  readonly energy: EnergyCurve
  /** Ids of the first and the last track. */
  readonly start?: string | null
  readonly end?: string | null
  readonly must?: readonly string[]
  readonly without?: readonly string[]
  /** Places from 1 that are taken. */
  readonly locked?: readonly {readonly position: number; readonly id: string}[]
  /** A DJ's learnt weights; the defaults where absent. */
  readonly weights?: Weights
}

export interface SetPlan {
  readonly durationMs: number
  readonly points: readonly CurvePoint[]
  /** Row by place from 0. */
  readonly locked: ReadonlyMap<number, number>
  readonly endRow: number | null
  /** Rows that must come, without those that have a place. */
  readonly must: readonly number[]
  readonly isAllowed: Uint8Array
  /** What each row adds to the set: from its mix-in to its mix-out. */
  readonly playedMs: Float64Array
  /** What the last track plays beyond its mix-out. */
  readonly tailMs: Float64Array
  readonly typicalMs: number
}

const ASSUMED_DURATION_MS = 300_000
const SHORTEST_PLAY_MS = 30_000
/** Where no mix-out is known, the next track comes in over the last 64 beats, at most a third of the track. */
const OVERLAP_BEATS = 64

/**
 * @throws CrateError USAGE for a duration that is none, TRACK_NOT_FOUND for unknown ids, CONFLICT for wishes that exclude
 * each other, with `details.constraint`
 */
export function planSet(table: CandidateTable, request: SetRequest): SetPlan {
  const {durationMs} = request
  if (!(durationMs > 0) || !Number.isFinite(durationMs))
    throw new CrateError('USAGE', `a set of ${durationMs} ms cannot be built`, {details: {constraint: 'duration'}})
  if (table.tracks.length === 0)
    conflict('library', 'there are no tracks to choose from', ['Add music: crate sync FOLDER'])
  const without = new Set(request.without ?? [])
  const rowOf = (id: string, wish: string): number => {
    const row = table.indexById.get(id)
    if (row === undefined)
      throw new CrateError('TRACK_NOT_FOUND', `${wish} names ${id}, which is not among the candidates`, {
        details: {constraint: wish, id},
      })
    if (without.has(id)) conflict(wish, `${table.tracks[row]?.name} is wanted (${wish}) and excluded (without)`)
    return row
  }
  const locked = new Map<number, number>()
  const lock = (position: number, row: number, wish: string) => {
    const taken = locked.get(position)
    if (taken !== undefined && taken !== row)
      conflict(wish, `place ${position + 1} is wanted for two tracks: ${name(table, taken)} and ${name(table, row)}`)
    const other = [...locked].find(([place, held]) => held === row && place !== position)
    if (other !== undefined)
      conflict(wish, `${name(table, row)} is wanted at place ${other[0] + 1} and at place ${position + 1}`)
    locked.set(position, row)
  }
  if (request.start != null) lock(0, rowOf(request.start, 'start'), 'start')
  for (const {position, id} of request.locked ?? []) {
    if (!Number.isInteger(position) || position < 1) conflict('locked', `places count from 1, ${position} is none`)
    lock(position - 1, rowOf(id, 'locked'), 'locked')
  }
  const endRow = request.end == null ? null : rowOf(request.end, 'end')
  const placed = new Set(locked.values())
  if (endRow !== null && placed.has(endRow))
    conflict('end', `${name(table, endRow)} is wanted at the end and at another place`)
  const must = [...new Set((request.must ?? []).map((id) => rowOf(id, 'must')))].filter(
    (row) => !placed.has(row) && row !== endRow,
  )
  const isAllowed = Uint8Array.from(table.tracks, ({id}, row) =>
    without.has(id) || table.indexById.get(id) !== row ? 0 : 1,
  )
  const {playedMs, tailMs, typicalMs} = lengths(table, isAllowed)
  const plan = {
    durationMs,
    points: curvePoints(request.energy),
    locked,
    endRow,
    must,
    isAllowed,
    playedMs,
    tailMs,
    typicalMs,
  }
  checkLengths(table, plan)
  return plan
}

function name(table: CandidateTable, row: number): string {
  return table.tracks[row]?.name ?? `row ${row}`
}

function conflict(constraint: string, message: string, hints: readonly string[] = []): never {
  throw new CrateError('CONFLICT', message, {hints, details: {constraint}})
}

function lengths(table: CandidateTable, isAllowed: Uint8Array) {
  const known = table.tracks.flatMap(({durationMs}) => (durationMs !== null && durationMs > 0 ? [durationMs] : []))
  known.sort((a, b) => a - b)
  const typical = known[known.length >> 1] ?? ASSUMED_DURATION_MS
  const playedMs = new Float64Array(table.tracks.length)
  const tailMs = new Float64Array(table.tracks.length)
  for (const [row, track] of table.tracks.entries()) {
    const durationMs = track.durationMs !== null && track.durationMs > 0 ? track.durationMs : typical
    const beatMs = track.tempoBpm !== null && track.tempoBpm > 0 ? 60_000 / track.tempoBpm : 500
    const inMs = track.mixInMs !== null && track.mixInMs >= 0 && track.mixInMs < durationMs ? track.mixInMs : 0
    const isOutKnown = track.mixOutMs !== null && track.mixOutMs > inMs && track.mixOutMs <= durationMs
    const outMs = isOutKnown
      ? (track.mixOutMs ?? durationMs)
      : durationMs - Math.min(durationMs / 3, OVERLAP_BEATS * beatMs)
    playedMs[row] = Math.min(durationMs, Math.max(SHORTEST_PLAY_MS, outMs - inMs))
    tailMs[row] = Math.max(0, durationMs - inMs - (playedMs[row] ?? 0))
  }
  const allowed = [...playedMs].filter((_, row) => isAllowed[row] === 1).sort((a, b) => a - b)
  return {playedMs, tailMs, typicalMs: allowed[allowed.length >> 1] ?? ASSUMED_DURATION_MS}
}

function checkLengths(table: CandidateTable, plan: SetPlan): void {
  const rows = [...plan.isAllowed.keys()].filter((row) => plan.isAllowed[row] === 1)
  if (rows.length === 0) conflict('without', 'every candidate is excluded')
  const sum = (list: readonly number[]) => list.reduce((total, row) => total + (plan.playedMs[row] ?? 0), 0)
  const half = plan.typicalMs / 2
  const all = sum(rows)
  if (all + half < plan.durationMs)
    conflict(
      'duration',
      `all ${rows.length} candidates together last ${minutes(all)}, not ${minutes(plan.durationMs)}`,
      ['Ask for a shorter set, or let more tracks in: a wider --query, crate sync FOLDER.'],
    )
  const shortest = rows.reduce((least, row) => Math.min(least, plan.playedMs[row] ?? 0), Number.POSITIVE_INFINITY)
  if (shortest / 2 > plan.durationMs)
    conflict(
      'duration',
      `the shortest candidate plays ${minutes(shortest)}, the set is to last ${minutes(plan.durationMs)}`,
    )
  const wanted = [...plan.locked.values(), ...plan.must, ...(plan.endRow === null ? [] : [plan.endRow])]
  if (sum(wanted) > plan.durationMs + half)
    conflict('must', `the tracks that must come last ${minutes(sum(wanted))}, the set ${minutes(plan.durationMs)}`)
  for (const [place, row] of plan.locked)
    if (place > 0 && place * SHORTEST_PLAY_MS > plan.durationMs)
      conflict(
        'locked',
        `${name(table, row)} is wanted at place ${place + 1}, which a set of ${minutes(plan.durationMs)} does not reach`,
      )
}

export function minutes(ms: number): string {
  return `${Math.round(ms / 6000) / 10} min`
}
