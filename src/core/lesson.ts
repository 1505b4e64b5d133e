// What a gesture recogniser learns from, and what it has learnt.
import type {JsonValue} from './json.js'
import type {MotionFrame} from './motion.js'

/** One take of one gesture: frames from before its start to after its end. */
export interface GestureTake {
  readonly gesture: string
  readonly frames: readonly MotionFrame[]
  /** Who made it, where a set is learnt from several people: how well it serves others is judged across them. */
  readonly performer?: string
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
