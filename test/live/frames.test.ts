import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {FRAME_STEPS, type MotionFrame, type Quaternion, type Vector3} from '../../src/core/motion.js'
import type {MotionReading} from '../../src/core/reading.js'
import {FrameAssembler} from '../../src/live/frames/assembler.js'
import {
  gravityFromOrientation,
  multiply,
  quaternionFromDeviceAngles,
  rotate,
  rotationBetween,
} from '../../src/live/signal/vector.js'

const reading = (fields: Partial<MotionReading>): MotionReading => ({kind: 'motion', device: '', ...fields})
const atRest = (length: number, fields: Partial<MotionReading> = {}) =>
  reading({acceleration: {value: [0, 0, length], unit: 'auto'}, ...fields})

function assemble(
  readings: readonly MotionReading[],
  periodMs = 10,
): {frames: MotionFrame[]; assembler: FrameAssembler} {
  const assembler = new FrameAssembler()
  const frames = readings.flatMap((item, index) => assembler.push(item, index * periodMs) ?? [])
  return {frames, assembler}
}

describe('units', () => {
  it.each([
    [1, 'g'],
    [0.97, 'g'],
    [9.81, 'm/s²'],
    [1000, 'mg'],
    [2048, '1/2048 g'],
    [16_500, '1/16384 g'],
  ])('a length of %d at rest is %s', (length, name) => {
    const {frames, assembler} = assemble(Array.from({length: 40}, () => atRest(length)))
    expect(assembler.units().acceleration).toMatchObject({name, isSettled: true})
    expect(frames.at(-1)?.acceleration[2]).toBeGreaterThan(9)
    expect(frames.at(-1)?.acceleration[2]).toBeLessThan(10.5)
  })

  it('does not settle on a hand that is shaking', () => {
    const shaken = Array.from({length: 60}, (_, index) => atRest(1 + 0.8 * Math.sin(index)))
    expect(assemble(shaken).assembler.units().acceleration?.isSettled).toBe(false)
  })

  it.each([
    ['rad/s', 1],
    ['°/s', 180 / Math.PI],
  ])('tells %s by how far gravity turned', (name, scale) => {
    // Half a radian a second about x, for six seconds.
    const turning = Array.from({length: 600}, (_, index) => {
      const angle = (0.5 * index) / 100
      return reading({
        acceleration: {value: [0, 9.81 * Math.sin(angle), 9.81 * Math.cos(angle)], unit: 'm/s²'},
        rotation: {value: [0.5 * scale, 0, 0], unit: 'auto'},
      })
    })
    const {frames, assembler} = assemble(turning)
    expect(assembler.units().rotation).toMatchObject({name, isSettled: true})
    expect(frames.at(-1)?.rotation?.[0]).toBeCloseTo(0.5, 2)
  })
})

