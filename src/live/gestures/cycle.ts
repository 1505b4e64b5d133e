// The mean cycle of an oscillation: how often it swings, and the shape of one swing.
import type {MotionFrame} from '../../core/motion.js'
import {STANDARD_GRAVITY} from '../signal/vector.js'

export const CYCLE_POINTS = 32
/** A window holds two swings of the slowest oscillation, and of what hands do most it holds four. */
export const WINDOW_MS = 2600
const SHORTEST_WINDOW_MS = 1200
const GRID_MS = 20
const FASTEST_MS = 160
const SLOWEST_MS = 1280
const RECENT_MS = 500

export interface Cycle {
  readonly rateHz: number
  /** 0 to 1: likeness of a swing to the next. */
  readonly regularity: number
  /** Root mean square about the mean, in g. */
  readonly strength: number
  /** Strength of the last half second over that of the whole: near 1 while it goes on, 0 once the hand rests. */
  readonly recent: number
  /** Mean acceleration over the window, in g: how the hand was held. */
  readonly gravity: readonly [number, number, number]
  /** One swing about its mean, scaled to root mean square 1: three columns of CYCLE_POINTS. */
  readonly shape: Float32Array
}

/** Null where the frames are too few for a window, or where nothing swings. */
export function cycleOf(frames: readonly MotionFrame[]): Cycle | null {
  const first = frames[0]
  const last = frames.at(-1)
  if (first === undefined || last === undefined || last.atMs - first.atMs < SHORTEST_WINDOW_MS) return null
  const columns = [0, 1, 2].map((axis) => onGrid(frames, axis)) as [Float64Array, Float64Array, Float64Array]
  const gravity = columns.map(mean) as [number, number, number]
  columns.forEach((column, axis) => {
    for (let index = 0; index < column.length; index++)
      column[index] = (column[index] as number) - (gravity[axis] as number)
  })
  const energy = columns.reduce((sum, column) => sum + column.reduce((total, value) => total + value * value, 0), 0)
  const strength = Math.sqrt(energy / (columns[0].length || 1))
  if (strength < 0.02) return null
  const recent = recentStrength(columns) / strength
  const {lag, regularity} = periodOf(columns)
  return {rateHz: 1000 / (lag * GRID_MS), regularity, strength, recent, gravity, shape: fold(columns, lag)}
}

/** About its own mean: a hand that rests in another pose rests. */
function recentStrength(columns: readonly Float64Array[]): number {
  const energy = columns.reduce((sum, column) => {
    const last = column.subarray(-Math.round(RECENT_MS / GRID_MS))
    const middle = mean(last)
    return sum + last.reduce((total, value) => total + (value - middle) ** 2, 0) / (last.length || 1)
  }, 0)
  return Math.sqrt(energy)
}

function onGrid(frames: readonly MotionFrame[], axis: number): Float64Array {
  const startMs = (frames[0] as MotionFrame).atMs
  const length = Math.floor(((frames.at(-1) as MotionFrame).atMs - startMs) / GRID_MS) + 1
  const result = new Float64Array(length)
  let at = 0
  for (let index = 0; index < length; index++) {
    const atMs = startMs + index * GRID_MS
    while (at < frames.length - 2 && (frames[at + 1] as MotionFrame).atMs <= atMs) at++
    const [a, b] = [frames[at] as MotionFrame, (frames[at + 1] ?? frames[at]) as MotionFrame]
    const share = b.atMs > a.atMs ? Math.min(1, (atMs - a.atMs) / (b.atMs - a.atMs)) : 0
    result[index] =
      ((a.acceleration[axis] as number) * (1 - share) + (b.acceleration[axis] as number) * share) / STANDARD_GRAVITY
  }
  return result
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / (values.length || 1)
}

