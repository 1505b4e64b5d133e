// The text around a payload in FLAC and MP4: base64 of a MIME type, an empty file name, the tag's name and the payload.
import {type Base64Form, decodeBase64, encodeBase64, encodeSeratoBase64} from './base64.js'

const MIME = 'application/octet-stream'

export interface Wrapped {
  readonly name: string
  /** May end in one byte that means nothing: see `encodeSeratoBase64`. */
  readonly payload: Uint8Array
}

export interface DecodedWrapped extends Wrapped {
  readonly form: Base64Form
}

/** Null for text that is not wrapped like this. */
export function decodeWrapped(text: Uint8Array): DecodedWrapped | null {
  const {bytes, form} = decodeBase64(text)
  const start = MIME.length + 2
  if (bytes.toString('latin1', 0, start) !== `${MIME}\0\0`) return null
  const nameEnd = bytes.indexOf(0, start)
  if (nameEnd < 0) return null
  return {name: bytes.toString('latin1', start, nameEnd), payload: bytes.subarray(nameEnd + 1), form}
}

/** @param form of the text that this came from; without it the text is new and is made as Serato makes it */
export function encodeWrapped({name, payload}: Wrapped, form?: Base64Form): Buffer {
  const bytes = Buffer.concat([Buffer.from(`${MIME}\0\0${name}\0`, 'latin1'), payload])
  return form === undefined ? encodeSeratoBase64(bytes) : encodeBase64(bytes, form)
}
