// `Serato Markers2`: colour, hot cues, loops, BPM lock and flips of a track, as named entries.
// Source: Holzhaus/serato-tags docs/serato_markers2.md; real files in every container.
import {CrateError} from '../../../src/core/errors.js'
import {bufferOf, cutUtf8} from '../bytes.js'
import {type Base64Form, decodeBase64, encodeBase64, PLAIN_FORM} from './base64.js'

/** An entry as it stands there; types that crate does not know, such as FLIP, are kept so. */
export interface Markers2Entry {
  readonly type: string
  readonly data: Uint8Array
}

export interface Markers2 {
  readonly entries: readonly Markers2Entry[]
  /** What follows the entries: the one NUL that ends them, in sound files. */
  readonly rest: Uint8Array
  readonly form: Base64Form
  /** What follows the base64 text: NULs that fill the tag up. */
  readonly padding: Uint8Array
}

/** In ID3, FLAC and MP4 the entries are base64 text after two bytes, filled up with NUL to at least this length. */
export const MIN_OUTER_BYTES = 470
/** In FLAC and MP4 the smallest real ones are this long. */
export const MIN_WRAPPED_OUTER_BYTES = 514

const MAX_NAME_BYTES = 50

/** @throws FORMAT_INVALID where the version is another, or an entry breaks off */
export function decodeMarkers2(outer: Uint8Array): Markers2 {
  const bytes = bufferOf(outer)
  requireVersion(bytes)
  const firstNul = bytes.indexOf(0, 2)
  const end = firstNul < 0 ? bytes.length : firstNul
  const {bytes: inner, form} = decodeBase64(bytes.subarray(2, end))
  return {...decodeEntries(inner), form, padding: bytes.subarray(end)}
}

export function encodeMarkers2(markers: Markers2): Buffer {
  const text = encodeBase64(encodeEntries(markers), markers.form)
  return Buffer.concat([Buffer.of(1, 1), text, markers.padding])
}

/** In Ogg Vorbis the comment is base64 of the entries alone. @throws FORMAT_INVALID as `decodeMarkers2` */
export function decodeOggMarkers2(text: Uint8Array): Markers2 {
  const {bytes, form} = decodeBase64(text)
  return {...decodeEntries(bytes), form, padding: Buffer.alloc(0)}
}

export function encodeOggMarkers2(markers: Markers2): Buffer {
  return encodeBase64(encodeEntries(markers), markers.form)
}

/** A new tag with these entries, filled up to at least `minBytes` and ending in a NUL. */
export function newMarkers2(entries: readonly Markers2Entry[], minBytes = 0): Markers2 {
  const bare: Markers2 = {entries, rest: Buffer.of(0), form: PLAIN_FORM, padding: Buffer.alloc(0)}
  const length = encodeMarkers2(bare).length
  return {...bare, padding: Buffer.alloc(Math.max(1, minBytes - length))}
}

function decodeEntries(inner: Buffer): Pick<Markers2, 'entries' | 'rest'> {
  requireVersion(inner)
  const entries: Markers2Entry[] = []
  let offset = 2
  while (offset < inner.length && inner[offset] !== 0) {
    const nameEnd = inner.indexOf(0, offset)
    if (nameEnd < 0 || nameEnd + 5 > inner.length) throw invalid(`an entry at byte ${offset} breaks off`)
    const start = nameEnd + 5
    const end = start + inner.readUInt32BE(nameEnd + 1)
    if (end > inner.length) throw invalid(`an entry at byte ${offset} claims ${end - start} bytes and does not fit`)
    entries.push({type: inner.toString('latin1', offset, nameEnd), data: inner.subarray(start, end)})
    offset = end
  }
  return {entries, rest: inner.subarray(offset)}
}

function encodeEntries({entries, rest}: Pick<Markers2, 'entries' | 'rest'>): Buffer {
  const parts: Uint8Array[] = [Buffer.of(1, 1)]
  for (const {type, data} of entries) {
    const head = Buffer.alloc(type.length + 5)
    head.write(type, 'latin1')
    head.writeUInt32BE(data.length, type.length + 1)
    parts.push(head, data)
  }
  return Buffer.concat([...parts, rest])
}

