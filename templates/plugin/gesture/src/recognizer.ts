// Fires where the acceleration rises above what the takes reached. No clock, no I/O: frames carry their time.
import type {GestureEvent, GestureRecognizer, GestureStream, MotionFrame} from 'crate-dj/plugin'

/** A hit shakes after itself for so long. */
const REST_MS = 250
/** Of the weakest take's peak, so that a somewhat weaker hit still counts. */
const SHARE_OF_PEAK = 0.7

export const recognizer: GestureRecognizer = {
  train({takes}) {
    const [first] = takes
    if (first === undefined) throw refusal('USAGE', 'there are no takes to learn from')
    const peaks = takes.map(({frames}) => Math.max(0, ...frames.map(strength)))
    const threshold = SHARE_OF_PEAK * Math.min(...peaks)
    const others = [...new Set(takes.map(({gesture}) => gesture))].slice(1)
    const warnings = others.map((gesture) => ({gestures: [gesture], message: 'only the first gesture is learnt here'}))
    return {model: {kind: '__ID__', gesture: first.gesture, threshold}, warnings}
  },
  start(model) {
    const {kind, gesture, threshold} = Object(model) as {kind?: unknown; gesture?: unknown; threshold?: unknown}
    if (kind !== '__ID__' || typeof gesture !== 'string' || typeof threshold !== 'number')
      throw refusal('FORMAT_INVALID', 'the model is not one of __ID__')
    return new HitStream(gesture, threshold)
  },
}

class HitStream implements GestureStream {
  #lastMs = Number.NEGATIVE_INFINITY
  readonly #gesture: string
  readonly #threshold: number

  constructor(gesture: string, threshold: number) {
    this.#gesture = gesture
    this.#threshold = threshold
  }

  push(frame: MotionFrame): readonly GestureEvent[] {
    const {atMs} = frame
    if (strength(frame) < this.#threshold || atMs - this.#lastMs < REST_MS) return []
    this.#lastMs = atMs
    const confidence = Math.min(1, (0.5 * strength(frame)) / Math.max(this.#threshold, 1e-9))
    return [{kind: 'stroke', gesture: this.#gesture, atMs, startMs: atMs, confidence, rateHz: null}]
  }

  reset(): readonly GestureEvent[] {
    this.#lastMs = Number.NEGATIVE_INFINITY
    return []
  }
}

function strength({acceleration: [x, y, z]}: MotionFrame): number {
  return Math.hypot(x, y, z)
}

/** A plugin carries no copy of crate: its own errors have the name and code that crate knows them by. */
function refusal(code: 'USAGE' | 'FORMAT_INVALID', message: string): Error {
  return Object.assign(new Error(message), {name: 'CrateError', code, hints: [], details: {}})
}
