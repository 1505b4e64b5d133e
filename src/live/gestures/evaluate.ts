// How good a trained recogniser is on recordings whose gestures are marked: recall, precision, false alarms a minute.
import type {GestureEvent} from '../../core/motion.js'

export interface MarkedGesture {
  readonly gesture: string
  readonly startMs: number
  readonly endMs: number
}

export interface Evaluation {
  readonly expected: number
  readonly fired: number
  readonly hits: number
  readonly recall: number | null
  readonly precision: number | null
  readonly f1: number | null
  readonly falseAlarmsPerMinute: number | null
  /** Median time from the end of a movement to its decision; negative where it was decided before. */
  readonly delayMs: number | null
  /** Firings by what was meant (`''` nothing) and what was fired. */
  readonly mistakes: readonly {readonly meant: string; readonly fired: string; readonly count: number}[]
}

export interface EvaluatedStream {
  readonly marks: readonly MarkedGesture[]
  readonly events: readonly GestureEvent[]
  readonly durationMs: number
}

/** A firing hits when it overlaps a mark of its gesture and is decided within this after its end; once a mark. */
const GRACE_MS = 800

/** Every firing that is not a hit is a false alarm: wrong gesture, twice, or nothing there. */
export function evaluateStreams(streams: readonly EvaluatedStream[]): Evaluation {
  const delays: number[] = []
  const mistakes = new Map<string, {meant: string; fired: string; count: number}>()
  let [expected, fired, hits, durationMs] = [0, 0, 0, 0]
  for (const stream of streams) {
    const open = new Set(stream.marks)
    expected += stream.marks.length
    durationMs += stream.durationMs
    for (const event of stream.events) {
      if (event.kind !== 'stroke' && event.kind !== 'started') continue
      fired++
      const overlaps = (mark: MarkedGesture) =>
        event.startMs < mark.endMs && event.atMs > mark.startMs && event.atMs <= mark.endMs + GRACE_MS
      const hit = [...open].find((mark) => mark.gesture === event.gesture && overlaps(mark))
      if (hit) {
        open.delete(hit)
        hits++
        delays.push(event.atMs - hit.endMs)
        continue
      }
      const meant = stream.marks.find(overlaps)?.gesture ?? ''
      const key = JSON.stringify([meant, event.gesture])
      const entry = mistakes.get(key) ?? {meant, fired: event.gesture, count: 0}
      mistakes.set(key, {...entry, count: entry.count + 1})
    }
  }
  delays.sort((a, b) => a - b)
  return {
    expected,
    fired,
    hits,
    recall: expected === 0 ? null : hits / expected,
    precision: fired === 0 ? null : hits / fired,
    f1: expected + fired === 0 ? null : (2 * hits) / (expected + fired),
    falseAlarmsPerMinute: durationMs === 0 ? null : (60_000 * (fired - hits)) / durationMs,
    delayMs: delays[delays.length >> 1] ?? null,
    mistakes: [...mistakes.values()].sort((a, b) => b.count - a.count),
  }
}
