// What a decoder threw away, counted.
import type {DecoderCounts} from '../../src/api/sensor.js'

export class Counter {
  accepted = 0
  malformed = 0
  skippedBytes = 0
  unknown = 0

  counts(): DecoderCounts {
    const {accepted, malformed, skippedBytes, unknown} = this
    return {accepted, malformed, skippedBytes, unknown}
  }
}
