// Gesture recognisers: motion frames → gesture events, learnt from a few takes; no clock and no I/O.
import type {JsonValue} from '../core/json.js'
import type {GestureEvent, MotionFrame} from '../core/motion.js'
import type {Contribution} from './contribution.js'

/** One take of one gesture: frames from before its start to after its end. */
export interface GestureTake {
  readonly gesture: string
  readonly frames: readonly MotionFrame[]
}

export interface GestureLesson {
  /** Three to five of each gesture; more are welcome. */
  readonly takes: readonly GestureTake[]
  /** Stretches in which nothing may fire: just dancing, walking, mixing. */
  readonly negatives: readonly (readonly MotionFrame[])[]
}

export interface GestureWarning {
  readonly gestures: readonly string[]
  readonly message: string
}

export interface TrainedGestures {
  /** Plain JSON, kept by the host and given back to `start`. */
  readonly model: JsonValue
  readonly warnings: readonly GestureWarning[]
}

export interface GestureStream {
  /** Frames of one sensor in order of time. The time it takes does not grow with how long it has run. */
  push(frame: MotionFrame): readonly GestureEvent[]
  /** The sensor was away: forget the movement under way. Gives the `ended` of what was going on. */
  reset(): readonly GestureEvent[]
}

export interface GestureRecognizer {
  /** @throws USAGE where there are too few takes, naming the gesture */
  train(lesson: GestureLesson): TrainedGestures
  /** @throws FORMAT_INVALID where the model is of another recogniser or a newer version */
  start(model: JsonValue): GestureStream
}

export interface GestureContribution extends Contribution<GestureRecognizer> {
  readonly recognizes: 'strokes' | 'oscillations'
}
