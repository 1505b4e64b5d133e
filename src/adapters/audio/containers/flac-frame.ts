// The header of one FLAC frame, which says which samples it holds and is guarded by a checksum.
// Source: RFC 9639 §9.1.
import {u8, u16be} from '../bytes.js'

export interface FlacFrameHeader {
  /** Of its first sample frame in the stream. */
  readonly firstFrame: number
  readonly blockFrames: number
}

export const LONGEST_FLAC_HEADER_BYTES = 16

/**
 * Null where no valid header begins there.
 *
 * @param fixedBlockFrames block size of the stream, for headers that count blocks
 */
export function parseFlacFrameHeader(bytes: Uint8Array, at: number, fixedBlockFrames: number): FlacFrameHeader | null {
  if (u8(bytes, at) !== 0xff || (u8(bytes, at + 1) & 0xfe) !== 0xf8) return null
  const isVariable = (u8(bytes, at + 1) & 1) === 1
  const sizeCode = u8(bytes, at + 2) >> 4
  const rateCode = u8(bytes, at + 2) & 0x0f
  if (sizeCode === 0 || rateCode === 15 || u8(bytes, at + 3) >> 4 > 10 || (u8(bytes, at + 3) & 1) === 1) return null
  const number = codedNumber(bytes, at + 4)
  if (number === null) return null
  let end = at + 4 + number.bytes
  const blockFrames = blockSize(sizeCode, bytes, end)
  end += sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0
  end += rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0
  if (end >= bytes.length || crc8(bytes, at, end) !== u8(bytes, end)) return null
  return {firstFrame: isVariable ? number.value : number.value * fixedBlockFrames, blockFrames}
}

function blockSize(code: number, bytes: Uint8Array, at: number): number {
  if (code === 1) return 192
  if (code <= 5) return 144 * 2 ** code
  if (code === 6) return u8(bytes, at) + 1
  return code === 7 ? u16be(bytes, at) + 1 : 2 ** code
}

/** A number in the manner of UTF-8, of up to 36 bits. */
function codedNumber(bytes: Uint8Array, at: number): {value: number; bytes: number} | null {
  const first = u8(bytes, at)
  if (first < 0x80) return {value: first, bytes: 1}
  const length = Math.clz32(~(first << 24))
  if (length < 2 || length > 7) return null
  let value = first & (0x7f >> length)
  for (let index = 1; index < length; index++) {
    const next = u8(bytes, at + index)
    if (next >> 6 !== 2) return null
    value = value * 64 + (next & 0x3f)
  }
  return {value, bytes: length}
}

/** Polynomial 0x07, from 0. */
function crc8(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0
  for (let at = start; at < end; at++) {
    crc ^= u8(bytes, at)
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1
  }
  return crc
}
