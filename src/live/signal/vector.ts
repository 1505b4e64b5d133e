// Three-component vectors and quaternions, as motion needs them.
import type {Quaternion, Vector3} from '../../core/motion.js'

export const STANDARD_GRAVITY = 9.80665

export function lengthOf(v: Vector3): number {
  return Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
}

export function scale(v: Vector3, factor: number): Vector3 {
  return [v[0] * factor, v[1] * factor, v[2] * factor]
}

export function add(a: Vector3, b: Vector3): Vector3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

export function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/** Null for the zero quaternion and for values that are not numbers. */
export function unitQuaternion(q: Quaternion): Quaternion | null {
  const length = Math.hypot(q[0], q[1], q[2], q[3])
  if (!(length > 1e-6) || !Number.isFinite(length)) return null
  return [q[0] / length, q[1] / length, q[2] / length, q[3] / length]
}

/** The Hamilton product: the rotation by `b` first, then by `a`. */
export function multiply(a: Quaternion, b: Quaternion): Quaternion {
  return [
    a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
    a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
    a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
    a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
  ]
}

export function conjugate(q: Quaternion): Quaternion {
  return [q[0], -q[1], -q[2], -q[3]]
}

/** `v` turned by the unit quaternion `q`. */
export function rotate(q: Quaternion, v: Vector3): Vector3 {
  const [, x, y, z] = multiply(multiply(q, [0, v[0], v[1], v[2]]), conjugate(q))
  return [x, y, z]
}

/** What an accelerometer at rest shows in that orientation: up, 9.8 m/s² long, in the device's axes. */
export function gravityFromOrientation(q: Quaternion): Vector3 {
  return rotate(conjugate(q), [0, 0, STANDARD_GRAVITY])
}

/** Mean angular velocity, rad/s in the device's axes, that leads from one orientation to the next. */
export function rotationBetween(from: Quaternion, to: Quaternion, elapsedMs: number): Vector3 {
  const step = multiply(conjugate(from), to)
  const [w, x, y, z] = step[0] < 0 ? [-step[0], -step[1], -step[2], -step[3]] : step
  const sine = Math.hypot(x, y, z)
  if (sine < 1e-9 || elapsedMs <= 0) return [0, 0, 0]
  const radPerSecond = (2 * Math.atan2(sine, w) * 1000) / elapsedMs
  return [(x / sine) * radPerSecond, (y / sine) * radPerSecond, (z / sine) * radPerSecond]
}

/**
 * Orientation from the angles of a browser's DeviceOrientation event, in degrees: turns about z (alpha), then x (beta),
 * then y (gamma), each about the axes as turned before.
 *
 * @see W3C DeviceOrientation Event Specification, worked example in the appendix
 */
export function quaternionFromDeviceAngles(alpha: number, beta: number, gamma: number): Quaternion {
  const half = Math.PI / 360
  const [cz, sz] = [Math.cos(alpha * half), Math.sin(alpha * half)]
  const [cx, sx] = [Math.cos(beta * half), Math.sin(beta * half)]
  const [cy, sy] = [Math.cos(gamma * half), Math.sin(gamma * half)]
  return multiply(multiply([cz, 0, 0, sz], [cx, sx, 0, 0]), [cy, 0, sy, 0])
}
