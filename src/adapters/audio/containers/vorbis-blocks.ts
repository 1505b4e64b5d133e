// How many samples each Vorbis packet yields, read from its first bits.
// Sources: Vorbis I §4.2.4 (modes at the end of the setup header), §4.3.1 (packet type and mode number), §4.3.8
// (each packet yields a quarter of its own and of the last block). The setup header is read backwards from its end, as
// ffmpeg's vorbis_parser.c does: the modes are its last fields, and all else in it would have to be parsed to reach them.
import {type ByteSource, u8} from '../bytes.js'
import type {OggPage} from './ogg.js'

export interface VorbisBlocks {
  /** Short and long block in samples. */
  readonly sizes: readonly [number, number]
  /** Of each mode whether its block is long. */
  readonly isLongByMode: readonly boolean[]
}

const MOST_MODES = 64
const MODE_BITS = 41

/** Null where the headers cannot be read this way. */
export function parseVorbisBlocks(identification: Uint8Array, setup: Uint8Array): VorbisBlocks | null {
  const exponents = u8(identification, 28)
  const sizes = [2 ** (exponents & 15), 2 ** (exponents >> 4)] as const
  const bitCount = setup.length * 8
  const bit = (index: number) => (u8(setup, index >> 3) >> (index & 7)) & 1
  const bits = (start: number, count: number) => {
    let value = 0
    for (let index = count - 1; index >= 0; index--) value = value * 2 + bit(start + index)
    return value
  }
  let framing = bitCount - 1
  while (framing > 0 && bit(framing) === 0) framing--
  // Each mode: block flag, window type 0, transform type 0, mapping. Before them stands their count minus one.
  let found: number | null = null
  for (let count = 1; count <= MOST_MODES; count++) {
    const start = framing - count * MODE_BITS
    if (start < 6 * 8) break
    if (bits(start + 1, 16) !== 0 || bits(start + 17, 16) !== 0 || bits(start + 33, 8) >= 64) break
    if (bits(start - 6, 6) === count - 1) found = count
  }
  if (found === null) return null
  const count = found
  const isLongByMode = Array.from({length: count}, (_, mode) => bit(framing - (count - mode) * MODE_BITS) === 1)
  return {sizes, isLongByMode}
}

/** Block size of an audio packet from its first byte; null for what is no audio. */
export function vorbisBlockSize({sizes, isLongByMode}: VorbisBlocks, firstByte: number): number | null {
  if (firstByte & 1) return null
  const modeBits = 32 - Math.clz32(isLongByMode.length - 1)
  const isLong = isLongByMode[(firstByte >> 1) & (2 ** modeBits - 1)]
  return isLong === undefined ? null : sizes[isLong ? 1 : 0]
}

/** Counts what the pages of a stream decode to, one after another. */
export function vorbisFrameCounter(blocks: VorbisBlocks): {framesOf(source: ByteSource, page: OggPage): number} {
  let lastBlock: number | null = null
  let isOpen = false
  return {
    framesOf(source, page) {
      let frames = 0
      let position = page.at + page.headerBytes
      for (const value of page.lacing) {
        const block = isOpen || value === 0 ? null : vorbisBlockSize(blocks, u8(source.read(position, 1), 0))
        if (block !== null) {
          if (lastBlock !== null) frames += (lastBlock + block) / 4
          lastBlock = block
        }
        isOpen = value === 255
        position += value
      }
      return frames
    },
  }
}
