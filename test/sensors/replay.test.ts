import {crc32 as zlibCrc32} from 'node:zlib'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {
  crc32,
  decodeRecording,
  encodeEvent,
  encodeFrames,
  encodeRecording,
  encodeStart,
  encodeTrim,
  type RecordedEvent,
  type RecordingHeader,
} from '../../sensors/replay/codec.js'
import {csvLines, labelEvent, labelledSpans, recordingToJson} from '../../sensors/replay/edit.js'
import {FRAME_STEPS, type MotionFrame} from '../../src/core/motion.js'

const header: RecordingHeader = {
  name: 'Probe – Тест',
  startedAt: '2026-01-02T03:04:05Z',
  sensors: [
    {id: 'right', device: 'phone', profile: 'zigsim'},
    {id: 'left', device: '', profile: null},
  ],
}

function join(...pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]))
}

const steps = (step: number, most: number) => fc.integer({min: -most, max: most}).map((count) => count * step)
const vector = (step: number, most: number) => fc.tuple(steps(step, most), steps(step, most), steps(step, most))
const frames: fc.Arbitrary<MotionFrame[]> = fc
  .array(
    fc.record({
      pauseMs: fc.integer({min: 1, max: 50_000}).map((count) => count * FRAME_STEPS.timeMs),
      acceleration: vector(FRAME_STEPS.acceleration, 200_000),
      gravity: fc.option(vector(FRAME_STEPS.acceleration, 11_000)),
      rotation: fc.option(vector(FRAME_STEPS.rotation, 200_000)),
      orientation: fc.option(
        fc.tuple(
          ...(([0, 1, 2, 3] as const).map(() => steps(FRAME_STEPS.orientation, 32_768)) as [
            fc.Arbitrary<number>,
            fc.Arbitrary<number>,
            fc.Arbitrary<number>,
            fc.Arbitrary<number>,
          ]),
        ),
      ),
    }),
    {maxLength: 40},
  )
  .map((list) => {
    // Milliseconds since 1970: a replayed stage must not lose the fraction of those.
    let atMs = 1_767_322_800_000
    return list.map(({pauseMs, ...rest}) => {
      atMs += pauseMs
      return {atMs, ...rest}
    })
  })

describe('recording', () => {
  it('brings every frame back to the last bit', () => {
    fc.assert(
      fc.property(frames, (list) => {
        const recording = decodeRecording(join(encodeStart(header), encodeFrames(1, list)))
        expect(recording.lostBytes).toBe(0)
        expect(recording.frames.map(({frame}) => frame)).toEqual(list)
      }),
    )
  })

  it('has the checksum that zip has', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => crc32(bytes) === zlibCrc32(bytes)))
  })

  const at = (ms: number, value = 1): MotionFrame => ({
    atMs: ms,
    acceleration: [value, 0, 9.75],
    gravity: null,
    rotation: [0.5, 0, 0],
    orientation: null,
  })
  const block = (fromMs: number) =>
    encodeFrames(
      0,
      Array.from({length: 20}, (_, index) => at(fromMs + index * 5)),
    )

  it('keeps all blocks before a cut, wherever the cut is', () => {
    const pieces = [encodeStart(header), block(0), block(100), block(200)]
    const whole = join(...pieces)
    const before = join(...pieces.slice(0, 3)).length
    for (let length = before; length < whole.length; length++) {
      const recording = decodeRecording(whole.subarray(0, length))
      expect(recording.frames).toHaveLength(40)
      expect(recording.lostBytes).toBe(length - before)
    }
  })

  it('loses only the block in which a byte was damaged', () => {
    const pieces = [encodeStart(header), block(0), block(100), block(200)]
    const whole = join(...pieces)
    const first = join(...pieces.slice(0, 2)).length
    for (const offset of [0, 2, 3, 6, 9, 50]) {
      const broken = whole.slice()
      broken[first + offset] = (broken[first + offset] ?? 0) ^ 0xff
      const times = decodeRecording(broken).frames.map(({frame}) => frame.atMs)
      expect(times.length).toBe(40)
      expect(times.some((ms) => ms >= 100 && ms < 200)).toBe(false)
    }
  })

  it('never hangs or throws anything but its own error on damaged bytes', () => {
    const whole = join(encodeStart(header), block(0))
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255))), (changes) => {
        const broken = whole.slice()
        for (const [place, value] of changes) broken[place] = value
        try {
          decodeRecording(broken)
        } catch (error) {
          expect(error).toMatchObject({code: expect.stringMatching(/^FORMAT_/)})
        }
      }),
    )
  })

  it('refuses what is no recording, and one of a later version', () => {
    expect(() => decodeRecording(new Uint8Array(100))).toThrowError(expect.objectContaining({code: 'FORMAT_INVALID'}))
    const later = encodeStart(header)
    later[8] = 9
    expect(() => decodeRecording(later)).toThrowError(expect.objectContaining({code: 'FORMAT_UNSUPPORTED'}))
  })

  it('takes less than 14 bytes a frame of acceleration and rotation', () => {
    const wave = Array.from(
      {length: 20},
      (_, index): MotionFrame => ({
        ...at(index * 5),
        acceleration: [Math.round(1024 * Math.sin(index / 5)) / 1024, 0.5, 9.8125],
      }),
    )
    expect(encodeFrames(0, wave).length / 20).toBeLessThan(14)
  })

  const gesture: RecordedEvent = {kind: 'gesture', atMs: 150.25, text: 'swipe', data: {confidence: 0.9}}

  it('keeps events, labels and the last trim', () => {
    const bytes = join(
      encodeStart(header),
      block(0),
      block(100),
      encodeEvent(gesture),
      encodeEvent(labelEvent('throw', 110, 180)),
      encodeTrim(0, 50),
      encodeTrim(100, 160),
    )
    const recording = decodeRecording(bytes)
    expect(recording.frames.map(({frame}) => frame.atMs)).toEqual(
      Array.from({length: 13}, (_, index) => 100 + index * 5),
    )
    expect(recording.events).toEqual([labelEvent('throw', 110, 180), gesture])
    expect(labelledSpans(recording)).toEqual([{gesture: 'throw', startMs: 110, endMs: 180}])
  })

  it('is the same after it was written anew', () => {
    const recording = decodeRecording(
      join(encodeStart(header), block(0), encodeFrames(1, [at(3), at(120)]), encodeEvent(gesture)),
    )
    expect(decodeRecording(encodeRecording(recording))).toEqual(recording)
  })

  it('goes out as CSV and JSON, trimmed', () => {
    const start = encodeStart({...header, sensors: [{id: 'a "b", c', device: '', profile: null}]})
    const recording = decodeRecording(join(start, block(0), encodeTrim(5, 10)))
    const [head, first, ...rest] = [...csvLines(recording)]
    expect(head?.split(',')).toHaveLength(15)
    expect(first).toBe('"a ""b"", c",5,1,0,9.75,,,,0.5,0,0,,,,')
    expect(rest).toHaveLength(1)
    expect(recordingToJson(recording)).toMatchObject({header: {name: 'Probe – Тест'}, frames: [{atMs: 5}, {atMs: 10}]})
  })
})
