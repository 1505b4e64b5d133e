// `Serato Overview` and `Serato Analysis`: Serato's small waveform, and the version of its analysis.
import {CrateError} from '../../../src/core/errors.js'
import {bufferOf} from '../bytes.js'

export interface Overview {
  /** 16 levels of each column, by band. */
  readonly columns: readonly Uint8Array[]
  readonly rest: Uint8Array
}

const COLUMN_BYTES = 16
const COLUMNS = 240

/** @throws FORMAT_INVALID where the version is another or the columns break off */
export function decodeOverview(payload: Uint8Array): Overview {
  const bytes = bufferOf(payload)
  const end = 2 + COLUMNS * COLUMN_BYTES
  if (bytes[0] !== 1 || bytes[1] !== 5 || bytes.length < end)
    throw new CrateError('FORMAT_INVALID', 'Serato Overview: not the 240 columns of version 0105')
  const columns: Uint8Array[] = []
  for (let at = 2; at < end; at += COLUMN_BYTES) columns.push(bytes.subarray(at, at + COLUMN_BYTES))
  return {columns, rest: bytes.subarray(end)}
}

export function encodeOverview({columns, rest}: Overview): Buffer {
  return Buffer.concat([Buffer.of(1, 5), ...columns, rest])
}

/** `2.1` from the two bytes of a binary tag, or from the text that Ogg Vorbis has. Null where it is neither. */
export function analysisVersion(payload: Uint8Array): string | null {
  const text = bufferOf(payload).toString('latin1')
  if (/^\d+\.\d+$/.test(text)) return text
  return payload.length === 2 || payload.length === 3 ? `${payload[0]}.${payload[1]}` : null
}
