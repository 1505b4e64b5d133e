// Bytes as Serato writes them: big-endian numbers and UTF-16BE text.

/** The same memory as a Buffer, for its readers. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Texts of a library are short and many: they are turned around here instead of in memory of their own. */
const SHORT_BYTES = 1024
const scratch = Buffer.alloc(SHORT_BYTES)

/** UTF-16BE text; an odd last byte is left out, lone surrogates are kept. */
export function textFromUtf16(bytes: Uint8Array): string {
  const even = bytes.length - (bytes.length % 2)
  if (even > SHORT_BYTES) return Buffer.from(bytes.subarray(0, even)).swap16().toString('utf16le')
  for (let at = 0; at < even; at += 2) {
    scratch[at] = bytes[at + 1] ?? 0
    scratch[at + 1] = bytes[at] ?? 0
  }
  return scratch.toString('utf16le', 0, even)
}

export function utf16FromText(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

/** Rounded, and held within what 32 bits can say. */
export function u32Bytes(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(Math.min(0xffffffff, Math.max(0, Math.round(value))))
  return bytes
}

export function areEqualBytes(a: Uint8Array, b: Uint8Array): boolean {
  return bufferOf(a).equals(bufferOf(b))
}

/** The text cut to at most `limit` bytes of UTF-8, never inside a character. */
export function cutUtf8(text: string, limit: number): string {
  let length = 0
  let end = 0
  for (const character of text) {
    length += Buffer.byteLength(character)
    if (length > limit) return text.slice(0, end)
    end += character.length
  }
  return text
}
