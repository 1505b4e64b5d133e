// Movements with a known answer: what a sensor on a hand shows when the hand goes along a given path.
import {FRAME_STEPS, type MotionFrame, type Vector3} from '../../src/core/motion.js'

const G = 9.80665

/** A small generator of even numbers in −1 to 1, the same in every run. */
export function noise(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  }
}

export interface Motion {
  readonly durationMs: number
  /** Acceleration without gravity (m/s²) and rotation (rad/s) at a share 0…1 of the movement. */
  at(share: number): {readonly acceleration: Vector3; readonly rotation: Vector3}
}

const pulse = (share: number) => Math.sin(2 * Math.PI * share)

/** Speeds up and slows down along one axis, as a swipe does. */
export function swipe(axis: 0 | 1 | 2, sign: 1 | -1, durationMs = 600): Motion {
  return {
    durationMs,
    at(share) {
      const acceleration: [number, number, number] = [0, 0, 0]
      acceleration[axis] = 12 * sign * pulse(share)
      return {acceleration, rotation: [0, 0, sign * 3 * Math.sin(Math.PI * share)]}
    },
  }
}

/** Turns about the forearm and back. */
export function twist(durationMs = 700): Motion {
  return {durationMs, at: (share) => ({acceleration: [0, 0, 0], rotation: [0, 9 * pulse(share), 0]})}
}

/** Rounds in the x–y plane. */
export function circle(sense: 1 | -1, rateHz: number, durationMs: number): Motion {
  return {
    durationMs,
    at(share) {
      const angle = (2 * Math.PI * rateHz * share * durationMs) / 1000
      return {acceleration: [10 * Math.cos(angle), sense * 10 * Math.sin(angle), 0], rotation: [0, 0, 0]}
    },
  }
}

export function shake(rateHz: number, durationMs: number): Motion {
  return {
    durationMs,
    at: (share) => ({
      acceleration: [0, 0, 9 * Math.sin((2 * Math.PI * rateHz * share * durationMs) / 1000)],
      rotation: [0, 0, 0],
    }),
  }
}

export const rest = (durationMs: number): Motion => ({
  durationMs,
  at: () => ({acceleration: [0, 0, 0], rotation: [0, 0, 0]}),
})

/** Something without a plan: sums of swings of unrelated rates. */
export function dancing(durationMs: number, seed: number): Motion {
  const random = noise(seed)
  const waves = Array.from({length: 18}, () => ({
    strength: 3 + 2 * random(),
    rateHz: 1.2 + random(),
    phase: 3 * random(),
  }))
  const sum = (from: number, seconds: number) =>
    waves
      .slice(from, from + 3)
      .reduce(
        (total, {strength, rateHz, phase}) => total + strength * Math.sin(2 * Math.PI * rateHz * seconds + phase),
        0,
      )
  return {
    durationMs,
    at(share) {
      const seconds = (share * durationMs) / 1000
      return {
        acceleration: [sum(0, seconds), sum(3, seconds), sum(6, seconds)],
        rotation: [sum(9, seconds) / 4, sum(12, seconds) / 4, sum(15, seconds) / 4],
      }
    },
  }
}

/** The frames of movements one after another at 100 Hz, with the noise of a cheap sensor. */
export function play(
  motions: readonly Motion[],
  options: {readonly seed?: number; readonly startMs?: number} = {},
): MotionFrame[] {
  const random = noise(options.seed ?? 1)
  let atMs = options.startMs ?? 0
  const on = (step: number, value: number) => Math.round(value / step) * step
  return motions.flatMap((motion) => {
    const count = Math.round(motion.durationMs / 10)
    return Array.from({length: count}, (_, index): MotionFrame => {
      const {acceleration, rotation} = motion.at(index / count)
      atMs += 10
      return {
        atMs,
        acceleration: [
          on(FRAME_STEPS.acceleration, acceleration[0] + 0.1 * random()),
          on(FRAME_STEPS.acceleration, acceleration[1] + 0.1 * random()),
          on(FRAME_STEPS.acceleration, G + acceleration[2] + 0.1 * random()),
        ],
        gravity: null,
        rotation: [
          on(FRAME_STEPS.rotation, rotation[0] + 0.05 * random()),
          on(FRAME_STEPS.rotation, rotation[1] + 0.05 * random()),
          on(FRAME_STEPS.rotation, rotation[2] + 0.05 * random()),
        ],
        orientation: null,
      }
    })
  })
}
