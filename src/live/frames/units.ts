// Which unit an accelerometer speaks, told by the length of its vector at rest; and a gyroscope's, by how far it turned.
import type {Vector3} from '../../core/motion.js'
import {dot, lengthOf, STANDARD_GRAVITY} from '../signal/vector.js'

export interface DetectedUnit {
  /** Multiply by it to get m/s² (acceleration) or rad/s (rotation). */
  readonly factor: number
  /** As people write it: `g`, `m/s²`, `mg`, `1/16384 g`, `°/s`. */
  readonly name: string
  /** False while it is a first guess. */
  readonly isSettled: boolean
}

const RAD_PER_DEGREE = Math.PI / 180

/** Lengths at rest that devices show: SI, g, thousandths, and the counts of 16-bit chips at ±2 to ±16 g. */
const ACCELERATION_UNITS = [
  {atRest: STANDARD_GRAVITY, name: 'm/s²'},
  {atRest: 1, name: 'g'},
  {atRest: 1000, name: 'mg'},
  {atRest: 2048, name: '1/2048 g'},
  {atRest: 4096, name: '1/4096 g'},
  {atRest: 8192, name: '1/8192 g'},
  {atRest: 16384, name: '1/16384 g'},
] as const

const REST_FRAMES = 25
/** Spread of the length, of its mean, under which a hand counts as quiet. */
const REST_SPREAD = 0.04
/** A unit is believed only where the length at rest is this near to it, as a ratio. */
const REST_TOLERANCE = 0.12

function nearestUnit(length: number): {readonly atRest: number; readonly name: string} {
  let best: (typeof ACCELERATION_UNITS)[number] = ACCELERATION_UNITS[0]
  for (const unit of ACCELERATION_UNITS)
    if (Math.abs(Math.log(length / unit.atRest)) < Math.abs(Math.log(length / best.atRest))) best = unit
  return best
}

/** Watches lengths of acceleration; guesses from the first and settles once the hand was quiet. */
export class AccelerationUnitDetector {
  #lengths: number[] = []
  #unit: DetectedUnit | null = null

  push(acceleration: Vector3): DetectedUnit | null {
    if (this.#unit?.isSettled) return this.#unit
    const length = lengthOf(acceleration)
    if (!(length > 0.05)) return this.#unit
    this.#lengths.push(length)
    if (this.#lengths.length > REST_FRAMES) this.#lengths.shift()
    const mean = this.#lengths.reduce((sum, value) => sum + value, 0) / this.#lengths.length
    const spread = Math.sqrt(this.#lengths.reduce((sum, value) => sum + (value - mean) ** 2, 0) / this.#lengths.length)
    const unit = nearestUnit(mean)
    const isQuiet = this.#lengths.length === REST_FRAMES && spread < REST_SPREAD * mean
    const isSettled = isQuiet && Math.abs(Math.log(mean / unit.atRest)) < REST_TOLERANCE
    this.#unit = {factor: STANDARD_GRAVITY / unit.atRest, name: unit.name, isSettled}
    return this.#unit
  }
}

/**
 * rad/s or °/s: while a hand turns slowly, acceleration shows how far gravity turned, and the sum of the gyroscope's
 * lengths over the same time is at least that angle, 57 times more in degrees. Until then devices that speak in g are
 * taken to speak in degrees, as nearly all sketches and apps do.
 */
export class RotationUnitDetector {
  #turned = 0
  #swept = 0
  #sweptSince = 0
  #lastMs: number | null = null
  #from: {acceleration: Vector3; atMs: number} | null = null
  #isSettled = false
  #isDegrees: boolean | null = null

  push(rotation: Vector3, acceleration: Vector3 | null, isInG: boolean, atMs: number): DetectedUnit {
    if (!this.#isSettled) this.#watch(rotation, acceleration, atMs)
    const isDegrees = this.#isDegrees ?? isInG
    return {
      factor: isDegrees ? RAD_PER_DEGREE : 1,
      name: isDegrees ? '°/s' : 'rad/s',
      isSettled: this.#isSettled,
    }
  }

  #watch(rotation: Vector3, acceleration: Vector3 | null, atMs: number): void {
    // No gyroscope in use goes beyond 4000 °/s, which is 70 rad/s.
    if (lengthOf(rotation) > 75) {
      this.#isDegrees = true
      this.#isSettled = true
      return
    }
    const elapsedMs = this.#lastMs === null ? 0 : atMs - this.#lastMs
    this.#lastMs = atMs
    this.#sweptSince += (lengthOf(rotation) * elapsedMs) / 1000
    if (acceleration === null || Math.abs(lengthOf(acceleration) - STANDARD_GRAVITY) > 0.6) return
    const from = this.#from
    if (from === null || atMs - from.atMs > 1000 || elapsedMs > 200) {
      this.#begin(acceleration, atMs)
      return
    }
    const cosine = dot(acceleration, from.acceleration) / (lengthOf(acceleration) * lengthOf(from.acceleration))
    const angle = Math.acos(Math.min(1, Math.max(-1, cosine)))
    // Smaller angles are noise.
    if (angle < 0.15) return
    this.#turned += angle
    this.#swept += this.#sweptSince
    this.#begin(acceleration, atMs)
    if (this.#turned < 1) return
    this.#isDegrees = this.#swept / this.#turned > 7.6
    this.#isSettled = true
  }

  #begin(acceleration: Vector3, atMs: number): void {
    this.#from = {acceleration, atMs}
    this.#sweptSince = 0
  }
}
