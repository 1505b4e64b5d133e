// Mixxx's beats: Protocol Buffers (src/proto/beats.proto), a tempo with its first beat or a list of all beats, in frames.
import type {BeatGrid, CoreFunctions, GridMarker} from 'crate-dj/plugin'

export interface StoredBeats {
  readonly version: 'BeatGrid-2.0' | 'BeatMap-1.0'
  readonly bytes: Uint8Array
}

/** Frames are whole numbers, so that beats of one tempo stray by up to half a frame from it; programs add a little. */
const TOLERANCE_MS = 0.1

/** @returns an empty grid for beats that cannot be read. @throws RangeError for bytes that end too early */
export function gridFromBeats(version: string, bytes: Uint8Array, sampleRateHz: number): BeatGrid {
  const msOf = (frames: number) => (frames * 1000) / sampleRateHz
  if (version.startsWith('BeatGrid')) {
    const {tempoBpm, firstFrame} = version === 'BeatGrid-1.0' ? decodeOldGrid(bytes) : decodeGrid(bytes)
    return tempoBpm > 0 && tempoBpm <= 1000 ? [{positionMs: msOf(firstFrame), tempoBpm, beatInBar: 1}] : []
  }
  return version.startsWith('BeatMap') ? gridFromPositions(decodeMap(bytes).map(msOf)) : []
}

/** One tempo as such, a changing one beat by beat up to the end of the track. */
export function beatsFromGrid(
  grid: BeatGrid,
  sampleRateHz: number,
  durationMs: number,
  {beatsOfGrid}: Pick<CoreFunctions, 'beatsOfGrid'>,
): StoredBeats | null {
  const [first, second] = grid
  if (first === undefined) return null
  const framesOf = (ms: number) => Math.round((ms * sampleRateHz) / 1000)
  if (second === undefined)
    return {
      version: 'BeatGrid-2.0',
      bytes: Uint8Array.from([
        ...delimited(1, [0x09, ...doubleBytes(first.tempoBpm)]),
        ...delimited(2, [0x08, ...varint(framesOf(first.positionMs))]),
      ]),
    }
  const endMs = Math.max(durationMs, (grid.at(-1)?.positionMs ?? 0) + 4000)
  const bytes: number[] = []
  for (const {positionMs} of beatsOfGrid(grid, endMs))
    if (positionMs >= first.positionMs) bytes.push(...delimited(1, [0x08, ...varint(framesOf(positionMs))]))
  return {version: 'BeatMap-1.0', bytes: Uint8Array.from(bytes)}
}

/**
 * Markers for a list of beats: a tempo runs as long as one period meets every beat within the tolerance. The periods
 * that do are an interval, which each further beat narrows.
 */
export function gridFromPositions(positionsMs: readonly number[]): GridMarker[] {
  const beats = positionsMs.filter((ms, n) => n === 0 || ms > (positionsMs[n - 1] ?? ms))
  const markers: GridMarker[] = []
  let start = 0
  while (start < beats.length - 1) {
    const startMs = beats[start] ?? 0
    let [shortest, longest] = [0, Number.POSITIVE_INFINITY]
    let end = start
    while (end + 1 < beats.length) {
      const count = end + 1 - start
      const spanMs = (beats[end + 1] ?? 0) - startMs
      const low = Math.max(shortest, (spanMs - TOLERANCE_MS) / count)
      const high = Math.min(longest, (spanMs + TOLERANCE_MS) / count)
      if (low > high) break
      ;[shortest, longest] = [low, high]
      end++
    }
    const periodMs = Math.min(longest, Math.max(shortest, ((beats[end] ?? 0) - startMs) / (end - start)))
    const tempoBpm = 60_000 / periodMs
    if (tempoBpm > 0 && tempoBpm <= 1000) markers.push({positionMs: startMs, tempoBpm, beatInBar: (start % 4) + 1})
    start = end
  }
  return markers
}

function decodeMap(bytes: Uint8Array): number[] {
  const frames: number[] = []
  for (const {field, part} of fieldsOf(bytes)) {
    if (field !== 1 || part === null) continue
    const inner = [...fieldsOf(part)]
    const isEnabled = inner.find((each) => each.field === 2)?.value !== 0
    const frame = inner.find((each) => each.field === 1)?.value
    if (isEnabled && typeof frame === 'number') frames.push(frame)
  }
  return frames.sort((a, b) => a - b)
}

function decodeGrid(bytes: Uint8Array): {tempoBpm: number; firstFrame: number} {
  let [tempoBpm, firstFrame] = [0, 0]
  for (const {field, part} of fieldsOf(bytes)) {
    if (part === null) continue
    const value = [...fieldsOf(part)].find((each) => each.field === 1)?.value ?? 0
    if (field === 1) tempoBpm = value
    else if (field === 2) firstFrame = value
  }
  return {tempoBpm, firstFrame}
}

/** Two doubles, tempo and first beat in samples (two per frame), of Mixxx before 1.12. */
function decodeOldGrid(bytes: Uint8Array): {tempoBpm: number; firstFrame: number} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return {tempoBpm: view.getFloat64(0, true), firstFrame: view.getFloat64(8, true) / 2}
}

interface Field {
  readonly field: number
  readonly value: number | null
  readonly part: Uint8Array | null
}

function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const readVarint = (): number => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = view.getUint8(at++)
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return Number(BigInt.asIntN(64, value))
    }
    throw new RangeError('a number of more than ten bytes')
  }
  while (at < bytes.length) {
    const key = readVarint()
    const field = key >>> 3
    const wireType = key & 7
    if (wireType === 0) yield {field, value: readVarint(), part: null}
    else if (wireType === 1) {
      yield {field, value: view.getFloat64(at, true), part: null}
      at += 8
    } else if (wireType === 2) {
      const length = readVarint()
      if (length < 0 || at + length > bytes.length) throw new RangeError(`a field of ${length} bytes`)
      yield {field, value: null, part: bytes.subarray(at, at + length)}
      at += length
    } else throw new RangeError(`a field of unknown kind ${wireType}`)
  }
}

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  do {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    bytes.push(rest === 0n ? low : low | 0x80)
  } while (rest !== 0n)
  return bytes
}

function delimited(field: number, content: readonly number[]): number[] {
  return [(field << 3) | 2, ...varint(content.length), ...content]
}

function doubleBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, value, true)
  return bytes
}
