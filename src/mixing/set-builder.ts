// Sets by rule: which tracks, in which order, along a curve of energy and for a given time.
import {CrateError} from '../core/errors.js'
import type {CandidateTable} from './candidates.js'
import {energyAt} from './energy-curve.js'
import {type HarmonicMove, harmonicMove} from './harmony.js'
import type {MixTrack} from './mix-track.js'
import {improveOrder} from './order.js'
import {minutes, planSet, type SetPlan, type SetRequest} from './set-request.js'
import {type TempoMove, tempoMove} from './tempo.js'
import {energyOf, type TransitionCost, transitionCostOver} from './transition.js'

export interface SetEntry {
  readonly track: MixTrack
  /** When it is mixed in, from the start of the set. */
  readonly startMs: number
  /** What the curve wants here, 1 to 10. */
  readonly wantedEnergy: number
  /** From the track before; null for the first, and where a value is unknown. */
  readonly move: HarmonicMove | null
  readonly tempo: TempoMove | null
  /** Of the step from the track before, 0 (best) to 1. */
  readonly cost: number
}

export interface BuiltSet {
  readonly entries: readonly SetEntry[]
  readonly durationMs: number
  /** Mean over the steps, 0 to 1. */
  readonly meanCost: number
}

export interface BuildOptions {
  /** Sets that are followed at a time; 1 is greedy. */
  readonly beamWidth?: number
}

/**
 * A set by beam search over transition cost and distance from the energy curve, its order then improved with the
 * locked places held. The duration counts every track from its mix-in to its mix-out, the last one to its end, and is
 * met within half a track. No artist comes twice in a row, no song twice.
 *
 * @throws CrateError as `planSet`; CONFLICT where no set meets all wishes
 */
export function buildSet(table: CandidateTable, request: SetRequest, options: BuildOptions = {}): BuiltSet {
  const plan = planSet(table, request)
  const cost = transitionCostOver(table, request.weights)
  const rows = searchSet(table, plan, cost, Math.max(1, Math.floor(options.beamWidth ?? BEAM_WIDTH)))
  if (rows === null)
    throw new CrateError('CONFLICT', `no set of ${minutes(plan.durationMs)} meets all wishes`, {
      hints: ['Give up a locked place or a track that must come, allow more tracks, or change the duration.'],
      details: {constraint: plan.must.length > 0 ? 'must' : plan.locked.size > 0 ? 'locked' : 'artist'},
    })
  const better = options.beamWidth === 1 ? rows : improveSet(table, plan, cost, rows)
  return describeSet(table, plan, cost, better)
}

const BEAM_WIDTH = 16
/** Continuations that one set may add to the next beam: the beam must not hold variants of one idea. */
const PER_STATE = 6
const ENERGY_SHARE = 0.4
const MUST_BONUS = 0.35

interface State {
  readonly row: number
  readonly before: State | null
  readonly cost: number
  readonly elapsedMs: number
  readonly count: number
  readonly mustLeft: number
}

function energyCost(energy: number | null, wanted: number): number {
  return energy === null ? 0.3 : Math.min(1, ((energy - wanted) / 3) ** 2)
}

/** Costs by energy in tenths, the unknown first. */
function energyCosts(wanted: number): Float64Array {
  return Float64Array.from({length: 101}, (_, tenth) => energyCost(tenth === 0 ? null : tenth / 10, wanted))
}

