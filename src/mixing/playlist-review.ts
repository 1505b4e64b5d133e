// A playlist judged step by step: clashes, tempo leaps, energy dips; and an order that would be better.
import {CrateError} from '../core/errors.js'
import type {CandidateTable} from './candidates.js'
import {CLASH_BELOW, describeMove, type HarmonicMove, harmonicMove} from './harmony.js'
import type {Weights} from './model.js'
import {improveOrder, orderCost} from './order.js'
import {describeTempo, type TempoMove, tempoMove} from './tempo.js'
import {energyOf, transitionCostOver} from './transition.js'

export type ProblemKind = 'key-clash' | 'tempo-leap' | 'energy-dip' | 'same-artist' | 'repeated-track'

export interface PlaylistProblem {
  readonly kind: ProblemKind
  /** Place of the later track, from 1. */
  readonly position: number
  readonly text: string
}

/** From one track to the next; a move is null where a key or tempo is not known. */
export interface PlaylistStep {
  /** 0 (nothing to wish for) to 1. */
  readonly cost: number
  readonly move: HarmonicMove | null
  readonly tempo: TempoMove | null
}

export interface PlaylistReview {
  readonly tracks: number
  /** Mean over the steps, 0 (nothing to wish for) to 1. */
  readonly meanCost: number
  /** One fewer than tracks. */
  readonly steps: readonly PlaylistStep[]
  readonly problems: readonly PlaylistProblem[]
  readonly counts: Readonly<Record<ProblemKind, number>>
  /** Tracks of which key or tempo is not known; their steps are judged by the rest. */
  readonly unknown: number
}

/** A pitch fader of ±8 % reaches no farther. */
const LEAP_PERCENT = 8
/** A step down that empties a floor. */
const DIP = 2.5

/** @param rows of the table, in playing order */
export function reviewPlaylist(table: CandidateTable, rows: readonly number[], weights?: Weights): PlaylistReview {
  const cost = transitionCostOver(table, weights)
  const problems: PlaylistProblem[] = []
  const steps: PlaylistStep[] = []
  const seen = new Map<number, number>()
  for (const [place, row] of rows.entries()) {
    const position = place + 1
    const earlier = seen.get(row)
    if (earlier !== undefined)
      problems.push({
        kind: 'repeated-track',
        position,
        text: `${nameOf(table, row)} stands already at place ${earlier}`,
      })
    else seen.set(row, position)
    const before = rows[place - 1]
    if (before === undefined) continue
    steps.push(stepBetween(table, before, row, cost(before, row)))
    problems.push(...stepProblems(table, before, row).map((problem) => ({...problem, position})))
  }
  const counts = {'key-clash': 0, 'tempo-leap': 0, 'energy-dip': 0, 'same-artist': 0, 'repeated-track': 0}
  for (const {kind} of problems) counts[kind]++
  const unknown = rows.filter((row) => table.keys[row] === 24 || Number.isNaN(table.octaves[row])).length
  return {tracks: rows.length, meanCost: orderCost(rows, cost), steps, problems, counts, unknown}
}

function nameOf(table: CandidateTable, row: number): string {
  return table.tracks[row]?.name ?? `row ${row}`
}

function stepBetween(table: CandidateTable, from: number, to: number, cost: number): PlaylistStep {
  const [a, b] = [table.tracks[from], table.tracks[to]]
  return {
    cost,
    move: a?.key == null || b?.key == null ? null : harmonicMove(a.key, b.key),
    tempo: a === undefined || b === undefined ? null : tempoMove(a.tempoBpm, b.tempoBpm),
  }
}

function stepProblems(table: CandidateTable, from: number, to: number): {kind: ProblemKind; text: string}[] {
  const [a, b] = [table.tracks[from], table.tracks[to]]
  if (a === undefined || b === undefined) return []
  const problems: {kind: ProblemKind; text: string}[] = []
  if (a.key !== null && b.key !== null && harmonicMove(a.key, b.key).score < CLASH_BELOW)
    problems.push({kind: 'key-clash', text: describeMove(a.key, b.key)})
  const tempo = tempoMove(a.tempoBpm, b.tempoBpm)
  if (tempo !== null && tempo.percent > LEAP_PERCENT && a.tempoBpm !== null && b.tempoBpm !== null)
    problems.push({kind: 'tempo-leap', text: describeTempo(a.tempoBpm, b.tempoBpm, tempo)})
  const [energyA, energyB] = [energyOf(table, from), energyOf(table, to)]
  if (energyA !== null && energyB !== null && energyA - energyB > DIP)
    problems.push({kind: 'energy-dip', text: `energy ${energyA} → ${energyB}`})
  if (from !== to && table.artists[from] !== 0 && table.artists[from] === table.artists[to])
    problems.push({kind: 'same-artist', text: `${b.artist} twice in a row`})
  return problems
}

