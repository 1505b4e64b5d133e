// MIDI bytes of controllers and gloves → controls. Running status, real-time bytes in between and cut messages are fine.
import type {SensorDecoder} from '../../src/api/sensor.js'
import type {ControlReading, SensorItem} from '../../src/core/reading.js'
import {Counter} from '../common/counts.js'

const DATA_BYTES: Readonly<Record<number, number>> = {8: 2, 9: 2, 10: 2, 11: 2, 12: 1, 13: 1, 14: 2}

/** Controls are `note/CHANNEL/NUMBER`, `cc/…`, `pressure/CHANNEL`, `program/CHANNEL/NUMBER`, `bend/CHANNEL`, 1-based. */
export class MidiDecoder implements SensorDecoder {
  readonly #counter = new Counter()
  #status = 0
  #data: number[] = []
  #isInSysex = false

  decode(bytes: Uint8Array): readonly SensorItem[] {
    const items: ControlReading[] = []
    for (const byte of bytes) {
      const item = byte >= 0x80 ? this.#takeStatus(byte) : this.#takeData(byte)
      if (item !== null) items.push(item)
    }
    this.#counter.accepted += items.length
    return items
  }

  reset(): void {
    this.#status = 0
    this.#data = []
    this.#isInSysex = false
  }

  counts() {
    return this.#counter.counts()
  }

  #takeStatus(byte: number): null {
    if (byte >= 0xf8) return null
    if (this.#data.length > 0) this.#counter.malformed++
    this.#data = []
    this.#isInSysex = byte === 0xf0
    // System common messages end running status.
    this.#status = byte < 0xf0 ? byte : 0
    return null
  }

  #takeData(byte: number): ControlReading | null {
    if (this.#isInSysex) return null
    const needed = DATA_BYTES[this.#status >> 4]
    if (needed === undefined) {
      this.#counter.skippedBytes++
      return null
    }
    this.#data.push(byte)
    if (this.#data.length < needed) return null
    const [first = 0, second = 0] = this.#data
    this.#data = []
    return controlOf(this.#status >> 4, (this.#status & 0xf) + 1, first, second)
  }
}

function controlOf(kind: number, channel: number, first: number, second: number): ControlReading {
  const control = (name: string, value: number): ControlReading => ({kind: 'control', device: '', control: name, value})
  switch (kind) {
    case 0x8:
      return control(`note/${channel}/${first}`, 0)
    case 0x9:
      return control(`note/${channel}/${first}`, second / 127)
    case 0xa:
      return control(`pressure/${channel}/${first}`, second / 127)
    case 0xb:
      return control(`cc/${channel}/${first}`, second / 127)
    case 0xc:
      return control(`program/${channel}/${first}`, 1)
    case 0xd:
      return control(`pressure/${channel}`, first / 127)
    default:
      return control(`bend/${channel}`, ((second << 7) | first) / 16383)
  }
}
