// What sketches and apps call their quantities, and readings made of numbers under such names.
import type {Quaternion, Vector3} from '../../src/core/motion.js'
import type {MotionReading} from '../../src/core/reading.js'

export type Role = 'acceleration' | 'linearAcceleration' | 'gravity' | 'rotation' | 'orientation'
export type AccelerationUnit = 'm/s²' | 'g' | 'auto'
export type RotationUnit = 'rad/s' | '°/s' | 'auto'

export interface Units {
  readonly acceleration: AccelerationUnit
  readonly rotation: RotationUnit
}

export const UNKNOWN_UNITS: Units = {acceleration: 'auto', rotation: 'auto'}

const ROLE_NAMES: readonly (readonly [RegExp, Role])[] = [
  [/^(lin(ear)?_?(a|acc|accl|accel|acceleration)?|user_?acc(el|eleration)?)$/, 'linearAcceleration'],
  [/^(grav|gravity)$/, 'gravity'],
  [/^(a|acc|accl|accel|acceleration|accelerometer|accelerationincludinggravity)$/, 'acceleration'],
  [/^(g|gyr|gyro|gyroscope|rot|rotation|rotationrate|rrate|angular_?velocity|omega|w)$/, 'rotation'],
  [/^(q|quat|quaternion|orientation|rotation_?vector)$/, 'orientation'],
]

/** Null for names that no quantity goes by. */
export function roleFromName(name: string): Role | null {
  const plain = name.toLowerCase().replace(/[\s.-]+/g, '_')
  return ROLE_NAMES.find(([pattern]) => pattern.test(plain))?.[1] ?? null
}

export interface Column {
  readonly role: Role | 'time' | 'sequence' | 'skip'
  readonly axis: 'w' | 'x' | 'y' | 'z' | null
}

/** `aX`, `acc_x`, `gyro.z`, `qw`, `t_ms`: what a column of that name holds; `skip` for any other. */
export function columnFromName(name: string): Column {
  const plain = name
    .trim()
    .replace(/\(.*\)|\[.*\]/g, '')
    .trim()
    .toLowerCase()
  if (/^(t|ts|time|timestamp|millis|micros)(_?(ms|us|µs|s))?$/.test(plain)) return {role: 'time', axis: null}
  if (/^(n|seq|sequence|count|counter|index)$/.test(plain)) return {role: 'sequence', axis: null}
  const [, stem = '', axis] = plain.match(/^(.*?)[\s_.-]*([wxyz])$/) ?? []
  const role = roleFromName(stem.replace(/[\s_.-]+$/, ''))
  if (role === null || (axis === 'w' && role !== 'orientation')) return {role: 'skip', axis: null}
  return {role, axis: axis as 'w' | 'x' | 'y' | 'z'}
}

/** Numbers by role, as they came: three for vectors, w x y z for the orientation. */
export interface Quantities {
  acceleration?: Vector3
  linearAcceleration?: Vector3
  gravity?: Vector3
  rotation?: Vector3
  orientation?: Quaternion
  sampledMs?: number
  sequence?: {readonly value: number; readonly modulo: number | null}
}

/** Null where there is no motion in it. */
export function readingFrom(quantities: Quantities, units: Units, device = ''): MotionReading | null {
  const {acceleration, linearAcceleration, gravity, rotation, orientation, sampledMs, sequence} = quantities
  if (!(acceleration || linearAcceleration || gravity || rotation || orientation)) return null
  return {
    kind: 'motion',
    device,
    ...(sampledMs === undefined ? {} : {sampledMs}),
    ...(sequence === undefined ? {} : {sequence}),
    ...(acceleration && {acceleration: {value: acceleration, unit: units.acceleration}}),
    ...(linearAcceleration && {linearAcceleration: {value: linearAcceleration, unit: units.acceleration}}),
    ...(gravity && {gravity: {value: gravity, unit: units.acceleration}}),
    ...(rotation && {rotation: {value: rotation, unit: units.rotation}}),
    ...(orientation && {orientation}),
  }
}

export function isFiniteList(values: readonly unknown[]): values is readonly number[] {
  return values.every((value) => typeof value === 'number' && Number.isFinite(value))
}

/** Sets a role from its numbers; false where their count does not fit. Quaternions come as w x y z. */
export function setRole(quantities: Quantities, role: Role, values: readonly number[]): boolean {
  const [a, b, c, d] = values
  if (a === undefined || b === undefined || c === undefined || !isFiniteList(values)) return false
  if (role === 'orientation') {
    if (d === undefined) return false
    quantities.orientation = [a, b, c, d]
  } else quantities[role] = [a, b, c]
  return true
}
