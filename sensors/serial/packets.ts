// Binary packets of motion boards, found in a stream that may begin, break or carry noise anywhere.
import type {SensorItem} from '../../src/core/reading.js'
import {type Quantities, readingFrom} from '../common/roles.js'

/** `need` more bytes; `skip` one, it begins no packet; or a whole packet of `length` bytes and what it said. */
export type PacketResult =
  | {readonly kind: 'need'}
  | {readonly kind: 'skip'; readonly isDamaged: boolean}
  | {readonly kind: 'packet'; readonly length: number; readonly items: readonly SensorItem[]}

export interface PacketReader {
  read(bytes: Uint8Array, at: number): PacketResult
  reset(): void
}

const NEED: PacketResult = {kind: 'need'}
const NOISE: PacketResult = {kind: 'skip', isDamaged: false}
const DAMAGED: PacketResult = {kind: 'skip', isDamaged: true}

const WITMOTION = {
  start: 0x55,
  length: 11,
  first: 0x50,
  last: 0x5a,
  acceleration: 0x51,
  rotation: 0x52,
  quaternion: 0x59,
} as const

/**
 * WitMotion: `55 id`, four s16 little-endian, and the low byte of the sum. A sample is several of them in a fixed order;
 * which one ends it is learnt from the first round.
 *
 * @see WITMOTION standard protocol, output packets 0x51 to 0x59
 */
export class WitMotionPackets implements PacketReader {
  #quantities: Quantities = {}
  #firstId: number | null = null
  #previousId: number | null = null
  #lastId: number | null = null

  reset(): void {
    this.#quantities = {}
    this.#firstId = this.#previousId = this.#lastId = null
  }

  read(bytes: Uint8Array, at: number): PacketResult {
    if (bytes[at] !== WITMOTION.start) return NOISE
    if (bytes.length - at < WITMOTION.length) return NEED
    const id = bytes[at + 1] as number
    let sum = 0
    for (let index = 0; index < WITMOTION.length - 1; index++) sum += bytes[at + index] as number
    if (id < WITMOTION.first || id > WITMOTION.last || (sum & 0xff) !== bytes[at + WITMOTION.length - 1]) return DAMAGED
    const view = new DataView(bytes.buffer, bytes.byteOffset + at + 2, 8)
    return {kind: 'packet', length: WITMOTION.length, items: this.#collect(id, view)}
  }

  #collect(id: number, view: DataView): readonly SensorItem[] {
    const value = (index: number, range: number) => (view.getInt16(index * 2, true) / 32768) * range
    const startsRound = id === this.#firstId
    if (startsRound && this.#lastId === null) this.#lastId = this.#previousId
    this.#firstId ??= id
    // A lost packet at the end of a round must not mix two samples.
    const overdue = startsRound ? this.#take() : []
    if (id === WITMOTION.acceleration) this.#quantities.acceleration = [value(0, 16), value(1, 16), value(2, 16)]
    else if (id === WITMOTION.rotation) this.#quantities.rotation = [value(0, 2000), value(1, 2000), value(2, 2000)]
    else if (id === WITMOTION.quaternion)
      this.#quantities.orientation = [value(0, 1), value(1, 1), value(2, 1), value(3, 1)]
    this.#previousId = id
    return id === this.#lastId ? [...overdue, ...this.#take()] : overdue
  }

  #take(): SensorItem[] {
    const reading = readingFrom(this.#quantities, {acceleration: 'g', rotation: '°/s'})
    this.#quantities = {}
    return reading === null ? [] : [reading]
  }
}

const TEAPOT = {length: 14, quaternion: 2, zero: 10, count: 11, cr: 12, lf: 13} as const

/**
 * The MPU6050 DMP "teapot": `$ 02`, the quaternion as s16 big-endian of 16384 (w x y z), `00`, a counter, CR LF.
 *
 * @see Jeff Rowberg, i2cdevlib, MPU6050_DMP6 example, OUTPUT_TEAPOT
 */
export class TeapotPackets implements PacketReader {
  reset(): void {}

  read(bytes: Uint8Array, at: number): PacketResult {
    if (bytes[at] !== 0x24) return NOISE
    if (bytes.length - at < TEAPOT.length) return NEED
    const isWhole =
      bytes[at + 1] === 2 &&
      bytes[at + TEAPOT.zero] === 0 &&
      bytes[at + TEAPOT.cr] === 13 &&
      bytes[at + TEAPOT.lf] === 10
    if (!isWhole) return DAMAGED
    const view = new DataView(bytes.buffer, bytes.byteOffset + at + TEAPOT.quaternion, 8)
    const part = (index: number) => view.getInt16(index * 2, false) / 16384
    const orientation = [part(0), part(1), part(2), part(3)] as const
    const length = Math.hypot(...orientation)
    // There is no checksum; a unit quaternion is what tells a packet from noise.
    if (Math.abs(length - 1) > 0.05) return DAMAGED
    const reading = readingFrom(
      {orientation, sequence: {value: bytes[at + TEAPOT.count] as number, modulo: 256}},
      {acceleration: 'g', rotation: 'rad/s'},
    )
    return {kind: 'packet', length: TEAPOT.length, items: reading === null ? [] : [reading]}
  }
}
