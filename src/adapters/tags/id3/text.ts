// The four text encodings of ID3v2 frames.
// Source: id3.org, "ID3 tag version 2.4.0 – Main Structure" §4; 2.3 has only the first two.
import {u8} from '../../audio/bytes.js'

export const ENCODING = {latin1: 0, utf16: 1, utf16be: 2, utf8: 3} as const

/** Text of a frame part; a byte order mark decides, without one UTF-16 is taken as little endian, as Windows writes. */
export function decodeText(bytes: Uint8Array, encoding: number): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (encoding === ENCODING.latin1) return buffer.toString('latin1')
  if (encoding === ENCODING.utf8) return buffer.toString('utf8')
  if (encoding !== ENCODING.utf16 && encoding !== ENCODING.utf16be) return buffer.toString('latin1')
  const hasMark =
    bytes.length >= 2 &&
    ((u8(bytes, 0) === 0xff && u8(bytes, 1) === 0xfe) || (u8(bytes, 0) === 0xfe && u8(bytes, 1) === 0xff))
  const isBigEndian = hasMark ? u8(bytes, 0) === 0xfe : encoding === ENCODING.utf16be
  const text = buffer.subarray(hasMark ? 2 : 0, bytes.length - (bytes.length % 2))
  return (isBigEndian ? Buffer.from(text).swap16() : text).toString('utf16le')
}

/** Every value of a frame with several (2.4) may carry its own mark; ends with no terminator. */
export function decodeTextList(bytes: Uint8Array, encoding: number): string[] {
  const values: string[] = []
  let at = 0
  while (at < bytes.length) {
    const end = terminatorAt(bytes, at, encoding)
    values.push(decodeText(bytes.subarray(at, end), encoding))
    at = end + terminatorBytes(encoding)
  }
  while (values.length > 1 && values.at(-1) === '') values.pop()
  return values
}

/** Position of the terminator, else the end. */
export function terminatorAt(bytes: Uint8Array, from: number, encoding: number): number {
  if (terminatorBytes(encoding) === 1) {
    const found = bytes.indexOf(0, from)
    return found < 0 ? bytes.length : found
  }
  for (let at = from; at + 1 < bytes.length; at += 2) if (u8(bytes, at) === 0 && u8(bytes, at + 1) === 0) return at
  return bytes.length
}

export function terminatorBytes(encoding: number): 1 | 2 {
  return encoding === ENCODING.utf16 || encoding === ENCODING.utf16be ? 2 : 1
}

/** The narrowest encoding that every reader of a version understands: Latin-1, else UTF-16 (2.2, 2.3) or UTF-8 (2.4). */
export function encodingFor(texts: readonly string[], version: number): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of Latin-1 is meant
  if (texts.every((text) => /^[\x00-\x7f]*$/.test(text))) return ENCODING.latin1
  return version === 4 ? ENCODING.utf8 : ENCODING.utf16
}

export function encodeText(text: string, encoding: number): Buffer {
  if (encoding === ENCODING.latin1) return Buffer.from(text, 'latin1')
  if (encoding === ENCODING.utf8) return Buffer.from(text, 'utf8')
  return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
}

export function terminator(encoding: number): Buffer {
  return Buffer.alloc(terminatorBytes(encoding))
}