export interface OrderProposal {
  readonly rows: readonly number[]
  /** Place from 1 of each row in the order before. */
  readonly places: readonly number[]
  readonly before: PlaylistReview
  readonly after: PlaylistReview
}

export interface ProposeOptions {
  /** Places from 1 that stay as they are. */
  readonly locked?: readonly number[]
  readonly weights?: Weights
}

/** Cost look-ups for one proposal: about a second, however long the playlist. */
const BUDGET = 8_000_000
const ENERGY_PULL = 0.15
/** Longer lists are improved from their own order alone: a walk from scratch looks at every pair. */
const WALK_LIMIT = 3000

/**
 * The same tracks in an order that costs less; never a worse one. The course of the energy stays near what it was.
 *
 * @throws CrateError USAGE for a locked place that the list does not have
 */
export function proposeOrder(
  table: CandidateTable,
  rows: readonly number[],
  options: ProposeOptions = {},
): OrderProposal {
  const wrong = (options.locked ?? []).find((place) => !Number.isInteger(place) || place < 1 || place > rows.length)
  if (wrong !== undefined)
    throw new CrateError('USAGE', `place ${wrong} cannot be locked in a list of ${rows.length} tracks`)
  const locked = new Set((options.locked ?? []).map((place) => place - 1))
  const cost = transitionCostOver(table, options.weights)
  const wanted = smoothEnergy(table, rows)
  const placeCost = (row: number, place: number) => {
    const energy = energyOf(table, row)
    const aim = wanted[place] ?? null
    return energy === null || aim === null ? 0 : ENERGY_PULL * Math.min(1, ((energy - aim) / 4) ** 2)
  }
  const starts = [rows, ...(rows.length <= WALK_LIMIT ? [nearestWalk(rows, locked, cost, placeCost)] : [])]
  const improved = starts.map((start) =>
    improveOrder(start, {cost, placeCost, isLocked: (place) => locked.has(place), budget: BUDGET / starts.length}),
  )
  const best = [rows, ...improved].reduce((a, b) => (orderCost(b, cost) < orderCost(a, cost) - 1e-12 ? b : a))
  return {
    rows: best,
    places: placesBefore(rows, best),
    before: reviewPlaylist(table, rows, options.weights),
    after: reviewPlaylist(table, best, options.weights),
  }
}

function placesBefore(rows: readonly number[], order: readonly number[]): number[] {
  const places = new Map<number, number[]>()
  for (const [at, row] of rows.entries()) places.set(row, [...(places.get(row) ?? []), at + 1])
  return order.map((row) => places.get(row)?.shift() ?? 0)
}

/** The course of energy without its bumps: a mean over nine places; null where nothing is known. */
function smoothEnergy(table: CandidateTable, rows: readonly number[]): (number | null)[] {
  return rows.map((_, place) => {
    const near = rows.slice(Math.max(0, place - 4), place + 5).flatMap((row) => energyOf(table, row) ?? [])
    return near.length === 0 ? null : near.reduce((sum, energy) => sum + energy, 0) / near.length
  })
}

/** From the first track always on to the cheapest that is left; locked places are met as they come. */
function nearestWalk(
  rows: readonly number[],
  locked: ReadonlySet<number>,
  cost: (from: number, to: number) => number,
  placeCost: (row: number, place: number) => number,
): number[] {
  const left = new Set([...rows.keys()].filter((place) => !locked.has(place)))
  const walk: number[] = []
  for (const [place, own] of rows.entries()) {
    if (locked.has(place)) {
      walk.push(own)
      continue
    }
    const before = walk.at(-1)
    let best: {from: number; cost: number} | null = null
    for (const from of left) {
      const row = rows[from] ?? 0
      const step = (before === undefined ? (from === place ? -1 : 0) : cost(before, row)) + placeCost(row, place)
      if (best === null || step < best.cost) best = {from, cost: step}
    }
    if (best === null) break
    left.delete(best.from)
    walk.push(rows[best.from] ?? 0)
  }
  return walk
}
