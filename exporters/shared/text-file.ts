// Text files of unknown encoding: lists and tables that programs and people have written on any system.

/** windows-1252 has Latin-1 in it; programs that say the one mean the other. */
const EIGHT_BIT = 'windows-1252'

/**
 * The text of a file: by its byte order mark, as UTF-8 where it is valid, else as the 8-bit text of Western systems.
 * The mark is not part of the text.
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes)
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  try {
    new TextDecoder('utf-8', {fatal: true}).decode(bytes)
    return 'utf-8'
  } catch {
    return EIGHT_BIT
  }
}

/**
 * The same for a stream, where only the beginning can be looked at: UTF-8 unless a mark says otherwise, or the first
 * piece is no UTF-8.
 */
export async function* decodeTextStream(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(encodingOfStart(chunk))
    yield decoder.decode(chunk, {stream: true})
  }
  if (decoder !== null) yield decoder.decode()
}

/** A letter of several bytes may be cut at the end of the piece: its beginning is not looked at. */
function encodingOfStart(bytes: Uint8Array): string {
  let end = bytes.length
  while (end > 0 && end > bytes.length - 4 && (bytes[end - 1] ?? 0) >= 0x80) end--
  return encodingOf(bytes.subarray(0, end === 0 ? bytes.length : end))
}
