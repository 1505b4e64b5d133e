// The blobs of a track's performance data: sample rate, cues, loops, beats (layout after libdjinterop, engine/v2).
import {deflateSync, inflateSync} from 'node:zlib'

const PADS = 8
/** Grids of a marker for each beat of ten hours stay below this. */
const MAX_BYTES = 16 << 20

/** A position in samples where there is none. */
const NOWHERE = -1

export interface TrackData {
  readonly sampleRateHz: number
  readonly samples: number
}

export interface Pad {
  readonly index: number
  readonly name: string
  readonly startSample: number
  /** Null for a point. */
  readonly endSample: number | null
  readonly colorRgb: number | null
}

export interface QuickCues {
  readonly pads: readonly Pad[]
  /** Null where there is none. */
  readonly mainSample: number | null
}

export interface BeatMarker {
  readonly sample: number
  /** Beats are counted from 0, a downbeat. */
  readonly beat: number
}

/** Big-endian length of what follows, then zlib. @throws RangeError for what is no such blob */
export function unpack(blob: Uint8Array): DataView {
  if (blob.length <= 4) throw new RangeError('a blob without content')
  try {
    const bytes = inflateSync(blob.subarray(4), {maxOutputLength: MAX_BYTES})
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  } catch (error) {
    throw new RangeError((error as Error).message)
  }
}

export function pack(bytes: Uint8Array): Uint8Array {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, bytes.length)
  return Buffer.concat([length, deflateSync(bytes)])
}

export function decodeTrackData(blob: Uint8Array): TrackData | null {
  const view = unpack(blob)
  const sampleRateHz = view.getFloat64(0)
  return sampleRateHz >= 4000 && sampleRateHz <= 768_000 ? {sampleRateHz, samples: Number(view.getBigInt64(8))} : null
}

/** As Engine DJ 2 and newer have it: sample rate, samples, key, loudness of three bands. */
export function encodeTrackData({sampleRateHz, samples}: TrackData, key: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(44))
  view.setFloat64(0, sampleRateHz)
  view.setBigInt64(8, BigInt(Math.round(samples)))
  view.setInt32(16, key)
  return pack(new Uint8Array(view.buffer))
}

export function decodeQuickCues(blob: Uint8Array): QuickCues {
  const view = unpack(blob)
  const count = Number(view.getBigInt64(0))
  if (count < 0 || count > 64) throw new RangeError(`${count} pads`)
  const pads: Pad[] = []
  let at = 8
  for (let index = 0; index < count; index++) {
    const {name, next} = textAt(view, at)
    const startSample = view.getFloat64(next)
    if (startSample !== NOWHERE && Number.isFinite(startSample))
      pads.push({index, name, startSample, endSample: null, colorRgb: colorAt(view, next + 8)})
    at = next + 12
  }
  const main = view.getFloat64(at)
  return {pads, mainSample: Number.isFinite(main) && main > 0 ? main : null}
}

export function encodeQuickCues({pads, mainSample}: QuickCues): Uint8Array {
  const slots = Array.from({length: PADS}, (_, index) => {
    const pad = pads.find((each) => each.index === index)
    const name = nameBytes(pad?.name ?? '')
    const fields = new DataView(new ArrayBuffer(12))
    fields.setFloat64(0, pad?.startSample ?? NOWHERE)
    fields.setUint32(8, colorOf(pad))
    return Buffer.concat([Uint8Array.of(name.length), name, new Uint8Array(fields.buffer)])
  })
  const head = new DataView(new ArrayBuffer(8))
  head.setBigInt64(0, BigInt(PADS))
  const tail = new DataView(new ArrayBuffer(17))
  tail.setFloat64(0, mainSample ?? 0)
  tail.setUint8(8, mainSample === null ? 0 : 1)
  tail.setFloat64(9, 0)
  return pack(Buffer.concat([new Uint8Array(head.buffer), ...slots, new Uint8Array(tail.buffer)]))
}

