// Readings of one device, in its own units and pieces → canonical frames in order, with nothing implausible in them.
import {FRAME_STEPS, type MotionFrame, type Quaternion, type Vector3} from '../../core/motion.js'
import type {Measured, MotionReading} from '../../core/reading.js'
import {
  add,
  gravityFromOrientation,
  lengthOf,
  rotationBetween,
  STANDARD_GRAVITY,
  scale,
  unitQuaternion,
} from '../signal/vector.js'
import {SampleClock} from './sample-clock.js'
import {ArrivalStatistics, type SensorStatistics} from './statistics.js'
import {AccelerationUnitDetector, type DetectedUnit, RotationUnitDetector} from './units.js'

/** The quantity whose arrival completes a frame: the first of these that the device sends. */
const LEADS = ['acceleration', 'linearAcceleration', 'orientation', 'gravity', 'rotation'] as const
type Lead = (typeof LEADS)[number]

/** Quantities of other packets are taken along while they are no older than this. */
const STALE_MS = 250
/** ±32 g and 4000 °/s are beyond what any hand-held sensor can show; more is a broken packet. */
const MAX_ACCELERATION = 32 * STANDARD_GRAVITY * 1.8
const MAX_ROTATION = 75

export interface AssemblerUnits {
  readonly acceleration: DetectedUnit | null
  readonly rotation: DetectedUnit | null
}

interface Known<Value> {
  readonly value: Value
  readonly receivedMs: number
}

const DEGREES: DetectedUnit = {factor: Math.PI / 180, name: '°/s', isSettled: true}
const RADIANS: DetectedUnit = {factor: 1, name: 'rad/s', isSettled: true}
const G: DetectedUnit = {factor: STANDARD_GRAVITY, name: 'g', isSettled: true}
const SI: DetectedUnit = {factor: 1, name: 'm/s²', isSettled: true}

/** Makes the frames of one device. Deterministic: the same readings at the same times give the same frames. */
export class FrameAssembler {
  readonly #clock = new SampleClock()
  readonly #arrivals = new ArrivalStatistics()
  readonly #accelerationUnits = new AccelerationUnitDetector()
  readonly #rotationUnits = new RotationUnitDetector()
  #units: AssemblerUnits = {acceleration: null, rotation: null}
  #lead: Lead | null = null
  #leadSeenMs = Number.NEGATIVE_INFINITY
  #gravity: Known<Vector3> | null = null
  #rotation: Known<Vector3> | null = null
  #orientation: Known<Quaternion> | null = null
  #lastTurn: {orientation: Quaternion; atMs: number} | null = null
  #sequence: number | null = null
  #counts = {frames: 0, lost: null as number | null, late: 0, duplicates: 0, implausible: 0}

  /** Null where the reading completes no frame or is not believed. */
  push(reading: MotionReading, receivedMs: number): MotionFrame | null {
    if (!isPlausible(reading)) return this.#reject('implausible')
    const lead = this.#leadOf(reading, receivedMs)
    if (lead === null) {
      this.#remember(reading, receivedMs)
      return null
    }
    if (reading.sequence !== undefined && !this.#follows(reading.sequence)) return null
    const verdict = this.#clock.place(reading.sampledMs ?? null, receivedMs)
    if (verdict.kind !== 'at')
      return this.#reject(
        verdict.kind === 'late' ? 'late' : verdict.kind === 'duplicate' ? 'duplicates' : 'implausible',
      )
    this.#remember(reading, receivedMs)
    const frame = this.#frame(reading, verdict.atMs, receivedMs)
    if (frame === null) return this.#reject('implausible')
    this.#arrivals.push(receivedMs)
    this.#counts.frames++
    return frame
  }

  /** The device was unplugged: its clock, numbers and half-joined quantities are void; units and counts stay. */
  reset(): void {
    this.#clock.reset()
    this.#sequence = null
    this.#lead = null
    this.#leadSeenMs = Number.NEGATIVE_INFINITY
    this.#gravity = this.#rotation = this.#orientation = this.#lastTurn = null
  }

  units(): AssemblerUnits {
    return this.#units
  }

  statistics(): SensorStatistics {
    return {...this.#counts, ...this.#arrivals.summary()}
  }

  #reject(count: 'late' | 'duplicates' | 'implausible'): null {
    this.#counts[count]++
    return null
  }

  #leadOf(reading: MotionReading, receivedMs: number): Lead | null {
    const found = LEADS.find((name) => reading[name] !== undefined)
    if (found === undefined) return null
    const current = this.#lead
    const isStronger = current === null || LEADS.indexOf(found) <= LEADS.indexOf(current)
    if (!isStronger && receivedMs - this.#leadSeenMs < 4 * STALE_MS) return null
    this.#lead = found
    this.#leadSeenMs = receivedMs
    return found
  }

