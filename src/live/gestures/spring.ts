// Finds a template anywhere in an endless stream, at any pace, in constant memory.
import type {Path} from './curve.js'

/** Step of the stream, and of templates: coarse enough to be cheap, fine enough for the corner of a stroke. */
export const STEP_MS = 32
/** Weight of a rad/s beside a g; the stream cannot be scaled by its own strength, since it has no end. */
const ROTATION_WEIGHT = 0.2

export interface SpringMatch {
  readonly startMs: number
  readonly endMs: number
  /** Mean squared distance a step. */
  readonly distance: number
}

/**
 * One template laid over the stream. Of overlapping matches only the best is given, once nothing better can overlap it.
 *
 * @see Sakurai, Faloutsos and Yamamuro, Stream monitoring under the time warping distance, 2007
 */
export class Spring {
  readonly #template: Float32Array
  readonly #channels: number
  readonly #rows: number
  #cost: Float64Array
  #start: Float64Array
  #costNext: Float64Array
  #startNext: Float64Array
  #best: SpringMatch | null = null

  constructor(path: Path) {
    this.#channels = path.channels
    this.#rows = Math.max(6, Math.round(path.durationMs / STEP_MS))
    this.#template = resample(path, this.#rows)
    this.#cost = new Float64Array(this.#rows).fill(Number.POSITIVE_INFINITY)
    this.#start = new Float64Array(this.#rows)
    this.#costNext = new Float64Array(this.#rows)
    this.#startNext = new Float64Array(this.#rows)
  }

  /** @param point the stream's next step as `streamPoint` makes it; `limit` the mean distance worth telling */
  push(point: Float32Array, atMs: number, limit: number): SpringMatch | null {
    const rows = this.#rows
    const channels = this.#channels
    const template = this.#template
    const [cost, start, next, nextStart] = [this.#cost, this.#start, this.#costNext, this.#startNext]
    for (let row = 0; row < rows; row++) {
      let distance = 0
      for (let channel = 0; channel < channels; channel++) {
        const difference = (point[channel] as number) - (template[row * channels + channel] as number)
        distance += difference * difference
      }
      // A match may begin at any step: the row above the first costs nothing, everywhere.
      let from = row === 0 ? 0 : (next[row - 1] as number)
      let began = row === 0 ? atMs : (nextStart[row - 1] as number)
      if ((cost[row] as number) < from) {
        from = cost[row] as number
        began = start[row] as number
      }
      if (row > 0 && (cost[row - 1] as number) <= from) {
        from = cost[row - 1] as number
        began = start[row - 1] as number
      }
      next[row] = from + distance
      nextStart[row] = began
    }
    this.#cost = next
    this.#start = nextStart
    this.#costNext = cost
    this.#startNext = start
    return this.#report(atMs, limit)
  }

  reset(): void {
    this.#cost.fill(Number.POSITIVE_INFINITY)
    this.#best = null
  }

  #report(atMs: number, limit: number): SpringMatch | null {
    const last = this.#rows - 1
    const distance = (this.#cost[last] as number) / this.#rows
    const best = this.#best
    if (best !== null) {
      let canImprove = false
      for (let row = 0; row < this.#rows && !canImprove; row++)
        canImprove =
          (this.#cost[row] as number) / this.#rows < best.distance && (this.#start[row] as number) <= best.endMs
      if (!canImprove) {
        for (let row = 0; row < this.#rows; row++)
          if ((this.#start[row] as number) <= best.endMs) this.#cost[row] = Number.POSITIVE_INFINITY
        this.#best = null
        return best
      }
    }
    if (distance <= limit && distance < (best?.distance ?? Number.POSITIVE_INFINITY))
      this.#best = {startMs: this.#start[last] as number, endMs: atMs, distance}
    return null
  }
}

/** Acceleration in g and rotation in rad/s, weighted for the stream, into `point`. */
export function streamPoint(point: Float32Array, scale: number): void {
  for (let channel = 0; channel < point.length; channel++)
    point[channel] = (point[channel] as number) * scale * (channel < 3 ? 1 : ROTATION_WEIGHT)
}

function resample(path: Path, rows: number): Float32Array {
  const {channels, points, values} = path
  const result = new Float32Array(rows * channels)
  for (let row = 0; row < rows; row++) {
    const position = (row * (points - 1)) / (rows - 1)
    const before = Math.min(points - 2, Math.floor(position))
    const share = position - before
    for (let channel = 0; channel < channels; channel++) {
      const a = values[before * channels + channel] as number
      const b = values[(before + 1) * channels + channel] as number
      result[row * channels + channel] = (a + (b - a) * share) * (channel < 3 ? 1 : ROTATION_WEIGHT)
    }
  }
  return result
}