/** Not packed, and little endian where the others are big. */
export function decodeLoops(blob: Uint8Array): Pad[] {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
  const count = Number(view.getBigInt64(0, true))
  if (count < 0 || count > 64) throw new RangeError(`${count} loops`)
  const loops: Pad[] = []
  let at = 8
  for (let index = 0; index < count; index++) {
    const {name, next} = textAt(view, at)
    const [startSample, endSample] = [view.getFloat64(next, true), view.getFloat64(next + 8, true)]
    const isSet = view.getUint8(next + 16) !== 0 && view.getUint8(next + 17) !== 0
    if (isSet && Number.isFinite(startSample) && Number.isFinite(endSample) && endSample > startSample)
      loops.push({index, name, startSample, endSample, colorRgb: colorAt(view, next + 18)})
    at = next + 22
  }
  return loops
}

export function encodeLoops(loops: readonly Pad[]): Uint8Array {
  const slots = Array.from({length: PADS}, (_, index) => {
    const loop = loops.find((each) => each.index === index)
    const name = nameBytes(loop?.name ?? '')
    const fields = new DataView(new ArrayBuffer(22))
    fields.setFloat64(0, loop?.startSample ?? NOWHERE, true)
    fields.setFloat64(8, loop?.endSample ?? NOWHERE, true)
    fields.setUint8(16, loop === undefined ? 0 : 1)
    fields.setUint8(17, loop === undefined ? 0 : 1)
    fields.setUint32(18, colorOf(loop))
    return Buffer.concat([Uint8Array.of(name.length), name, new Uint8Array(fields.buffer)])
  })
  const head = new DataView(new ArrayBuffer(8))
  head.setBigInt64(0, BigInt(PADS), true)
  return Buffer.concat([new Uint8Array(head.buffer), ...slots])
}

/** The grid as the DJ left it, which stands behind the one that analysis found. */
export function decodeBeats(blob: Uint8Array): BeatMarker[] {
  const view = unpack(blob)
  const skip = 17
  const found = Number(view.getBigInt64(skip))
  if (found < 0 || found > view.byteLength / 24) throw new RangeError(`${found} markers`)
  const adjusted = skip + 8 + found * 24
  const count = Number(view.getBigInt64(adjusted))
  if (count < 0 || count > view.byteLength / 24) throw new RangeError(`${count} markers`)
  return Array.from({length: count}, (_, n) => {
    const at = adjusted + 8 + n * 24
    return {sample: view.getFloat64(at, true), beat: Number(view.getBigInt64(at + 8, true))}
  })
}

export function encodeBeats({sampleRateHz, samples}: TrackData, markers: readonly BeatMarker[]): Uint8Array {
  const head = new DataView(new ArrayBuffer(17))
  head.setFloat64(0, sampleRateHz)
  head.setFloat64(8, samples)
  head.setUint8(16, 1)
  const grid = new DataView(new ArrayBuffer(8 + markers.length * 24))
  grid.setBigInt64(0, BigInt(markers.length))
  for (const [n, {sample, beat}] of markers.entries()) {
    const at = 8 + n * 24
    grid.setFloat64(at, sample, true)
    grid.setBigInt64(at + 8, BigInt(beat), true)
    grid.setInt32(at + 16, Math.max(0, (markers[n + 1]?.beat ?? beat) - beat), true)
  }
  const bytes = new Uint8Array(grid.buffer)
  return pack(Buffer.concat([new Uint8Array(head.buffer), bytes, bytes]))
}

function textAt(view: DataView, at: number): {name: string; next: number} {
  const length = view.getUint8(at)
  if (at + 1 + length > view.byteLength) throw new RangeError(`a name of ${length} bytes`)
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at + 1, length)
  return {name: new TextDecoder().decode(bytes), next: at + 1 + length}
}

/** At most 255 bytes, cut between letters. */
function nameBytes(name: string): Uint8Array {
  const bytes = new Uint8Array(255)
  const {written} = new TextEncoder().encodeInto(name, bytes)
  return bytes.subarray(0, written)
}

/** ARGB; one that cannot be seen is none. */
function colorAt(view: DataView, at: number): number | null {
  return view.getUint8(at) === 0 ? null : view.getUint32(at) & 0xffffff
}

function colorOf(pad: Pad | undefined): number {
  return pad === undefined ? 0 : (0xff000000 | (pad.colorRgb ?? 0x00a0e9)) >>> 0
}
