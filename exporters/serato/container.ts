// Serato's container: records of a four-letter tag, a big-endian length and a payload, one after the other.
import {CrateError} from '../../src/core/errors.js'
import {bufferOf} from './bytes.js'

/**
 * Payloads of tags that begin with `o` or `r` are records again; `t` is UTF-16BE text, `p` a UTF-16BE path, `b` one
 * byte, `s` a u16, `u` a u32. The exception is `vrsn`, which is text.
 */
export interface SeratoRecord {
  readonly tag: string
  readonly payload: Uint8Array
}

export interface DecodedRecords {
  readonly records: readonly SeratoRecord[]
  /** Offset of the first record that does not fit in the bytes; null where all of them were read. */
  readonly brokenAt: number | null
}

const HEADER_BYTES = 8

/** Real rows have about 700 bytes; a record longer than this is damage, not data. */
const MAX_RECORD_BYTES = 16 * 1024 * 1024

/** The records of one level; payloads share the memory of `bytes`. */
export function decodeRecords(bytes: Uint8Array): DecodedRecords {
  const buffer = bufferOf(bytes)
  const records: SeratoRecord[] = []
  let offset = 0
  while (offset < buffer.length) {
    const start = offset + HEADER_BYTES
    if (start > buffer.length) return {records, brokenAt: offset}
    const end = start + buffer.readUInt32BE(offset + 4)
    if (end > buffer.length) return {records, brokenAt: offset}
    records.push({tag: tagAt(buffer, offset), payload: buffer.subarray(start, end)})
    offset = end
  }
  return {records, brokenAt: null}
}

/** Files repeat some 60 tags; a hostile one that makes up more gets them without the shelf. */
const SHELVED_TAGS = 512
const shelf = new Map<number, string>()

function tagAt(buffer: Buffer, offset: number): string {
  const code = buffer.readUInt32BE(offset)
  const known = shelf.get(code)
  if (known !== undefined) return known
  const tag = buffer.toString('latin1', offset, offset + 4)
  if (shelf.size < SHELVED_TAGS) shelf.set(code, tag)
  return tag
}

export function encodeRecord(record: SeratoRecord): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + record.payload.length)
  bytes.write(record.tag, 0, 4, 'latin1')
  bytes.writeUInt32BE(record.payload.length, 4)
  bytes.set(record.payload, HEADER_BYTES)
  return bytes
}

export function encodeRecords(records: readonly SeratoRecord[]): Buffer {
  let length = 0
  for (const record of records) length += HEADER_BYTES + record.payload.length
  const bytes = Buffer.allocUnsafe(length)
  let offset = 0
  for (const {tag, payload} of records) {
    bytes.write(tag, offset, 4, 'latin1')
    bytes.writeUInt32BE(payload.length, offset + 4)
    bytes.set(payload, offset + HEADER_BYTES)
    offset += HEADER_BYTES + payload.length
  }
  return bytes
}

/**
 * The records of a file in batches, holding one piece of it and one record at a time.
 *
 * @throws FORMAT_INVALID after all whole records, where the file ends inside a record or claims one of over 16 MiB
 */
export async function* streamRecords(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly SeratoRecord[]> {
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  let neededBytes = HEADER_BYTES
  let consumed = 0
  for await (const piece of pieces) {
    waiting.push(piece)
    waitingBytes += piece.length
    if (waitingBytes < neededBytes) continue
    const joined = waiting.length === 1 ? bufferOf(piece) : Buffer.concat(waiting)
    const {records, brokenAt} = decodeRecords(joined)
    if (records.length > 0) yield records
    const restAt = brokenAt ?? joined.length
    const rest = joined.subarray(restAt)
    consumed += restAt
    neededBytes = HEADER_BYTES + (rest.length < HEADER_BYTES ? 0 : rest.readUInt32BE(4))
    if (neededBytes > MAX_RECORD_BYTES) throw brokenRecord(consumed, neededBytes)
    waiting = rest.length === 0 ? [] : [rest]
    waitingBytes = rest.length
  }
  if (waitingBytes > 0) throw brokenRecord(consumed, neededBytes)
}

function brokenRecord(offset: number, neededBytes: number): CrateError {
  return new CrateError('FORMAT_INVALID', `the record at byte ${offset} claims ${neededBytes} bytes and does not fit`, {
    hints: ['Serato keeps its own copies in "_Serato_Backup" next to "_Serato_".'],
    details: {offset, neededBytes},
  })
}
