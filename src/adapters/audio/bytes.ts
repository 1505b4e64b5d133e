// Bytes by position, from a file or from memory, so that every container reader works on both.
import {readSync} from 'node:fs'

export interface ByteSource {
  readonly sizeBytes: number
  /** The bytes from `offset`, fewer than `length` only at the end. The array may be reused by the next call. */
  read(offset: number, length: number): Uint8Array
}

export interface ByteRange {
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

export function memoryBytes(bytes: Uint8Array): ByteSource {
  return {
    sizeBytes: bytes.length,
    read: (offset, length) => bytes.subarray(clamp(offset, bytes.length), clamp(offset + length, bytes.length)),
  }
}

const WINDOW_BYTES = 1 << 18

/** An open file through a sliding window: a walk over chunk or page headers costs one system call per 256 KiB. */
export function fileBytes(fd: number, sizeBytes: number): ByteSource {
  const window = new Uint8Array(WINDOW_BYTES)
  let windowStart = 0
  let windowLength = 0
  return {
    sizeBytes,
    read(offset, length) {
      const start = clamp(offset, sizeBytes)
      const end = clamp(offset + length, sizeBytes)
      if (end - start > WINDOW_BYTES) return readFully(fd, start, new Uint8Array(end - start))
      if (start < windowStart || end > windowStart + windowLength) {
        windowStart = start
        windowLength = readFully(fd, start, window).length
      }
      return window.subarray(start - windowStart, Math.min(end - windowStart, windowLength))
    },
  }
}

function readFully(fd: number, offset: number, target: Uint8Array): Uint8Array {
  let done = 0
  while (done < target.length) {
    const count = readSync(fd, target, done, target.length - done, offset + done)
    if (count === 0) break
    done += count
  }
  return target.subarray(0, done)
}

function clamp(value: number, limit: number): number {
  return Math.max(0, Math.min(value, limit))
}

/** One byte; 0 past the end, so that parsers of damaged files meet an unlikely value instead of `undefined`. */
export function u8(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0
}

export function u16be(bytes: Uint8Array, at: number): number {
  return (u8(bytes, at) << 8) | u8(bytes, at + 1)
}

export function u24be(bytes: Uint8Array, at: number): number {
  return (u8(bytes, at) << 16) | u16be(bytes, at + 1)
}

export function u32be(bytes: Uint8Array, at: number): number {
  return u16be(bytes, at) * 0x10000 + u16be(bytes, at + 2)
}

export function u64be(bytes: Uint8Array, at: number): number {
  return u32be(bytes, at) * 0x1_0000_0000 + u32be(bytes, at + 4)
}

export function u16le(bytes: Uint8Array, at: number): number {
  return u8(bytes, at) | (u8(bytes, at + 1) << 8)
}

export function u32le(bytes: Uint8Array, at: number): number {
  return u16le(bytes, at) + u16le(bytes, at + 2) * 0x10000
}

export function u64le(bytes: Uint8Array, at: number): number {
  return u32le(bytes, at) + u32le(bytes, at + 4) * 0x1_0000_0000
}

/** Four bytes of 7 bits, as ID3v2 writes lengths. */
export function syncsafe32(bytes: Uint8Array, at: number): number {
  return (
    ((u8(bytes, at) & 0x7f) << 21) |
    ((u8(bytes, at + 1) & 0x7f) << 14) |
    ((u8(bytes, at + 2) & 0x7f) << 7) |
    (u8(bytes, at + 3) & 0x7f)
  )
}

/** Bytes as ISO 8859-1 characters. */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', start, end)
}

export function startsWith(bytes: Uint8Array, text: string, at = 0): boolean {
  return bytes.length >= at + text.length && latin1(bytes, at, at + text.length) === text
}
