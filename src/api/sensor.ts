// Sensors: bytes of a device → readings, which the live engine assembles into canonical motion frames.
import type {JsonValue} from '../core/json.js'
import type {SensorItem} from '../core/reading.js'
import type {Context} from './context.js'
import type {Contribution} from './contribution.js'

/** Bytes thrown away and why; a hostile or noisy line raises these and nothing else. */
export interface DecoderCounts {
  readonly accepted: number
  /** Packets or lines that were whole but wrong: checksum, shape, values that are not numbers. */
  readonly malformed: number
  /** Bytes skipped while looking for the next whole packet. */
  readonly skippedBytes: number
  /** Well formed, but nothing that the profile knows. */
  readonly unknown: number
}

/** Pure: no clock, no I/O, bounded memory, never throws whatever the bytes. */
export interface SensorDecoder {
  /** @param bytes one datagram or message, or for streams (serial, TCP) any piece of the stream */
  decode(bytes: Uint8Array): readonly SensorItem[]
  /** Forget a half-received packet: the device was plugged in again. */
  reset(): void
  counts(): DecoderCounts
}

export type Transport = 'serial' | 'udp' | 'websocket' | 'midi' | 'file' | 'own'

export interface SensorSettings {
  /** Id of a profile below; null lets the decoder find it out. */
  readonly profile: string | null
  /** The person's own declarations: columns, units, addresses. Checked by the sensor. */
  readonly declared: Readonly<Record<string, JsonValue>>
}

export interface SensorConnection {
  /** Safe to call twice, and while the device is being unplugged. Nothing is emitted after it was called. */
  close(): Promise<void>
}

export interface Sensor {
  /** @throws CONFIG_INVALID where the settings do not make sense, naming the setting */
  createDecoder(settings: SensorSettings): SensorDecoder
  /**
   * Only for transport `own`: opens the device named by the person. Reports a lost device by `lost`, after which the
   * host closes the connection and tries again with growing pauses.
   *
   * @throws DEVICE_MISSING where it is not there
   */
  open?(
    device: string,
    settings: SensorSettings,
    sink: {emit(item: SensorItem): void; lost(error: Error): void},
    context: Context,
  ): Promise<SensorConnection>
}

export interface SensorProfile {
  readonly id: string
  /** Device or app as people know it. */
  readonly name: string
  /** Line speed of serial devices. */
  readonly baudRate?: number
  /** UDP port that its app sends to by default. */
  readonly port?: number
}

export interface SensorContribution extends Contribution<Sensor> {
  readonly transport: Transport
  readonly profiles: readonly SensorProfile[]
}
