// Base64 as Serato writes it: without `=`, folded at 72 letters, and with letters at the end that mean nothing.

const LINE_LETTERS = 72
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** What a text has beyond its bytes, so that it can be written again as it was. */
export interface Base64Form {
  /** Letters in a line; 0 where it is not folded. */
  readonly lineLetters: number
  /** The letters after the last whole group of four: a single one carries no byte, the last bits of more are random. */
  readonly tail: string
  /** `=` and line ends after the last letter. */
  readonly end: string
}

/** How text is folded that stands inside another tag. */
export const PLAIN_FORM: Base64Form = {lineLetters: LINE_LETTERS, tail: '', end: ''}

export interface DecodedBase64 {
  readonly bytes: Buffer
  readonly form: Base64Form
}

/** Letters outside the alphabet are passed over, as Serato's own line ends are. */
export function decodeBase64(text: Uint8Array): DecodedBase64 {
  const source = Buffer.from(text).toString('latin1')
  const end = /[=\r\n]*$/.exec(source)?.[0] ?? ''
  const letters = source.replace(/[^A-Za-z0-9+/]/g, '')
  const wholeLetters = letters.length - (letters.length % 4)
  const tail = letters.slice(wholeLetters)
  const bytes = Buffer.from(tail.length === 1 ? letters.slice(0, wholeLetters) : letters, 'base64')
  return {bytes, form: {lineLetters: Math.max(0, source.slice(0, source.length - end.length).indexOf('\n')), tail, end}}
}

/** @param form of the text that the bytes came from, or how to write new ones */
export function encodeBase64(bytes: Uint8Array, form: Base64Form = PLAIN_FORM): Buffer {
  const letters = withTail(Buffer.from(bytes).toString('base64').replace(/=+$/, ''), form.tail)
  return Buffer.from(folded(letters, form.lineLetters) + form.end, 'latin1')
}

/**
 * Text as Serato puts it into FLAC and MP4: it encodes one byte more than there is, and cuts the last letter off where
 * that byte would need it, so that lengths come out as 1, 2 or 0 over a multiple of four (all real files).
 */
export function encodeSeratoBase64(bytes: Uint8Array): Buffer {
  const letters = Buffer.concat([bytes, Buffer.of(0)]).toString('base64')
  return Buffer.from(folded(letters.slice(0, Math.floor(((bytes.length + 1) * 8) / 6)), LINE_LETTERS), 'latin1')
}

/** The letters of the source at the end, as long as they say the same bytes. */
function withTail(letters: string, tail: string): string {
  const rest = letters.length % 4
  if (tail.length === 1) return rest === 0 ? letters + tail : letters
  if (tail.length !== rest) return letters
  const meaningful = (text: string) => {
    const values = [...text].map((letter) => ALPHABET.indexOf(letter))
    const last = values.pop() ?? 0
    return [...values, rest === 2 ? last >> 4 : last >> 2].join()
  }
  const own = letters.slice(letters.length - rest)
  return rest !== 0 && meaningful(own) === meaningful(tail) ? letters.slice(0, letters.length - rest) + tail : letters
}

function folded(letters: string, lineLetters: number): string {
  if (lineLetters <= 0) return letters
  const lines: string[] = []
  for (let at = 0; at < letters.length; at += lineLetters) lines.push(letters.slice(at, at + lineLetters))
  return lines.join('\n')
}
