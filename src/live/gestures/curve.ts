// A movement as a curve of fixed length, so that two of any duration can be laid side by side.
import type {MotionFrame} from '../../core/motion.js'
import {STANDARD_GRAVITY} from '../signal/vector.js'
import type {Curve} from './dtw.js'

/** Points of a curve: more gained nothing on the recordings, fewer lost strokes with corners. */
export const CURVE_POINTS = 32

/** A quarter of the curve: how far two performances may run apart. */
export const CURVE_BAND = CURVE_POINTS / 4

/** A movement as recorded: acceleration in g with gravity, and rotation in rad/s where the sensor has it. */
export interface Path extends Curve {
  readonly durationMs: number
}

/** Evenly spaced points over the frames, each the mean of what lies around it, after a median against lone spikes. */
export function pathFromFrames(frames: readonly MotionFrame[], points = CURVE_POINTS): Path {
  const hasRotation = frames.some(({rotation}) => rotation !== null)
  const channels = hasRotation ? 6 : 3
  const columns = columnsOf(frames, channels)
  const startMs = frames[0]?.atMs ?? 0
  const durationMs = (frames.at(-1)?.atMs ?? 0) - startMs
  const stepMs = durationMs / (points - 1)
  const values = new Float32Array(points * channels)
  let first = 0
  for (let point = 0; point < points; point++) {
    const centreMs = startMs + stepMs * point
    while (first < frames.length - 1 && (frames[first] as MotionFrame).atMs < centreMs - stepMs / 2) first++
    let last = first
    while (last < frames.length && (frames[last] as MotionFrame).atMs <= centreMs + stepMs / 2) last++
    for (let channel = 0; channel < channels; channel++) {
      const column = columns[channel] as Float32Array
      let value = 0
      if (last > first) {
        for (let index = first; index < last; index++) value += column[index] as number
        value /= last - first
      } else value = between(frames, column, first, centreMs)
      values[point * channels + channel] = value
    }
  }
  return {points, channels, values, durationMs}
}

function between(frames: readonly MotionFrame[], column: Float32Array, index: number, atMs: number): number {
  const next = frames[index]
  const before = frames[index - 1]
  const value = column[index] ?? 0
  if (next === undefined || before === undefined || next.atMs <= before.atMs) return value
  const share = Math.min(1, Math.max(0, (atMs - before.atMs) / (next.atMs - before.atMs)))
  return (column[index - 1] ?? 0) * (1 - share) + value * share
}

function columnsOf(frames: readonly MotionFrame[], channels: number): Float32Array[] {
  return Array.from({length: channels}, (_, channel) => {
    const raw = Float32Array.from(frames, ({acceleration, rotation}) =>
      channel < 3 ? (acceleration[channel] as number) / STANDARD_GRAVITY : (rotation?.[channel - 3] ?? 0),
    )
    return medianOfFive(raw)
  })
}

/** A running median of five; the ends keep their values. */
export function medianOfFive(values: Float32Array): Float32Array {
  const result = values.slice()
  for (let index = 2; index < values.length - 2; index++)
    result[index] = median5(
      values[index - 2] as number,
      values[index - 1] as number,
      values[index] as number,
      values[index + 1] as number,
      values[index + 2] as number,
    )
  return result
}

function median5(a: number, b: number, c: number, d: number, e: number): number {
  // The median of five is the median of e and the middle two of the other four.
  const low = Math.max(Math.min(a, b), Math.min(c, d))
  const high = Math.min(Math.max(a, b), Math.max(c, d))
  return Math.max(Math.min(low, high), Math.min(Math.max(low, high), e))
}

/** Root mean square of rotation, rad/s, under which a movement counts as one without turning. */
const ROTATION_FLOOR = 1.1
/** Weight of turning beside acceleration in g. */
const ROTATION_WEIGHT = 0.9

/**
 * The curve to compare: acceleration as it is, because gravity tells how the hand was held, and rotation scaled to its
 * own strength, because people repeat the shape of a turn better than its vigour.
 */
export function comparable(asHeld: Path, isUpright = false): Curve {
  const path = isUpright ? upright(asHeld) : asHeld
  const {points, channels} = path
  if (channels === 3) return path
  const values = path.values.slice()
  let energy = 0
  for (let point = 0; point < points; point++)
    for (let channel = 3; channel < 6; channel++) energy += (values[point * 6 + channel] as number) ** 2
  const factor = ROTATION_WEIGHT / Math.sqrt(energy / points + ROTATION_FLOOR ** 2)
  for (let point = 0; point < points; point++)
    for (let channel = 3; channel < 6; channel++)
      values[point * 6 + channel] = (values[point * 6 + channel] as number) * factor
  return {points, channels, values}
}

/** Nearer to straight down than this cosine, the way to turn it up is not told by gravity. */
const UPSIDE_DOWN = -0.99

/**
 * The path as if the sensor had lain flat: turned along the shortest arc so that its mean acceleration, which gravity
 * rules, points up. People strap a sensor on tilted differently, and hold their arm differently.
 */
export function upright(path: Path): Path {
  const {points, channels} = path
  const up = [0, 0, 0]
  for (let point = 0; point < points; point++)
    for (let axis = 0; axis < 3; axis++)
      up[axis] = (up[axis] as number) + (path.values[point * channels + axis] as number)
  const length = Math.hypot(...up)
  if (!(length > 0)) return path
  const [x, y, z] = up.map((value) => value / length) as [number, number, number]
  // Rodrigues' rotation about the horizontal axis (y, -x, 0) that carries (x, y, z) to (0, 0, 1).
  const share = 1 / (1 + z)
  const turn =
    z < UPSIDE_DOWN
      ? [1, 0, 0, 0, -1, 0, 0, 0, -1]
      : [1 - x * x * share, -x * y * share, -x, -x * y * share, 1 - y * y * share, -y, x, y, z]
  const values = path.values.slice()
  for (let at = 0; at < values.length; at += 3)
    for (let axis = 0; axis < 3; axis++)
      values[at + axis] =
        (turn[3 * axis] as number) * (path.values[at] as number) +
        (turn[3 * axis + 1] as number) * (path.values[at + 1] as number) +
        (turn[3 * axis + 2] as number) * (path.values[at + 2] as number)
  return {...path, values}
}

/** An upright curve as if the sensor had been worn the other way round: half a turn about the vertical. */
export function turnedRound({points, channels, values: from}: Curve): Curve {
  const values = from.slice()
  for (let at = 0; at < values.length; at += 3) {
    values[at] = -(values[at] as number)
    values[at + 1] = -(values[at + 1] as number)
  }
  return {points, channels, values}
}
