// The recording file (.cratemotion): append-only, exact, and whole up to the last block whatever happened to the rest.
//
//   file    "CRATEMOT" u8 version(1), then blocks
//   block   0xC7 0x7E  u8 kind  u24le length  payload  u32le CRC-32 of kind, length and payload
//   kind 1  header    JSON: {startedAt, sensors: [{id, device, profile}], …}; the first block
//   kind 2  frames    u8 sensor, then frames as below; times and values begin anew in each block
//   kind 3  event     f64le atMs, JSON: a mark, a gesture that fired, a track that played, a control, a note
//   kind 4  trim      f64le fromMs, f64le toMs: only this span is meant; the last one stands
//   frame   u8 which (1 gravity, 2 rotation, 4 orientation), then as zigzag varints the steps since the block's last
//           frame: time in 1/1024 ms, then acceleration, and what `which` says, in the grids of FRAME_STEPS
//
// A shell writes a block every 100 ms or sooner, so that is what a power cut costs. A damaged block is skipped by
// searching for the next 0xC7 0x7E whose CRC is right. Unknown kinds are passed over.
import {CrateError} from '../../src/core/errors.js'
import type {JsonValue} from '../../src/core/json.js'
import {FRAME_STEPS, type MotionFrame, type Quaternion, type Vector3} from '../../src/core/motion.js'

export const RECORDING_EXTENSION = '.cratemotion'
const MAGIC = [...'CRATEMOT'].map((character) => character.charCodeAt(0))
const VERSION = 1
const SYNC = [0xc7, 0x7e] as const
const KIND = {header: 1, frames: 2, event: 3, trim: 4} as const
const BLOCK_HEAD = 6
/** A longer block is damage: a tenth of a second of anything is far smaller. */
const LONGEST_BLOCK = 1 << 20
const HAS = {gravity: 1, rotation: 2, orientation: 4} as const

export interface RecordedSensor {
  readonly id: string
  readonly device: string
  readonly profile: string | null
}

export interface RecordingHeader {
  readonly name: string
  /** ISO 8601. */
  readonly startedAt: string
  readonly sensors: readonly RecordedSensor[]
  readonly extra?: Readonly<Record<string, JsonValue>>
}

/** What happened beside the motion. `data` is free for gestures (name, confidence) and tracks (artist, title, path). */
export interface RecordedEvent {
  readonly kind: 'mark' | 'gesture' | 'track' | 'control' | 'note'
  readonly atMs: number
  readonly text: string
  readonly data?: Readonly<Record<string, JsonValue>>
}

export interface RecordedFrame {
  /** Id of a sensor in the header. */
  readonly sensor: string
  readonly frame: MotionFrame
}

export interface Recording {
  readonly header: RecordingHeader
  /** In order of time. */
  readonly frames: readonly RecordedFrame[]
  readonly events: readonly RecordedEvent[]
  /** Bytes that could not be read: a cut tail or damage. */
  readonly lostBytes: number
}

// Writing

export function encodeStart(header: RecordingHeader): Uint8Array {
  return concat([Uint8Array.from([...MAGIC, VERSION]), block(KIND.header, utf8(header))])
}

/** @param sensor its place in the header's list; frames of one block are of one sensor */
export function encodeFrames(sensor: number, frames: readonly MotionFrame[]): Uint8Array {
  const bytes: number[] = [sensor]
  let before = new Array<number>(14).fill(0)
  for (const frame of frames) {
    const steps = stepsOf(frame)
    const which =
      (frame.gravity ? HAS.gravity : 0) |
      (frame.rotation ? HAS.rotation : 0) |
      (frame.orientation ? HAS.orientation : 0)
    bytes.push(which)
    for (const slot of slotsOf(which)) pushVarint(bytes, (steps[slot] as number) - (before[slot] as number))
    before = before.map((value, slot) => (slotsOf(which).includes(slot) ? (steps[slot] as number) : value))
  }
  return block(KIND.frames, Uint8Array.from(bytes))
}

export function encodeEvent(event: RecordedEvent): Uint8Array {
  const {atMs, ...rest} = event
  return block(KIND.event, concat([float64(atMs), utf8(rest)]))
}

export function encodeTrim(fromMs: number, toMs: number): Uint8Array {
  return block(KIND.trim, concat([float64(fromMs), float64(toMs)]))
}

