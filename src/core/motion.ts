// Motion of a hand: the canonical frame that every sensor becomes, and the events that gestures become.

/** x, y, z in the axes of the device. */
export type Vector3 = readonly [x: number, y: number, z: number]

/** Unit quaternion, the rotation from the device's axes to the earth's (z up). */
export type Quaternion = readonly [w: number, x: number, y: number, z: number]

/**
 * One moment of one sensor. Values lie on the grids of `FRAME_STEPS` and times on 1/1024 ms, so that a frame
 * read back from a recording is the same frame to the last bit and a replay fires the same events.
 */
export interface MotionFrame {
  /** On the engine's time line, rising strictly within one sensor. */
  readonly atMs: number
  /** m/s², gravity included: about 9.8 long at rest. Of a sensor without accelerometer, gravity from its orientation. */
  readonly acceleration: Vector3
  /** m/s², gravity alone, where the device (or its orientation) tells it. */
  readonly gravity: Vector3 | null
  /** rad/s. Null where nothing tells it. */
  readonly rotation: Vector3 | null
  readonly orientation: Quaternion | null
}

/** Resolution of a frame: powers of two, well under the noise of any sensor (0.1 mg, 0.014 °/s, 0.003°). */
export const FRAME_STEPS = {
  acceleration: 2 ** -10,
  rotation: 2 ** -12,
  orientation: 2 ** -15,
  timeMs: 2 ** -10,
} as const

/** A value other than motion: a button, knob or fader of a controller, glove or phone. */
export interface ControlChange {
  readonly atMs: number
  /** `cc/1/74`, `note/1/36`, `/my/osc/address`, `button/1`: what the person writes in a mapping. */
  readonly control: string
  /** 0 to 1; buttons and notes are 0 when released. */
  readonly value: number
}

export interface GestureEvent {
  /**
   * `stroke` a movement with an end, fired once; `started`, `going` (rate or strength changed) and `ended` belong to an
   * oscillation, which lasts.
   */
  readonly kind: 'stroke' | 'started' | 'going' | 'ended'
  readonly gesture: string
  /** When it was decided. */
  readonly atMs: number
  /** When the movement began. */
  readonly startMs: number
  /** 0 to 1; 0.5 at the rejection threshold. */
  readonly confidence: number
  /** Swings a second of an oscillation; null for strokes. */
  readonly rateHz: number | null
}
