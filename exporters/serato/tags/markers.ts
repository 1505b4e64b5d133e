// `Serato Markers_`: the older list of 5 cues and 9 loops without names, which Serato believes before Markers2.
// Source: Holzhaus/serato-tags docs/serato_markers_.md; real ID3 and MP4 files.
import {CrateError} from '../../../src/core/errors.js'
import {bufferOf} from '../bytes.js'

export const CUE_ENTRIES = 5
export const LOOP_ENTRIES = 9

export const ENTRY_TYPE = {unset: 0, cue: 1, loop: 3} as const

export interface MarkersEntry {
  /** Whole milliseconds in Serato's time; null where unset. */
  readonly startMs: number | null
  readonly endMs: number | null
  readonly storedColor: number
  /** 0 an unset cue, 1 a cue, 3 a loop, set or not. */
  readonly type: number
  readonly isLocked: boolean
}

export interface Markers {
  /** 5 cues and 9 loops in sound files. */
  readonly entries: readonly MarkersEntry[]
  readonly storedTrackColor: number
  /** Bytes after the list; MP4 has one that means nothing. */
  readonly rest: Uint8Array
}

/** How ID3 (22 bytes an entry, numbers of 7-bit bytes) and MP4 (19 bytes, plain numbers) write an entry. */
interface Layout {
  readonly entryBytes: number
  readonly read: (entry: Buffer) => MarkersEntry
  readonly write: (entry: MarkersEntry) => Buffer
  readonly readColor: (footer: Buffer) => number
  readonly writeColor: (stored: number) => Buffer
}

const VERSION = Buffer.of(2, 5)
const HEAD_BYTES = 6
const FOOTER_BYTES = 4
/** Real files have 14; more than these would be damage. */
const MAX_ENTRIES = 256

/** @throws FORMAT_INVALID where the version is another or the list breaks off */
export function decodeMarkers(payload: Uint8Array): Markers {
  return decodeWith(ID3_LAYOUT, payload)
}

export function encodeMarkers(markers: Markers): Buffer {
  return encodeWith(ID3_LAYOUT, markers)
}

/** @throws FORMAT_INVALID as `decodeMarkers` */
export function decodeMp4Markers(payload: Uint8Array): Markers {
  return decodeWith(MP4_LAYOUT, payload)
}

export function encodeMp4Markers(markers: Markers): Buffer {
  return encodeWith(MP4_LAYOUT, markers)
}

function decodeWith(layout: Layout, payload: Uint8Array): Markers {
  const bytes = bufferOf(payload)
  if (bytes.length < HEAD_BYTES + FOOTER_BYTES || !bytes.subarray(0, 2).equals(VERSION))
    throw new CrateError('FORMAT_INVALID', 'Serato Markers_: the version is not 0205')
  const count = bytes.readUInt32BE(2)
  const end = HEAD_BYTES + count * layout.entryBytes
  if (count > MAX_ENTRIES || end + FOOTER_BYTES > bytes.length)
    throw new CrateError('FORMAT_INVALID', `Serato Markers_: ${count} entries do not fit in ${bytes.length} bytes`)
  const entries: MarkersEntry[] = []
  for (let at = HEAD_BYTES; at < end; at += layout.entryBytes)
    entries.push(layout.read(bytes.subarray(at, at + layout.entryBytes)))
  return {
    entries,
    storedTrackColor: layout.readColor(bytes.subarray(end, end + FOOTER_BYTES)),
    rest: bytes.subarray(end + FOOTER_BYTES),
  }
}

function encodeWith(layout: Layout, {entries, storedTrackColor, rest}: Markers): Buffer {
  const head = Buffer.concat([VERSION, Buffer.alloc(4)])
  head.writeUInt32BE(entries.length, 2)
  return Buffer.concat([head, ...entries.map(layout.write), layout.writeColor(storedTrackColor), rest])
}

/** 24 bits in 4 bytes of 7 bits each: 218 456 is 00 0D 2A 58. */
function readSerato32(bytes: Buffer, offset: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(offset, offset + 4)
  return (((a & 0x7f) << 21) | ((b & 0x7f) << 14) | ((c & 0x7f) << 7) | (d & 0x7f)) & 0xffffff
}

function serato32(value: number): Buffer {
  return Buffer.of((value >> 21) & 0x7f, (value >> 14) & 0x7f, (value >> 7) & 0x7f, value & 0x7f)
}

const UNSET_7F = Buffer.of(0x7f, 0x7f, 0x7f, 0x7f)
/** The longest position that Markers_ can hold: 4 h 39 min. */
export const MAX_MARKERS_MS = 0xffffff

const ID3_LAYOUT: Layout = {
  entryBytes: 22,
  read: (entry) => ({
    startMs: entry[0] === 0 ? readSerato32(entry, 1) : null,
    endMs: entry[5] === 0 ? readSerato32(entry, 6) : null,
    storedColor: readSerato32(entry, 16),
    type: entry.readUInt8(20),
    isLocked: entry.readUInt8(21) !== 0,
  }),
  write: ({startMs, endMs, storedColor, type, isLocked}) =>
    Buffer.concat([
      ...[startMs, endMs].flatMap((ms) => (ms === null ? [Buffer.of(0x7f), UNSET_7F] : [Buffer.of(0), serato32(ms)])),
      Buffer.of(0),
      UNSET_7F,
      Buffer.of(0x7f),
      serato32(storedColor),
      Buffer.of(type, isLocked ? 1 : 0),
    ]),
  readColor: (footer) => readSerato32(footer, 0),
  writeColor: serato32,
}

const UNSET_FF = 0xffffffff

const MP4_LAYOUT: Layout = {
  entryBytes: 19,
  read: (entry) => {
    const [start, end] = [entry.readUInt32BE(0), entry.readUInt32BE(4)]
    return {
      startMs: start === UNSET_FF ? null : start,
      endMs: end === UNSET_FF ? null : end,
      storedColor: entry.readUIntBE(14, 3),
      type: entry.readUInt8(17),
      isLocked: entry.readUInt8(18) !== 0,
    }
  },
  write: ({startMs, endMs, storedColor, type, isLocked}) => {
    const entry = Buffer.alloc(19)
    entry.fill(0xff, 9, 13)
    entry.writeUInt32BE(startMs ?? UNSET_FF, 0)
    entry.writeUInt32BE(endMs ?? UNSET_FF, 4)
    entry.writeUIntBE(storedColor, 14, 3)
    entry.writeUInt8(type, 17)
    entry.writeUInt8(isLocked ? 1 : 0, 18)
    return entry
  },
  readColor: (footer) => footer.readUIntBE(1, 3),
  writeColor: (stored) => {
    const footer = Buffer.alloc(4)
    footer.writeUIntBE(stored, 1, 3)
    return footer
  },
}
