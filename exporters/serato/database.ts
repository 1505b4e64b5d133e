// `database V2`: Serato's list of all tracks, one `otrk` record each, kept field by field.
import {textFromUtf16, utf16FromText} from './bytes.js'
import {decodeRecords, encodeRecord, encodeRecords, type SeratoRecord} from './container.js'

export const DATABASE_FILE = 'database V2'

const DATABASE_VERSION = '2.0/Serato Scratch LIVE Database'

/** The order of fields that fits all 8,800 rows of the real libraries (FORMATS §2.4). */
const FIELD_ORDER: ReadonlyMap<string, number> = new Map(
  (
    'ttyp pfil pvid tsng tart talb tgen tlen tsiz tbit tsmp tbpm tcom tgrp trmx tlbl tcmp ttyr tadd tcor tkey tiid ' +
    'uadd utkn ulbl utme ufsb udsc utpc sbav bhrt bmis bply blop bitu bovc bcrt biro bwlb bwll buns bbgl bkrk bstm'
  )
    .split(' ')
    .map((tag, index) => [tag, index]),
)

/** Flags that every row has, with the values of a track that Serato has not seen yet. */
const NEW_FLAGS = 'bhrt bmis bply blop bitu bovc bcrt biro bwlb bwll buns bbgl bkrk'.split(' ')

/** Fields in the order of the file; those that crate does not know are among them. */
export type Row = readonly SeratoRecord[]

export type Changes = ReadonlyMap<string, Uint8Array>

/** Null where the payload of an `otrk` record breaks off, so that the row is passed on as it is. */
export function decodeRow(payload: Uint8Array): Row | null {
  const {records, brokenAt} = decodeRecords(payload)
  return brokenAt === null ? records : null
}

export function encodeRow(row: Row): Buffer {
  return encodeRecord({tag: 'otrk', payload: encodeRecords(row)})
}

export function databaseHead(): Buffer {
  return encodeRecord({tag: 'vrsn', payload: utf16FromText(DATABASE_VERSION)})
}

export function fieldOf(row: Row, tag: string): Uint8Array | null {
  return row.find((field) => field.tag === tag)?.payload ?? null
}

/** Null where the field is absent. */
export function textField(row: Row, tag: string): string | null {
  const payload = fieldOf(row, tag)
  return payload === null ? null : textFromUtf16(payload)
}

/** An unsigned number of 1 to 4 bytes; null where the field is absent or has another length. */
export function numberField(row: Row, tag: string): number | null {
  const payload = fieldOf(row, tag)
  if (payload === null || payload.length < 1 || payload.length > 4) return null
  return payload.reduce((value, byte) => value * 256 + byte, 0)
}

/** The row with some fields set; new ones go where Serato would write them. */
export function withFields(row: Row, changes: Changes): Row {
  const left = new Map(changes)
  const fields = row.map((field) => {
    const payload = left.get(field.tag)
    left.delete(field.tag)
    return payload === undefined ? field : {tag: field.tag, payload}
  })
  for (const [tag, payload] of left) {
    const rank = FIELD_ORDER.get(tag) ?? FIELD_ORDER.size
    const at = fields.findIndex((field) => (FIELD_ORDER.get(field.tag) ?? FIELD_ORDER.size) > rank)
    fields.splice(at < 0 ? fields.length : at, 0, {tag, payload})
  }
  return fields
}

export function newRow(changes: Changes): Row {
  const flags = NEW_FLAGS.map((tag) => ({tag, payload: Uint8Array.of(tag === 'bhrt' ? 1 : 0)}))
  return withFields([{tag: 'sbav', payload: Uint8Array.of(0, 0)}, ...flags], changes)
}
