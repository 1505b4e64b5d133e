// How much a hand moves, frame by frame, and where a movement begins and ends in that.
import type {MotionFrame} from '../../core/motion.js'
import {lengthOf} from '../signal/vector.js'

/** Time constants of the running gravity and of the smoothed activity. */
const GRAVITY_MS = 400
const SMOOTH_MS = 50
/** Pauses in which nothing arrived: what comes after is another movement. */
export const BREAK_MS = 300

/** Turning in rad/s plus shaking, half of m/s²: zero at rest, 2 to 20 in a gesture. Frames in order. */
export class ActivityMeter {
  #gravity: [number, number, number] | null = null
  #lastMs = 0
  #smooth = 0

  push(frame: MotionFrame): number {
    const [x, y, z] = frame.acceleration
    const elapsedMs = frame.atMs - this.#lastMs
    this.#lastMs = frame.atMs
    if (this.#gravity === null || elapsedMs > BREAK_MS) {
      this.#gravity = [x, y, z]
      this.#smooth = frame.rotation === null ? 0 : lengthOf(frame.rotation)
      return this.#smooth
    }
    const follow = 1 - Math.exp(-elapsedMs / GRAVITY_MS)
    const gravity = this.#gravity
    gravity[0] += (x - gravity[0]) * follow
    gravity[1] += (y - gravity[1]) * follow
    gravity[2] += (z - gravity[2]) * follow
    const shaking = Math.hypot(x - gravity[0], y - gravity[1], z - gravity[2])
    const turning = frame.rotation === null ? 0 : lengthOf(frame.rotation)
    this.#smooth += (turning + 0.5 * shaking - this.#smooth) * (1 - Math.exp(-elapsedMs / SMOOTH_MS))
    return this.#smooth
  }
}

export function activityOf(frames: readonly MotionFrame[]): Float64Array {
  const meter = new ActivityMeter()
  return Float64Array.from(frames, (frame) => meter.push(frame))
}

/** Value below which the given share of values lies. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.floor(share * sorted.length)))] ?? 0
}

/** The take without the rest before and after it: from where activity first passes a share of its peak. */
export function trimRest(frames: readonly MotionFrame[], share = 0.2): readonly MotionFrame[] {
  const activity = activityOf(frames)
  const rest = quantile(activity, 0.05)
  const peak = quantile(activity, 0.9)
  const threshold = rest + share * (peak - rest)
  let first = 0
  while (first < frames.length && (activity[first] as number) <= threshold) first++
  let last = frames.length - 1
  while (last > first && (activity[last] as number) <= threshold) last--
  return last - first < 8 ? frames : frames.slice(Math.max(0, first - 2), last + 1)
}

/** A take cut where nothing arrived for a while; scraps of a few frames are left out unless there is nothing else. */
export function splitAtBreaks(frames: readonly MotionFrame[]): readonly (readonly MotionFrame[])[] {
  const parts: MotionFrame[][] = []
  let part: MotionFrame[] = []
  for (const frame of frames) {
    const before = part.at(-1)
    if (before !== undefined && frame.atMs - before.atMs > BREAK_MS) {
      parts.push(part)
      part = []
    }
    part.push(frame)
  }
  parts.push(part)
  const whole = parts.filter(({length}) => length > 12)
  return whole.length > 0 ? whole : [frames]
}
