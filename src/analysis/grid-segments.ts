// A grid for tempo that moves: as few markers on bar lines as follow the beats within a few milliseconds.
import type {BeatGrid, GridMarker} from '../core/beat-grid.js'

const BEATS_PER_BAR = 4
/** A further marker must take away this much squared error (ms²): about one beat that is 60 ms off. */
const MARKER_PRICE = 3600
/** Bars that one marker may rule; bounds the search. */
const LONGEST_BARS = 64

/**
 * Markers on downbeats whose straight lines fit the beats best, each further one at a price: least squares by dynamic
 * programming over bar lines (Bellman & Roth, Curve fitting by segmented straight lines, 1969). Neighbouring lines meet.
 *
 * @param beatsMs beats as tracked, rising
 * @param firstDownbeat index of the first that starts a bar
 */
export function gridOfBeats(beatsMs: readonly number[], firstDownbeat: number): BeatGrid {
  const bars = Math.floor((beatsMs.length - 1 - firstDownbeat) / BEATS_PER_BAR)
  if (bars < 1) return []
  const at = (bar: number): number => firstDownbeat + bar * BEATS_PER_BAR
  const cost = new Float64Array(bars + 1).fill(Number.POSITIVE_INFINITY)
  const from = new Int32Array(bars + 1)
  cost[0] = 0
  for (let end = 1; end <= bars; end++)
    for (let start = Math.max(0, end - LONGEST_BARS); start < end; start++) {
      const total = (cost[start] as number) + MARKER_PRICE + lineError(beatsMs, at(start), at(end))
      if (total < (cost[end] as number)) {
        cost[end] = total
        from[end] = start
      }
    }
  const edges = [bars]
  for (let edge = bars; edge > 0; ) {
    edge = from[edge] as number
    edges.push(edge)
  }
  edges.reverse()
  const positions = edges.map((bar) => smoothed(beatsMs, at(bar)))
  return edges.slice(0, -1).map((bar, i): GridMarker => {
    const beats = ((edges[i + 1] as number) - bar) * BEATS_PER_BAR
    const spanMs = (positions[i + 1] as number) - (positions[i] as number)
    return {positionMs: Math.max(0, positions[i] as number), tempoBpm: (60_000 * beats) / spanMs, beatInBar: 1}
  })
}

/** Squared deviation of the beats from the line through the two ends, in ms². */
function lineError(beatsMs: readonly number[], start: number, end: number): number {
  const first = smoothed(beatsMs, start)
  const periodMs = (smoothed(beatsMs, end) - first) / (end - start)
  let sum = 0
  for (let beat = start; beat <= end; beat++)
    sum += ((beatsMs[beat] as number) - first - (beat - start) * periodMs) ** 2
  return sum
}

/** A beat's position by its four neighbours: single beats jitter by a frame or by the drummer's hand. */
function smoothed(beatsMs: readonly number[], beat: number): number {
  const reach = Math.min(2, beat, beatsMs.length - 1 - beat)
  let sum = 0
  for (let i = beat - reach; i <= beat + reach; i++) sum += beatsMs[i] as number
  return sum / (2 * reach + 1)
}