/** The whole recording anew, as after a trim that should free the space. */
export function encodeRecording({header, frames, events}: Recording): Uint8Array {
  const pieces: Uint8Array[] = [encodeStart(header)]
  const pending = new Map<string, MotionFrame[]>()
  const flush = (sensor: string) => {
    const list = pending.get(sensor) ?? []
    const index = header.sensors.findIndex(({id}) => id === sensor)
    if (list.length > 0 && index >= 0) pieces.push(encodeFrames(index, list))
    pending.delete(sensor)
  }
  for (const {sensor, frame} of frames) {
    const list = pending.get(sensor) ?? []
    pending.set(sensor, [...list, frame])
    if (frame.atMs - (list[0]?.atMs ?? frame.atMs) >= 100) flush(sensor)
  }
  for (const sensor of [...pending.keys()]) flush(sensor)
  return concat([...pieces, ...events.map(encodeEvent)])
}

// Reading

/** @throws FORMAT_INVALID where it is no recording, FORMAT_UNSUPPORTED where it is of a later version */
export function decodeRecording(bytes: Uint8Array): Recording {
  if (!MAGIC.every((byte, index) => bytes[index] === byte))
    throw new CrateError('FORMAT_INVALID', 'not a motion recording: it does not begin with CRATEMOT')
  if (bytes[MAGIC.length] !== VERSION)
    throw new CrateError(
      'FORMAT_UNSUPPORTED',
      `motion recording of version ${bytes[MAGIC.length] ?? 'none'}, this crate reads ${VERSION}`,
    )
  let header: RecordingHeader | null = null
  let trim: {fromMs: number; toMs: number} | null = null
  const frames: RecordedFrame[] = []
  const events: RecordedEvent[] = []
  let lostBytes = 0
  let at = MAGIC.length + 1
  while (at < bytes.length) {
    const found = blockAt(bytes, at)
    if (found === null) {
      lostBytes++
      at++
      continue
    }
    at = found.next
    const view = new DataView(found.payload.buffer, found.payload.byteOffset, found.payload.byteLength)
    if (found.kind === KIND.header) header ??= readHeader(found.payload)
    else if (found.kind === KIND.frames && header !== null) frames.push(...readFrames(found.payload, header))
    else if (found.kind === KIND.event) events.push(...readEvent(view, found.payload))
    else if (found.kind === KIND.trim && view.byteLength >= 16)
      trim = {fromMs: view.getFloat64(0, true), toMs: view.getFloat64(8, true)}
  }
  if (header === null)
    throw new CrateError('FORMAT_INVALID', 'the recording has lost its beginning: which sensors it holds is unknown')
  const {fromMs, toMs} = trim ?? {fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY}
  const isMeant = (atMs: number) => atMs >= fromMs && atMs <= toMs
  return {
    header,
    frames: frames.filter(({frame}) => isMeant(frame.atMs)).sort((a, b) => a.frame.atMs - b.frame.atMs),
    events: events.filter(({atMs}) => isMeant(atMs)).sort((a, b) => a.atMs - b.atMs),
    lostBytes,
  }
}

function blockAt(bytes: Uint8Array, at: number): {kind: number; payload: Uint8Array; next: number} | null {
  if (bytes[at] !== SYNC[0] || bytes[at + 1] !== SYNC[1] || at + BLOCK_HEAD + 4 > bytes.length) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = (view.getUint8(at + 3) | (view.getUint8(at + 4) << 8) | (view.getUint8(at + 5) << 16)) >>> 0
  const end = at + BLOCK_HEAD + length
  if (length > LONGEST_BLOCK || end + 4 > bytes.length) return null
  if (view.getUint32(end, true) !== crc32(bytes.subarray(at + 2, end))) return null
  return {kind: view.getUint8(at + 2), payload: bytes.slice(at + BLOCK_HEAD, end), next: end + 4}
}

function readHeader(payload: Uint8Array): RecordingHeader | null {
  const value = parseJson(payload) as Partial<RecordingHeader> | null
  if (!value || typeof value.name !== 'string' || typeof value.startedAt !== 'string' || !Array.isArray(value.sensors))
    return null
  return value as RecordingHeader
}

