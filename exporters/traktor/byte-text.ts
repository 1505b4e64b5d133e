// NML as "byte text": a string with one character per byte. What is not touched goes out as it came in, even where a
// file is not valid UTF-8; only values that somebody reads or writes are turned into real text.

export function byteTextFromBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

export function bytesFromByteText(byteText: string): Uint8Array {
  return Buffer.from(byteText, 'latin1')
}

export function byteTextFromText(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

export function textFromByteText(byteText: string): string {
  return isAscii(byteText) ? byteText : Buffer.from(byteText, 'latin1').toString('utf8')
}

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is what ASCII is
  return /^[\x00-\x7f]*$/.test(text)
}

const NAMED: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'"}

/** Anything that keeps a value from being its own text. */
const NEEDS_DECODING = /[&\t\r\n\x80-\xff]/

/** The text that an attribute holds. Entities that XML does not have by itself stay as they are written. */
export function decodeValue(raw: string): string {
  if (!NEEDS_DECODING.test(raw)) return raw
  const text = textFromByteText(raw).replace(/\r\n|[\t\r\n]/g, ' ')
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi,
    (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
      if (name !== undefined) return NAMED[name] ?? whole
      const code = hex === undefined ? Number.parseInt(decimal ?? '', 10) : Number.parseInt(hex, 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

/** Anything that cannot be written as it is. */
const NEEDS_ENCODING = /[^ -~]|[&<"]/

/** A value as Traktor writes it: `>` and `'` raw, line breaks as references (FORMATS §4.1); what XML forbids is left out. */
export function encodeValue(text: string): string {
  if (!NEEDS_ENCODING.test(text)) return text
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids
  const allowed = text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
  return byteTextFromText(allowed.replace(/[&<"\t\n\r]/g, (character) => ESCAPES[character] ?? character))
}