/** The shortest lag at which the curve is nearly as like itself as at any: twice the period is as alike. */
function periodOf(columns: readonly Float64Array[]): {lag: number; regularity: number} {
  const length = columns[0]?.length ?? 0
  const from = Math.round(FASTEST_MS / GRID_MS)
  const to = Math.min(Math.round(SLOWEST_MS / GRID_MS), Math.floor(length / 1.8))
  const likeness = new Float64Array(to + 2)
  for (let lag = from - 1; lag <= to + 1; lag++) {
    let [product, left, right] = [0, 0, 0]
    for (const column of columns)
      for (let index = lag; index < length; index++) {
        const [a, b] = [column[index] as number, column[index - lag] as number]
        product += a * b
        left += a * a
        right += b * b
      }
    likeness[lag] = product / Math.sqrt(left * right + 1e-12)
  }
  const peaks: number[] = []
  for (let lag = from; lag <= to; lag++) {
    const value = likeness[lag] as number
    if (value >= (likeness[lag - 1] as number) && value >= (likeness[lag + 1] as number)) peaks.push(lag)
  }
  const best = Math.max(0, ...peaks.map((lag) => likeness[lag] as number))
  const chosen = peaks.find((lag) => (likeness[lag] as number) >= best - 0.12 * (1 - 0.5 * best)) ?? to
  const [before, at, after] = [likeness[chosen - 1] ?? 0, likeness[chosen] ?? 0, likeness[chosen + 1] ?? 0]
  const bend = before - 2 * at + after
  const shift = bend < 0 ? Math.max(-0.5, Math.min(0.5, (0.5 * (before - after)) / bend)) : 0
  return {lag: chosen + shift, regularity: Math.max(0, at)}
}

function fold(columns: readonly Float64Array[], lag: number): Float32Array {
  const shape = new Float32Array(3 * CYCLE_POINTS)
  columns.forEach((column, axis) => {
    const sums = new Float64Array(CYCLE_POINTS)
    const counts = new Float64Array(CYCLE_POINTS)
    for (let index = 0; index < column.length; index++) {
      const position = ((index / lag) % 1) * CYCLE_POINTS
      const before = Math.floor(position)
      const share = position - before
      for (const [slot, weight] of [
        [before % CYCLE_POINTS, 1 - share],
        [(before + 1) % CYCLE_POINTS, share],
      ] as const) {
        sums[slot] = (sums[slot] as number) + weight * (column[index] as number)
        counts[slot] = (counts[slot] as number) + weight
      }
    }
    for (let slot = 0; slot < CYCLE_POINTS; slot++)
      shape[axis * CYCLE_POINTS + slot] = (sums[slot] as number) / Math.max(counts[slot] as number, 1e-9)
  })
  const energy = shape.reduce((sum, value) => sum + value * value, 0) / CYCLE_POINTS
  const factor = 1 / Math.sqrt(energy + 1e-4)
  return shape.map((value) => value * factor)
}

/** Mean squared distance of two swings, begun where they fit best; direction of time counts, so a circle has two. */
export function shapeDistance(a: Float32Array, b: Float32Array): number {
  let best = Number.POSITIVE_INFINITY
  for (let shift = 0; shift < CYCLE_POINTS; shift++) {
    let sum = 0
    for (let axis = 0; axis < 3 && sum < best; axis++) {
      const offset = axis * CYCLE_POINTS
      for (let slot = 0; slot < CYCLE_POINTS; slot++) {
        const difference = (a[offset + slot] as number) - (b[offset + ((slot + shift) % CYCLE_POINTS)] as number)
        sum += difference * difference
      }
    }
    if (sum < best) best = sum
  }
  return best / CYCLE_POINTS
}

export interface CycleWeights {
  readonly shape: number
  readonly gravity: number
  readonly rate: number
  readonly strength: number
}

export const CYCLE_WEIGHTS: CycleWeights = {shape: 1, gravity: 1, rate: 0.5, strength: 0.2}

export function cycleDistance(a: Cycle, b: Cycle, weights: CycleWeights = CYCLE_WEIGHTS): number {
  const held = a.gravity.reduce((sum, value, axis) => sum + (value - (b.gravity[axis] as number)) ** 2, 0)
  return (
    weights.shape * shapeDistance(a.shape, b.shape) +
    weights.gravity * held +
    weights.rate * Math.log2(a.rateHz / b.rateHz) ** 2 +
    weights.strength * Math.log2(a.strength / b.strength) ** 2
  )
}

/** The cycles of a take: one for each window, half a second on. */
export function cyclesOfTake(frames: readonly MotionFrame[], hopMs = 500): Cycle[] {
  const cycles: Cycle[] = []
  let from = 0
  let nextMs = frames[0]?.atMs ?? 0
  for (let to = 0; to < frames.length; to++) {
    const {atMs} = frames[to] as MotionFrame
    if (atMs < nextMs + WINDOW_MS) continue
    while ((frames[from] as MotionFrame).atMs < nextMs) from++
    const cycle = cycleOf(frames.slice(from, to + 1))
    if (cycle !== null) cycles.push(cycle)
    nextMs += hopMs
  }
  return cycles
}
