// What sensors say before the live engine makes frames of it: values in the device's own units, one packet at a time.
import type {ControlChange, Quaternion, Vector3} from './motion.js'

/** A quantity as the device sent it. `auto` lets the engine tell the unit by the length of acceleration at rest. */
export interface Measured<Unit extends string> {
  readonly value: Vector3
  readonly unit: Unit | 'auto'
}

/**
 * What one packet or line said, in the device's own units; only what it carried is present. Packets that carry one
 * quantity each give readings that the engine joins into frames.
 */
export interface MotionReading {
  readonly kind: 'motion'
  /** Which device behind this connection (an id in an OSC address, say); `''` where there is one only. */
  readonly device: string
  /** The device's own clock, where it tells one: arrival time is not sample time. */
  readonly sampledMs?: number
  /** Running number by which losses show, and the number after which it begins again at 0. */
  readonly sequence?: {readonly value: number; readonly modulo: number | null}
  /** Gravity included. */
  readonly acceleration?: Measured<'m/s²' | 'g'>
  /** Gravity removed by the device. */
  readonly linearAcceleration?: Measured<'m/s²' | 'g'>
  readonly gravity?: Measured<'m/s²' | 'g'>
  readonly rotation?: Measured<'rad/s' | '°/s'>
  /** Need not be of unit length. */
  readonly orientation?: Quaternion
}

/** A button, knob or OSC value beside the motion. */
export interface ControlReading extends Omit<ControlChange, 'atMs'> {
  readonly kind: 'control'
  readonly device: string
}

/** Something the person should know once: battery low, a calibration, a device that restarted. */
export interface SensorNotice {
  readonly kind: 'notice'
  readonly device: string
  readonly message: string
}

export type SensorItem = MotionReading | ControlReading | SensorNotice
