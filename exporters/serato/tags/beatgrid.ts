// `Serato BeatGrid`: markers that count the beats to the next one; the last carries a tempo.
// Source: Holzhaus/serato-tags docs/serato_beatgrid.md; real files in every container.
import {CrateError} from '../../../src/core/errors.js'
import {bufferOf} from '../bytes.js'

export interface SeratoGrid {
  readonly markers: readonly SeratoGridMarker[]
  /** Null where there are no beats at all. */
  readonly last: SeratoLastMarker | null
  /** One byte that means nothing, and in FLAC and MP4 a second one. */
  readonly footer: Uint8Array
}

export interface SeratoGridMarker {
  /** In Serato's time, as a 32-bit float holds it. */
  readonly positionSeconds: number
  readonly beatsToNext: number
}

export interface SeratoLastMarker {
  readonly positionSeconds: number
  readonly tempoBpm: number
}

const HEAD_BYTES = 6
const MARKER_BYTES = 8

/** @throws FORMAT_INVALID where the version is another or the markers do not fit */
export function decodeBeatGrid(payload: Uint8Array): SeratoGrid {
  const bytes = bufferOf(payload)
  if (bytes.length < HEAD_BYTES || bytes[0] !== 1 || bytes[1] !== 0)
    throw new CrateError('FORMAT_INVALID', 'Serato BeatGrid: the version is not 0100')
  const count = bytes.readUInt32BE(2)
  const end = HEAD_BYTES + count * MARKER_BYTES
  if (end > bytes.length)
    throw new CrateError('FORMAT_INVALID', `Serato BeatGrid: ${count} markers do not fit in ${bytes.length} bytes`)
  const markers: SeratoGridMarker[] = []
  for (let at = HEAD_BYTES; at < end - MARKER_BYTES; at += MARKER_BYTES)
    markers.push({positionSeconds: bytes.readFloatBE(at), beatsToNext: bytes.readUInt32BE(at + 4)})
  const lastAt = end - MARKER_BYTES
  const last =
    count === 0 ? null : {positionSeconds: bytes.readFloatBE(lastAt), tempoBpm: bytes.readFloatBE(lastAt + 4)}
  return {markers, last, footer: bytes.subarray(end)}
}

export function encodeBeatGrid({markers, last, footer}: SeratoGrid): Buffer {
  const count = last === null ? 0 : markers.length + 1
  const bytes = Buffer.alloc(HEAD_BYTES + count * MARKER_BYTES)
  bytes[0] = 1
  bytes.writeUInt32BE(count, 2)
  let at = HEAD_BYTES
  if (last !== null) {
    for (const {positionSeconds, beatsToNext} of markers) {
      bytes.writeFloatBE(positionSeconds, at)
      bytes.writeUInt32BE(beatsToNext, at + 4)
      at += MARKER_BYTES
    }
    bytes.writeFloatBE(last.positionSeconds, at)
    bytes.writeFloatBE(last.tempoBpm, at + 4)
  }
  return Buffer.concat([bytes, footer])
}
