// Bytes → readings. Pure: no clock, no port, bounded memory, and it never throws.
import type {DecoderCounts, SensorDecoder, SensorItem} from 'crate-dj/plugin'

const LINE_END = 0x0a
/** No line of such a board is longer; what is longer is noise. */
const LONGEST_LINE = 80

export class LineDecoder implements SensorDecoder {
  #line: number[] = []
  #isTooLong = false
  #counts = {accepted: 0, malformed: 0, skippedBytes: 0, unknown: 0}

  decode(bytes: Uint8Array): readonly SensorItem[] {
    const items: SensorItem[] = []
    for (const byte of bytes) {
      if (byte === LINE_END) {
        const item = this.#isTooLong ? null : readingOf(String.fromCharCode(...this.#line))
        if (item === null) this.#counts.malformed++
        else {
          this.#counts.accepted++
          items.push(item)
        }
        this.reset()
      } else if (this.#line.length < LONGEST_LINE && !this.#isTooLong) this.#line.push(byte)
      else {
        this.#counts.skippedBytes++
        this.#isTooLong = true
      }
    }
    return items
  }

  reset(): void {
    this.#line = []
    this.#isTooLong = false
  }

  counts(): DecoderCounts {
    return {...this.#counts}
  }
}

function readingOf(line: string): SensorItem | null {
  const parts = line.trim().split(',')
  const [x, y, z] = parts.map(Number)
  const isReading = parts.length === 3 && parts.every((part) => part.trim() !== '')
  if (!isReading || x === undefined || y === undefined || z === undefined || ![x, y, z].every(Number.isFinite))
    return null
  return {kind: 'motion', device: '', acceleration: {value: [x, y, z], unit: 'g'}}
}