function requireVersion(bytes: Buffer): void {
  if (bytes[0] !== 1 || bytes[1] !== 1) throw invalid(`version ${bytes.subarray(0, 2).toString('hex')} is not 0101`)
}

function invalid(message: string): CrateError {
  return new CrateError('FORMAT_INVALID', `Serato Markers2: ${message}`)
}

export interface CueEntry {
  readonly slot: number
  /** Whole milliseconds in Serato's time. */
  readonly positionMs: number
  /** As Serato stores it, which is not what it shows. */
  readonly storedColor: number
  readonly name: string
}

export interface LoopEntry extends CueEntry {
  readonly endMs: number
  readonly isLocked: boolean
}

/** Null for an entry of another type, or one that is too short. */
export function cueOfEntry({type, data}: Markers2Entry): CueEntry | null {
  const bytes = bufferOf(data)
  if (type !== 'CUE' || bytes.length < 12) return null
  return {
    slot: bytes.readUInt8(1),
    positionMs: bytes.readUInt32BE(2),
    storedColor: bytes.readUIntBE(7, 3),
    name: nameAt(bytes, 12),
  }
}

/** Null for an entry of another type, or one that is too short. */
export function loopOfEntry({type, data}: Markers2Entry): LoopEntry | null {
  const bytes = bufferOf(data)
  if (type !== 'LOOP' || bytes.length < 20) return null
  return {
    slot: bytes.readUInt8(1),
    positionMs: bytes.readUInt32BE(2),
    endMs: bytes.readUInt32BE(6),
    storedColor: bytes.readUIntBE(15, 3),
    isLocked: bytes.readUInt8(19) !== 0,
    name: nameAt(bytes, 20),
  }
}

/** The stored colour of the track; null where no entry tells. */
export function trackColorOf({entries}: Pick<Markers2, 'entries'>): number | null {
  const data = entries.find(({type}) => type === 'COLOR')?.data
  return data === undefined || data.length < 4 ? null : bufferOf(data).readUIntBE(1, 3)
}

export function isBpmLocked({entries}: Pick<Markers2, 'entries'>): boolean {
  return (entries.find(({type}) => type === 'BPMLOCK')?.data[0] ?? 0) !== 0
}

export function entryOfCue({slot, positionMs, storedColor, name}: CueEntry): Markers2Entry {
  const head = Buffer.alloc(12)
  head.writeUInt8(slot, 1)
  head.writeUInt32BE(positionMs, 2)
  head.writeUIntBE(storedColor, 7, 3)
  return {type: 'CUE', data: Buffer.concat([head, nameBytes(name)])}
}

export function entryOfLoop({slot, positionMs, endMs, storedColor, isLocked, name}: LoopEntry): Markers2Entry {
  const head = Buffer.alloc(20)
  head.writeUInt8(slot, 1)
  head.writeUInt32BE(positionMs, 2)
  head.writeUInt32BE(endMs, 6)
  head.writeUInt32BE(0xffffffff, 10)
  head.writeUIntBE(storedColor, 15, 3)
  head.writeUInt8(isLocked ? 1 : 0, 19)
  return {type: 'LOOP', data: Buffer.concat([head, nameBytes(name)])}
}

export function entryOfTrackColor(stored: number): Markers2Entry {
  const data = Buffer.alloc(4)
  data.writeUIntBE(stored, 1, 3)
  return {type: 'COLOR', data}
}

export function entryOfBpmLock(isLocked: boolean): Markers2Entry {
  return {type: 'BPMLOCK', data: Buffer.of(isLocked ? 1 : 0)}
}

/** The name as Serato keeps it: at most 50 bytes, and nothing after a NUL. */
export function markerName(name: string): string {
  return cutUtf8(name.split('\0')[0] ?? '', MAX_NAME_BYTES)
}

function nameAt(bytes: Buffer, start: number): string {
  const end = bytes.indexOf(0, start)
  return bytes.toString('utf8', start, end < 0 ? bytes.length : end)
}

function nameBytes(name: string): Buffer {
  return Buffer.from(`${markerName(name)}\0`, 'utf8')
}
