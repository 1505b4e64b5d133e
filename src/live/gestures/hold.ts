// The safe mode: a button is held for the length of a gesture, and it is judged when the button is let go.
import type {GestureEvent, MotionFrame} from '../../core/motion.js'
import {classifyTake, confidenceOf} from './stroke-match.js'
import type {StrokeModel} from './stroke-model.js'

/** A button that was forgotten does not gather frames for ever. */
const LONGEST_MS = 8000
const FEWEST_FRAMES = 8

export class HoldRecognizer {
  readonly #model: StrokeModel
  readonly #control: string
  readonly #sensitivity: number
  #frames: MotionFrame[] | null = null

  /** Twice as ready as spotting: the button says that something is meant. */
  constructor(model: StrokeModel, control: string, options: {readonly sensitivity?: number} = {}) {
    this.#model = model
    this.#control = control
    this.#sensitivity = 2 * (options.sensitivity ?? 1)
  }

  push(frame: MotionFrame): readonly GestureEvent[] {
    if (this.#frames === null) return []
    this.#frames.push(frame)
    const [first] = this.#frames
    if (first && frame.atMs - first.atMs > LONGEST_MS) this.#frames = null
    return []
  }

  control(control: string, value: number, atMs: number): readonly GestureEvent[] {
    if (control !== this.#control) return []
    if (value >= 0.5) {
      this.#frames ??= []
      return []
    }
    const frames = this.#frames
    this.#frames = null
    const [first] = frames ?? []
    if (frames === null || first === undefined || frames.length < FEWEST_FRAMES) return []
    const match = classifyTake(this.#model, frames)
    if (match === null || match.ratio > this.#sensitivity) return []
    const confidence = confidenceOf(match.ratio / this.#sensitivity)
    return [{kind: 'stroke', gesture: match.gesture, atMs, startMs: first.atMs, confidence, rateHz: null}]
  }

  reset(): readonly GestureEvent[] {
    this.#frames = null
    return []
  }
}
