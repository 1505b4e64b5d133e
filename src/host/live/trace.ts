// What a scope draws of a sensor: of each short span the frame that stands out most, so that no spike is missed.
import type {MotionFrame} from '../../core/motion.js'

const SPAN_MS = 12
const MOST_POINTS = 8

export class Trace {
  #points: number[][] = []
  #spanMs = Number.NEGATIVE_INFINITY
  #size = 0

  push({atMs, acceleration, rotation}: MotionFrame): void {
    const [x, y, z] = acceleration
    const size = x * x + y * y + z * z
    const isNew = atMs - this.#spanMs >= SPAN_MS
    if (!isNew && size <= this.#size) return
    if (isNew) this.#spanMs = atMs
    else this.#points.pop()
    this.#size = size
    this.#points.push([atMs, x, y, z, ...(rotation ?? [])].map((value) => Math.round(value * 1000) / 1000))
    if (this.#points.length > MOST_POINTS) this.#points.shift()
  }

  /** What has come since it was last taken. */
  take(): readonly (readonly number[])[] {
    const points = this.#points
    this.#points = []
    this.#spanMs = Number.NEGATIVE_INFINITY
    return points
  }
}