function readEvent(view: DataView, payload: Uint8Array): RecordedEvent[] {
  if (view.byteLength < 8) return []
  const value = parseJson(payload.subarray(8)) as Omit<RecordedEvent, 'atMs'> | null
  return value && typeof value.kind === 'string' ? [{...value, atMs: view.getFloat64(0, true)}] : []
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' ? value : null
  } catch {
    // The CRC was right, so another program wrote it: what it meant cannot be known.
    return null
  }
}

function readFrames(payload: Uint8Array, header: RecordingHeader): RecordedFrame[] {
  const sensor = header.sensors[payload[0] ?? 0]?.id
  if (sensor === undefined) return []
  const result: RecordedFrame[] = []
  const steps = new Array<number>(14).fill(0)
  const cursor = {at: 1}
  while (cursor.at < payload.length) {
    const which = payload[cursor.at++] ?? 0
    for (const slot of slotsOf(which)) steps[slot] = (steps[slot] as number) + readVarint(payload, cursor)
    result.push({sensor, frame: frameFrom(steps, which)})
  }
  return result
}

// Frames as whole numbers of steps: 0 time, 1–3 acceleration, 4–6 gravity, 7–9 rotation, 10–13 orientation.

const SLOTS = Array.from({length: 8}, (_, which) => [
  ...[0, 1, 2, 3],
  ...(which & HAS.gravity ? [4, 5, 6] : []),
  ...(which & HAS.rotation ? [7, 8, 9] : []),
  ...(which & HAS.orientation ? [10, 11, 12, 13] : []),
])

function slotsOf(which: number): readonly number[] {
  return SLOTS[which & 7] as readonly number[]
}

function stepsOf({atMs, acceleration, gravity, rotation, orientation}: MotionFrame): number[] {
  const on = (values: readonly number[] | null, count: number, step: number) =>
    Array.from({length: count}, (_, index) => Math.round((values?.[index] ?? 0) / step))
  return [
    Math.round(atMs / FRAME_STEPS.timeMs),
    ...on(acceleration, 3, FRAME_STEPS.acceleration),
    ...on(gravity, 3, FRAME_STEPS.acceleration),
    ...on(rotation, 3, FRAME_STEPS.rotation),
    ...on(orientation, 4, FRAME_STEPS.orientation),
  ]
}

function frameFrom(steps: readonly number[], which: number): MotionFrame {
  const vector = (slot: number, step: number): Vector3 => [
    (steps[slot] as number) * step,
    (steps[slot + 1] as number) * step,
    (steps[slot + 2] as number) * step,
  ]
  const turn = (): Quaternion => [
    (steps[10] as number) * FRAME_STEPS.orientation,
    ...vector(11, FRAME_STEPS.orientation),
  ]
  return {
    atMs: (steps[0] as number) * FRAME_STEPS.timeMs,
    acceleration: vector(1, FRAME_STEPS.acceleration),
    gravity: which & HAS.gravity ? vector(4, FRAME_STEPS.acceleration) : null,
    rotation: which & HAS.rotation ? vector(7, FRAME_STEPS.rotation) : null,
    orientation: which & HAS.orientation ? turn() : null,
  }
}

// Bytes

/** Zigzag, seven bits a byte, low first. By division, since times exceed 32 bits. */
function pushVarint(bytes: number[], value: number): void {
  let rest = value < 0 ? -2 * value - 1 : 2 * value
  while (rest >= 128) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
}

function readVarint(bytes: Uint8Array, cursor: {at: number}): number {
  let value = 0
  let factor = 1
  while (cursor.at < bytes.length) {
    const byte = bytes[cursor.at++] as number
    value += (byte & 127) * factor
    if (byte < 128) break
    factor *= 128
  }
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2
}

function block(kind: number, payload: Uint8Array): Uint8Array {
  const result = new Uint8Array(BLOCK_HEAD + payload.length + 4)
  const {length} = payload
  result.set([...SYNC, kind, length & 0xff, (length >> 8) & 0xff, (length >> 16) & 0xff])
  result.set(payload, BLOCK_HEAD)
  new DataView(result.buffer).setUint32(BLOCK_HEAD + length, crc32(result.subarray(2, BLOCK_HEAD + length)), true)
  return result
}

function float64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, value, true)
  return bytes
}

function utf8(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(pieces.reduce((sum, {length}) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    result.set(piece, at)
    at += piece.length
  }
  return result
}

const CRC_TABLE = Uint32Array.from({length: 256}, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value
})

/** CRC-32 as in zip and PNG. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