function searchSet(table: CandidateTable, plan: SetPlan, cost: TransitionCost, width: number): number[] | null {
  const mustRows = new Set(plan.must)
  const endMs = plan.endRow === null ? 0 : (plan.playedMs[plan.endRow] ?? 0) + (plan.tailMs[plan.endRow] ?? 0)
  const isReserved = new Uint8Array(table.tracks.length)
  for (const row of plan.locked.values()) isReserved[row] = 1
  if (plan.endRow !== null) isReserved[plan.endRow] = 1
  const lastLock = Math.max(-1, ...plan.locked.keys())
  const seen = {rows: new Int32Array(table.tracks.length), songs: new Int32Array(table.songNumbers.size + 1), stamp: 0}
  let beam: (State | null)[] = [null]
  let best: {state: State; score: number} | null = null
  while (beam.length > 0) {
    const next: State[] = []
    for (const state of beam) {
      for (const grown of expand(state)) {
        const score = finishedScore(grown)
        if (score !== null && (best === null || score < best.score)) best = {state: grown, score}
        if (grown.elapsedMs + endMs < plan.durationMs + plan.typicalMs / 2) next.push(grown)
      }
    }
    beam = next.sort((a, b) => a.cost - b.cost || a.row - b.row || a.elapsedMs - b.elapsedMs).slice(0, width)
  }
  if (best === null) return null
  const rows: number[] = plan.endRow === null ? [] : [plan.endRow]
  for (let state: State | null = best.state; state !== null; state = state.before) rows.unshift(state.row)
  return rows

  function finishedScore(state: State): number | null {
    const tailMs = plan.endRow === null ? (plan.tailMs[state.row] ?? 0) : endMs
    const missMs = Math.abs(state.elapsedMs + tailMs - plan.durationMs)
    if (missMs > plan.typicalMs / 2 || state.mustLeft > 0 || state.count <= lastLock) return null
    const isArtistTwice = plan.endRow !== null && isSameArtist(table, state.row, plan.endRow)
    if (isArtistTwice) return null
    const last = plan.endRow === null ? 0 : cost(state.row, plan.endRow)
    return (state.cost + last) / state.count + (0.2 * missMs) / plan.typicalMs
  }

  function expand(state: State | null): State[] {
    const stamp = ++seen.stamp
    for (let at = state; at !== null; at = at.before) {
      seen.rows[at.row] = stamp
      seen.songs[table.songs[at.row] ?? 0] = stamp
    }
    const place = state?.count ?? 0
    const elapsedMs = state?.elapsedMs ?? 0
    const wanted = energyAt(plan.points, elapsedMs / plan.durationMs)
    const energyAtRow = energyCosts(wanted)
    const held = plan.locked.get(place)
    const mustLeft = state?.mustLeft ?? plan.must.length
    const leftMs = plan.durationMs - elapsedMs - endMs
    const isMustNow = mustLeft > 0 && leftMs < (mustLeft + 1) * plan.typicalMs
    const grown: State[] = []
    const consider = (row: number) => {
      if (seen.rows[row] === stamp || plan.isAllowed[row] === 0) return
      if (state !== null && isSameArtist(table, state.row, row)) return
      const isMust = mustLeft > 0 && mustRows.has(row)
      const settled =
        (state?.cost ?? 0) + (energyAtRow[table.energies[row] ?? 0] ?? 0) * ENERGY_SHARE - (isMust ? MUST_BONUS : 0)
      const room = state === null ? width * 4 : PER_STATE
      const ceiling = grown.length < room ? Number.POSITIVE_INFINITY : (grown.at(-1)?.cost ?? 0)
      if (settled >= ceiling) return
      const limit = (ceiling - settled) / (1 - ENERGY_SHARE)
      const total = settled + (state === null ? 0 : cost(state.row, row, limit) * (1 - ENERGY_SHARE))
      if (total >= ceiling) return
      const entry: State = {
        row,
        before: state,
        cost: total,
        elapsedMs: elapsedMs + (plan.playedMs[row] ?? 0),
        count: place + 1,
        mustLeft: mustLeft - (isMust ? 1 : 0),
      }
      let at = grown.length
      while (at > 0 && (grown[at - 1]?.cost ?? 0) > total) at--
      grown.splice(at, 0, entry)
      if (grown.length > room) grown.pop()
    }
    if (held !== undefined) consider(held)
    else if (isMustNow) for (const row of plan.must) consider(row)
    else
      for (let row = 0; row < isReserved.length; row++)
        if (isReserved[row] === 0 && seen.songs[table.songs[row] ?? 0] !== stamp) consider(row)
    return grown
  }
}

function isSameArtist(table: CandidateTable, a: number, b: number): boolean {
  return table.artists[a] !== 0 && table.artists[a] === table.artists[b]
}

function improveSet(table: CandidateTable, plan: SetPlan, cost: TransitionCost, rows: readonly number[]): number[] {
  const places = rows.length
  // The last place decides the duration by its tail, so it stays with the row that was chosen for it.
  return improveOrder(rows, {
    cost: (from, to) => cost(from, to) * (1 - ENERGY_SHARE) + (isSameArtist(table, from, to) ? 10 : 0),
    placeCost: (row, place) => energyCost(energyOf(table, row), energyAt(plan.points, place / places)) * ENERGY_SHARE,
    isLocked: (place) => plan.locked.has(place) || place === places - 1,
    budget: 5_000_000,
  })
}

function describeSet(table: CandidateTable, plan: SetPlan, cost: TransitionCost, rows: readonly number[]): BuiltSet {
  let startMs = 0
  let sum = 0
  const entries = rows.flatMap((row, place): SetEntry[] => {
    const track = table.tracks[row]
    const previous = rows[place - 1]
    if (track === undefined) return []
    const before = previous === undefined ? undefined : table.tracks[previous]
    const step = previous === undefined ? 0 : cost(previous, row)
    sum += step
    const entry: SetEntry = {
      track,
      startMs,
      wantedEnergy: energyAt(plan.points, startMs / plan.durationMs),
      move: before?.key == null || track.key === null ? null : harmonicMove(before.key, track.key),
      tempo: before === undefined ? null : tempoMove(before.tempoBpm, track.tempoBpm),
      cost: step,
    }
    startMs += plan.playedMs[row] ?? 0
    return [entry]
  })
  const last = rows.at(-1)
  const durationMs = startMs + (last === undefined ? 0 : (plan.tailMs[last] ?? 0))
  return {entries, durationMs, meanCost: rows.length < 2 ? 0 : sum / (rows.length - 1)}
}