describe('quaternions', () => {
  const half = Math.SQRT1_2
  it.each([
    // A quarter turn about z takes x to y; about x takes y to z.
    [
      [half, 0, 0, half],
      [1, 0, 0],
      [0, 1, 0],
    ],
    [
      [half, half, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  ] as [Quaternion, Vector3, Vector3][])('%j turns %j to %j', (q, from, to) => {
    rotate(q, from).forEach((value, axis) => {
      expect(value).toBeCloseTo(to[axis] ?? 0, 12)
    })
  })

  it('shows gravity along −y of a phone that was rolled a quarter about x', () => {
    const [x, y, z] = gravityFromOrientation([half, -half, 0, 0])
    expect([x, y, z].map((value) => Math.round(value * 1000) / 1000 + 0)).toEqual([0, -9.807, 0])
  })

  it('reads the angles of a browser: a quarter about alpha, and gravity on y for an upright phone', () => {
    const quarter = quaternionFromDeviceAngles(90, 0, 0)
    expect(quarter).toEqual([expect.closeTo(half, 9), 0, 0, expect.closeTo(half, 9)])
    expect(gravityFromOrientation(quaternionFromDeviceAngles(0, 90, 0))[1]).toBeCloseTo(9.80665, 5)
  })

  it('tells the rate of a turn, by the short way round', () => {
    const step: Quaternion = [Math.cos(0.05), 0, 0, Math.sin(0.05)]
    const from: Quaternion = [half, half, 0, 0]
    expect(rotationBetween(from, multiply(from, step), 100)[2]).toBeCloseTo(1, 9)
    const flipped = multiply(from, step).map((value) => -value) as unknown as Quaternion
    expect(rotationBetween(from, flipped, 100)[2]).toBeCloseTo(1, 9)
  })
})

describe('FrameAssembler', () => {
  it('puts gravity back where the device took it out', () => {
    const {frames} = assemble([
      reading({gravity: {value: [0, 0, 1], unit: 'g'}}),
      reading({linearAcceleration: {value: [0.5, 0, 0], unit: 'g'}}),
    ])
    expect(frames).toHaveLength(2)
    expect(frames[1]?.acceleration[0]).toBeCloseTo(4.903, 2)
    expect(frames[1]?.acceleration[2]).toBeCloseTo(9.807, 2)
  })

  it('makes frames of a sensor that tells nothing but its orientation', () => {
    const turn = Array.from({length: 20}, (_, index): MotionReading => {
      const angle = index * 0.005
      return reading({orientation: [Math.cos(angle), Math.sin(angle), 0, 0]})
    })
    const {frames} = assemble(turn)
    expect(frames.at(-1)?.rotation?.[0]).toBeCloseTo(1, 1)
    expect(frames.at(-1)?.acceleration[2]).toBeCloseTo(9.807 * Math.cos(0.19), 1)
  })

  it('joins quantities that come in packets of their own, one frame a sample', () => {
    const {frames} = assemble(
      Array.from({length: 30}, (_, index) =>
        index % 2 === 0 ? reading({rotation: {value: [index, 0, 0], unit: '°/s'}}) : atRest(1),
      ),
    )
    // The gyroscope leads alone until acceleration has shown itself.
    expect(frames.length).toBeGreaterThanOrEqual(15)
    expect(frames.length).toBeLessThanOrEqual(16)
    expect(frames.at(-1)?.rotation?.[0]).toBeCloseTo((28 * Math.PI) / 180, 3)
  })

  it('drops what comes twice or late, and counts what is lost, across the end of the counter', () => {
    const numbers = [250, 251, 251, 253, 252, 255, 0, 1, 5]
    const {frames, assembler} = assemble(numbers.map((value) => atRest(1, {sequence: {value, modulo: 256}})))
    expect(frames).toHaveLength(7)
    expect(assembler.statistics()).toMatchObject({frames: 7, duplicates: 1, late: 1, lost: 5})
  })

  it('drops zeros, values beyond any hand, and what is no number', () => {
    const odd: Vector3[] = [
      [0, 0, 0],
      [1e6, 0, 0],
      [Number.NaN, 0, 1],
      [0, 0, Number.POSITIVE_INFINITY],
    ]
    const {frames, assembler} = assemble(odd.map((value) => reading({acceleration: {value, unit: 'g'}})))
    expect(frames).toEqual([])
    expect(assembler.statistics().implausible).toBe(4)
  })

  it('keeps the device’s own times through bursts on the way', () => {
    const assembler = new FrameAssembler()
    const frames: MotionFrame[] = []
    // 100 a second, handed over ten at a time.
    for (let index = 0; index < 200; index++) {
      const frame = assembler.push(atRest(1, {sampledMs: 5000 + index * 10}), Math.floor(index / 10) * 100 + 100)
      if (frame) frames.push(frame)
    }
    const pauses = frames.slice(101).map(({atMs}, index) => atMs - (frames[100 + index]?.atMs ?? 0))
    expect(Math.max(...pauses)).toBeLessThan(10.1)
    expect(Math.min(...pauses)).toBeGreaterThan(9.9)
  })

  it('evens out bursts of a device without a clock, never into the future', () => {
    const assembler = new FrameAssembler()
    const frames: MotionFrame[] = []
    for (let index = 0; index < 2000; index++) {
      const receivedMs = Math.floor(index / 4) * 40 + 40
      const frame = assembler.push(atRest(1), receivedMs)
      if (frame) frames.push(frame)
      expect(frame?.atMs).toBeLessThanOrEqual(receivedMs + 1)
    }
    const pauses = frames.slice(1001).map(({atMs}, index) => atMs - (frames[1000 + index]?.atMs ?? 0))
    expect(Math.max(...pauses)).toBeLessThan(25)
  })

  it('does not follow a few readings of a foreign clock, and follows a device that was restarted', () => {
    const assembler = new FrameAssembler()
    const push = (sampledMs: number, receivedMs: number) => assembler.push(atRest(1, {sampledMs}), receivedMs) !== null
    for (let index = 0; index < 50; index++) push(100_000 + index * 10, index * 10)
    expect([0, 1, 2].map((index) => push(9_000_000 + index, 500 + index))).toEqual([false, false, false])
    expect(push(100_500, 510)).toBe(true)
    const restarted = Array.from({length: 20}, (_, index) => push(index * 10, 520 + index * 10))
    expect(restarted.filter(Boolean).length).toBeGreaterThanOrEqual(15)
  })

  it('gives times that rise and values on their grid, whatever comes', () => {
    const number = fc.oneof(fc.double({min: -50, max: 50}), fc.double())
    const any: fc.Arbitrary<MotionReading> = fc.record({
      kind: fc.constant('motion' as const),
      device: fc.constant(''),
      acceleration: fc.record({
        value: fc.tuple(number, number, number),
        unit: fc.constantFrom('g' as const, 'm/s²' as const, 'auto' as const),
      }),
      rotation: fc.record({
        value: fc.tuple(number, number, number),
        unit: fc.constantFrom('°/s' as const, 'auto' as const),
      }),
      orientation: fc.tuple(number, number, number, number),
      sampledMs: number,
    })
    fc.assert(
      fc.property(fc.array(fc.tuple(any, fc.integer({min: 0, max: 50}))), (list) => {
        const assembler = new FrameAssembler()
        let [receivedMs, lastMs] = [0, Number.NEGATIVE_INFINITY]
        for (const [item, pauseMs] of list) {
          receivedMs += pauseMs
          const frame = assembler.push(item, receivedMs)
          if (frame === null) continue
          expect(frame.atMs).toBeGreaterThan(lastMs)
          lastMs = frame.atMs
          for (const value of frame.acceleration) expect(Number.isInteger(value / FRAME_STEPS.acceleration)).toBe(true)
        }
      }),
    )
  })
})
