// 16-bit samples come out the same wherever they stand in memory and however many channels there are.
import {describe, expect, it} from 'vitest'
import {floatFromPcm} from '../../../src/adapters/audio/pcm.js'

const ENCODING = {kind: 'signed', bits: 16, isLittleEndian: true} as const
const VALUES = [0, 1, -1, 16_384, -16_384, 32_767, -32_768, 255, 256]

describe('floatFromPcm of 16 bits', () => {
  it.each([0, 1, 3])('reads from byte %s on', (offset) => {
    const bytes = Buffer.alloc(offset + 2 * VALUES.length + 1)
    for (const [i, value] of VALUES.entries()) bytes.writeInt16LE(value, offset + 2 * i)
    for (const [channels, kept] of [
      [1, 1],
      [2, 2],
      [3, 2],
      [3, 3],
    ] as const) {
      const found = floatFromPcm(bytes.subarray(offset), ENCODING, channels, kept)
      expect(found).toHaveLength(kept)
      for (const [channel, samples] of found.entries())
        expect([...samples]).toEqual(
          Array.from({length: Math.floor(VALUES.length / channels)}, (_, i) => VALUES[i * channels + channel]).map(
            (value) => (value ?? 0) / 32_768,
          ),
        )
    }
  })
})
