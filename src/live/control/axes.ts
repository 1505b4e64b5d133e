// Continuous values of a hand: tilt, turn, rotation and shake, measured from the pose that was called forward.
import type {MotionFrame, Quaternion, Vector3} from '../../core/motion.js'
import {lengthOf, rotate, unitQuaternion} from '../signal/vector.js'

export const AXES = ['tilt-x', 'tilt-y', 'turn', 'rotation', 'rotation-x', 'rotation-y', 'rotation-z', 'shake'] as const
export type Axis = (typeof AXES)[number]

/** What each axis spans where the mapping does not say: degrees, °/s, and m/s² of shaking. */
export const AXIS_RANGES: Readonly<Record<Axis, readonly [number, number]>> = {
  'tilt-x': [-90, 90],
  'tilt-y': [-90, 90],
  turn: [-90, 90],
  rotation: [0, 500],
  'rotation-x': [-500, 500],
  'rotation-y': [-500, 500],
  'rotation-z': [-500, 500],
  shake: [0, 20],
}

/** The running estimates that axes are read from. */
export interface PoseState {
  readonly atMs: number
  /** Direction of up in the device's axes, m/s². */
  readonly up: Vector3
  /** Mean square of acceleration without gravity. */
  readonly shake: number
  /** Degrees turned about up, where there is no orientation to tell it. */
  readonly turned: number
  readonly orientation: Quaternion | null
  readonly rotation: Vector3 | null
}

export interface Forward {
  /** Turns the device's axes so that up at that moment is z. */
  readonly level: Quaternion
  readonly heading: number
}

export const NO_FORWARD: Forward = {level: [1, 0, 0, 0], heading: 0}

const DEGREES = 180 / Math.PI
/** Gravity is followed over half a second while the device does not tell it; shaking is felt over a fifth. */
const UP_MS = 500
const SHAKE_MS = 200

export function stepPose(state: PoseState | null, frame: MotionFrame): PoseState {
  const {atMs, acceleration, gravity, rotation, orientation} = frame
  const elapsedMs = state === null ? 0 : atMs - state.atMs
  if (state === null || elapsedMs > 1000) {
    const turned = state?.turned ?? 0
    return {atMs, up: gravity ?? acceleration, shake: 0, turned, orientation, rotation}
  }
  const up = gravity ?? blend(turnedBy(state.up, rotation, elapsedMs), acceleration, 1 - Math.exp(-elapsedMs / UP_MS))
  const free = [0, 1, 2].reduce((sum, axis) => sum + ((acceleration[axis] as number) - (up[axis] as number)) ** 2, 0)
  const length = lengthOf(up) || 1
  const rate = rotation === null ? 0 : (rotation[0] * up[0] + rotation[1] * up[1] + rotation[2] * up[2]) / length
  return {
    atMs,
    up,
    shake: state.shake + (1 - Math.exp(-elapsedMs / SHAKE_MS)) * (free - state.shake),
    turned: wrapDegrees(state.turned + (rate * elapsedMs * DEGREES) / 1000),
    orientation,
    rotation,
  }
}

function blend(a: Vector3, b: Vector3, part: number): Vector3 {
  return [a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1]), a[2] + part * (b[2] - a[2])]
}

/** Up as the device sees it after it has turned: the other way round. */
function turnedBy(up: Vector3, rotation: Vector3 | null, elapsedMs: number): Vector3 {
  if (rotation === null) return up
  const seconds = elapsedMs / 1000
  const [x, y, z] = rotation
  return [
    up[0] - (y * up[2] - z * up[1]) * seconds,
    up[1] - (z * up[0] - x * up[2]) * seconds,
    up[2] - (x * up[1] - y * up[0]) * seconds,
  ]
}

function wrapDegrees(angle: number): number {
  return angle - 360 * Math.round(angle / 360)
}

function headingOf({orientation, turned}: PoseState): number {
  if (orientation === null) return turned
  const [w, x, y, z] = orientation
  return Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)) * DEGREES
}

/** The pose as forward: from now on it is level and straight ahead. */
export function forwardFrom(pose: PoseState): Forward {
  const length = lengthOf(pose.up)
  if (length < 1e-6) return {level: NO_FORWARD.level, heading: headingOf(pose)}
  const [x, y, z] = pose.up
  // The shortest turn from up to z: half way between the two. Upside down any axis serves.
  const half = unitQuaternion([length + z, y, -x, 0]) ?? ([0, 1, 0, 0] as const)
  return {level: half, heading: headingOf(pose)}
}

/** Degrees, °/s, or m/s² for `shake`; null where the sensor does not tell it. */
export function axisValue(axis: Axis, pose: PoseState, forward: Forward): number | null {
  switch (axis) {
    case 'tilt-x': {
      const [, y, z] = rotate(forward.level, pose.up)
      return Math.atan2(y, z) * DEGREES
    }
    case 'tilt-y': {
      const [x, y, z] = rotate(forward.level, pose.up)
      return Math.atan2(-x, Math.hypot(y, z)) * DEGREES
    }
    case 'turn':
      return pose.orientation === null && pose.rotation === null ? null : wrapDegrees(headingOf(pose) - forward.heading)
    case 'shake':
      return Math.sqrt(pose.shake)
    case 'rotation':
      return pose.rotation && lengthOf(pose.rotation) * DEGREES
    default:
      return pose.rotation && (pose.rotation[AXIS_INDEX[axis]] as number) * DEGREES
  }
}

const AXIS_INDEX = {'rotation-x': 0, 'rotation-y': 1, 'rotation-z': 2} as const
