// Gesture recognisers: motion frames → gesture events, learnt from a few takes; no clock and no I/O.
import type {JsonValue} from '../core/json.js'
import type {GestureLesson, TrainedGestures} from '../core/lesson.js'
import type {GestureEvent, MotionFrame} from '../core/motion.js'
import type {Contribution} from './contribution.js'

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