  #follows({value, modulo}: {readonly value: number; readonly modulo: number | null}): boolean {
    const last = this.#sequence
    this.#counts.lost ??= 0
    this.#sequence = value
    if (last === null) return true
    const step = modulo === null ? value - last : (((value - last) % modulo) + modulo) % modulo
    const isBehind = modulo === null ? step < 0 : step > modulo / 2
    if (step === 0 || (isBehind && (modulo === null ? -step : modulo - step) < 64)) {
      this.#sequence = last
      this.#counts[step === 0 ? 'duplicates' : 'late']++
      return false
    }
    // Further back than any reordering: the device began again.
    if (!isBehind) this.#counts.lost += step - 1
    return true
  }

  #acceleration(measured: Measured<'m/s²' | 'g'>, learns: boolean): Vector3 {
    const unit =
      measured.unit === 'g'
        ? G
        : measured.unit === 'm/s²'
          ? SI
          : ((learns ? this.#accelerationUnits.push(measured.value) : null) ?? this.#units.acceleration ?? SI)
    if (learns || this.#units.acceleration === null) this.#units = {...this.#units, acceleration: unit}
    return scale(measured.value, unit.factor)
  }

  #remember(reading: MotionReading, receivedMs: number): void {
    if (reading.gravity) this.#gravity = {value: this.#acceleration(reading.gravity, !reading.acceleration), receivedMs}
    const orientation = reading.orientation && unitQuaternion(reading.orientation)
    if (orientation) this.#orientation = {value: orientation, receivedMs}
    if (reading.rotation) {
      const acceleration = reading.acceleration ? this.#acceleration(reading.acceleration, false) : null
      const unit =
        reading.rotation.unit === 'rad/s'
          ? RADIANS
          : reading.rotation.unit === '°/s'
            ? DEGREES
            : this.#rotationUnits.push(
                reading.rotation.value,
                acceleration,
                this.#units.acceleration !== null && this.#units.acceleration.factor !== 1,
                receivedMs,
              )
      this.#units = {...this.#units, rotation: unit}
      this.#rotation = {value: scale(reading.rotation.value, unit.factor), receivedMs}
    }
  }

  #frame(reading: MotionReading, atMs: number, receivedMs: number): MotionFrame | null {
    const fresh = <Value>(known: Known<Value> | null) =>
      known !== null && receivedMs - known.receivedMs <= STALE_MS ? known.value : null
    const orientation = fresh(this.#orientation)
    const gravity = fresh(this.#gravity) ?? (orientation === null ? null : gravityFromOrientation(orientation))
    const rotation = fresh(this.#rotation) ?? this.#turnOf(orientation, atMs)
    const measured = reading.acceleration
      ? this.#acceleration(reading.acceleration, true)
      : reading.linearAcceleration
        ? add(this.#acceleration(reading.linearAcceleration, false), gravity ?? [0, 0, 0])
        : gravity
    if (orientation !== null) this.#lastTurn = {orientation, atMs}
    if (measured === null) return null
    if (lengthOf(measured) > MAX_ACCELERATION || (rotation !== null && lengthOf(rotation) > MAX_ROTATION)) return null
    return {
      atMs,
      acceleration: onGrid(measured, FRAME_STEPS.acceleration),
      gravity: gravity && onGrid(gravity, FRAME_STEPS.acceleration),
      rotation: rotation && onGrid(rotation, FRAME_STEPS.rotation),
      orientation: orientation && onQuaternionGrid(orientation),
    }
  }

  #turnOf(orientation: Quaternion | null, atMs: number): Vector3 | null {
    const last = this.#lastTurn
    if (orientation === null || last === null || atMs - last.atMs > STALE_MS) return null
    return rotationBetween(last.orientation, orientation, atMs - last.atMs)
  }
}

function isPlausible(reading: MotionReading): boolean {
  const vectors = [reading.acceleration, reading.linearAcceleration, reading.gravity, reading.rotation]
  const values = [...vectors.flatMap((measured) => measured?.value ?? []), ...(reading.orientation ?? [])]
  if (!values.every(Number.isFinite)) return false
  if (reading.sampledMs !== undefined && !Number.isFinite(reading.sampledMs)) return false
  // A chip that lost its bus reads zero everywhere; gravity and noise never do.
  return !reading.acceleration?.value.every((value) => value === 0)
}

function onGrid(v: Vector3, step: number): Vector3 {
  const snap = (value: number) => Math.round(value / step) * step + 0
  return [snap(v[0]), snap(v[1]), snap(v[2])]
}

function onQuaternionGrid(q: Quaternion): Quaternion {
  const [x, y, z] = onGrid([q[1], q[2], q[3]], FRAME_STEPS.orientation)
  return [Math.round(q[0] / FRAME_STEPS.orientation) * FRAME_STEPS.orientation + 0, x, y, z]
}
