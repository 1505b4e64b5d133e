// DeviceSQL, the database of Rekordbox's sticks: a file of pages, a chain of pages per table, rows found from the page's end.
//
// Layout after Deep-Symmetry's crate-digger (rekordbox_pdb.ksy) and Holzhaus' rekordcrate. Little endian.
import {Bytes} from './bytes.js'

const FILE = {pageLength: 0x04, tableCount: 0x08, tables: 0x1c} as const
const TABLE = {type: 0x00, firstPage: 0x08, lastPage: 0x0c, length: 0x10} as const
const PAGE = {index: 0x04, type: 0x08, nextPage: 0x0c, rowCounts: 0x18, flags: 0x1b, heap: 0x28} as const

/** Pages with this bit hold an index, not rows. */
const IS_INDEX_PAGE = 0x40
/** Of the three bytes of counts the lower 13 bits: row places ever given out. */
const ROW_PLACES = 0x1fff
const ROWS_IN_GROUP = 16
const GROUP_LENGTH = 36

export interface PdbRow {
  readonly page: Bytes
  /** Where the row begins in its page; strings are counted from here. */
  readonly at: number
}

export interface Pdb {
  /** Rows of all pages of a table, as far as they can be read. */
  rows(tableType: number): Generator<PdbRow>
}

/** @returns null where the bytes are no such database */
export function openPdb(bytes: Uint8Array): Pdb | null {
  const file = new Bytes(bytes, 'little')
  if (file.length < FILE.tables || file.u32(0) !== 0) return null
  const pageLength = file.u32(FILE.pageLength)
  const tableCount = file.u32(FILE.tableCount)
  if (pageLength < 512 || pageLength > 65_536 || tableCount > pageLength / TABLE.length) return null
  const pageCount = Math.floor(file.length / pageLength)
  return {
    rows: function* (tableType) {
      for (let n = 0; n < tableCount; n++) {
        const at = FILE.tables + n * TABLE.length
        if (at + TABLE.length > file.length) return
        if (file.u32(at + TABLE.type) !== tableType) continue
        const seen = new Set<number>()
        let index = file.u32(at + TABLE.firstPage)
        const last = file.u32(at + TABLE.lastPage)
        while (index > 0 && index < pageCount && !seen.has(index)) {
          seen.add(index)
          const page = file.part(index * pageLength, pageLength)
          if (page.u32(PAGE.type) !== tableType) break
          yield* rowsOfPage(page)
          if (index === last) break
          index = page.u32(PAGE.nextPage)
        }
      }
    },
  }
}

export function* rowsOfPage(page: Bytes): Generator<PdbRow> {
  if ((page.u8(PAGE.flags) & IS_INDEX_PAGE) !== 0) return
  const places = page.u16(PAGE.rowCounts) & ROW_PLACES
  for (let place = 0; place < places; place++) {
    const group = page.length - Math.floor(place / ROWS_IN_GROUP) * GROUP_LENGTH
    const inGroup = place % ROWS_IN_GROUP
    const offsetAt = group - 6 - 2 * inGroup
    if (offsetAt < PAGE.heap) return
    const isPresent = ((page.u16(group - 4) >> inGroup) & 1) === 1
    if (isPresent) yield {page, at: PAGE.heap + page.u16(offsetAt)}
  }
}

const LONG_ASCII = 0x40
const LONG_UTF16 = 0x90

/** A DeviceSQL string; an ISRC stands as ASCII behind a byte 3 in the long form. @throws RangeError */
export function textAt(page: Bytes, at: number): string {
  const kind = page.u8(at)
  if ((kind & 1) === 1) return page.text(at + 1, (kind >> 1) - 1, 'latin1')
  const length = page.u16(at + 1) - 4
  if (length < 0) throw new RangeError(`a text of ${length} bytes`)
  if (kind === LONG_ASCII) return page.text(at + 4, length, 'latin1')
  if (kind !== LONG_UTF16) throw new RangeError(`a text of unknown kind ${kind}`)
  const isIsrc = length > 0 && page.u8(at + 4) === 3 && (length % 2 === 1 || page.u8(at + 5) !== 0)
  return isIsrc ? page.text(at + 5, length - 1, 'latin1') : page.text(at + 4, length, 'utf-16le')
}
