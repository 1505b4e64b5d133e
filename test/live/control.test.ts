import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import type {MotionFrame, Vector3} from '../../src/core/motion.js'
import {axisValue, forwardFrom, NO_FORWARD, type PoseState, stepPose} from '../../src/live/control/axes.js'
import {type OneEuroState, oneEuro} from '../../src/live/control/one-euro.js'
import {CURVES, learnRange, shapeValue} from '../../src/live/control/shape.js'
import {
  allNotesOff,
  controlChange,
  controlChange14,
  noteOff,
  noteOn,
  pitchBend,
  programChange,
  resetControllers,
} from '../../src/live/output/midi.js'

const G = 9.80665
const rad = (degrees: number) => (degrees * Math.PI) / 180

function poseOf(frames: readonly Partial<MotionFrame>[]): PoseState {
  const whole = (fields: Partial<MotionFrame>, index: number): MotionFrame => ({
    atMs: index * 10,
    acceleration: [0, 0, G],
    gravity: null,
    rotation: null,
    orientation: null,
    ...fields,
  })
  const pose = frames.map(whole).reduce<PoseState | null>(stepPose, null)
  if (pose === null) throw new Error('no frames')
  return pose
}

const leaning = (degrees: number): Vector3 => [0, G * Math.sin(rad(degrees)), G * Math.cos(rad(degrees))]

describe('axes', () => {
  it.each([0, 30, -60, 90])('tilt about x of %d degrees', (degrees) => {
    expect(axisValue('tilt-x', poseOf([{gravity: leaning(degrees)}]), NO_FORWARD)).toBeCloseTo(degrees, 9)
  })

  it('tilt about y: nose down is positive', () => {
    const gravity: Vector3 = [-G * Math.sin(rad(25)), 0, G * Math.cos(rad(25))]
    expect(axisValue('tilt-y', poseOf([{gravity}]), NO_FORWARD)).toBeCloseTo(25, 9)
  })

  it.each([[[0, 0, G]], [[3, -4, 7]], [[0, G, 0]], [[0, 0, -G]]] as [Vector3][])(
    'any pose can be called forward: %j',
    (gravity) => {
      const pose = poseOf([{gravity}])
      const forward = forwardFrom(pose)
      expect(axisValue('tilt-x', pose, forward)).toBeCloseTo(0, 6)
      expect(axisValue('tilt-y', pose, forward)).toBeCloseTo(0, 6)
    },
  )

  it('measures tilt from the pose that was called forward', () => {
    const forward = forwardFrom(poseOf([{gravity: leaning(40)}]))
    expect(axisValue('tilt-x', poseOf([{gravity: leaning(65)}]), forward)).toBeCloseTo(25, 6)
  })

  it('keeps the tilt through a shake, by the gyroscope', () => {
    const shaken = Array.from({length: 100}, (_, index) => ({
      acceleration: [8 * Math.sin(index), 0, G] as Vector3,
      rotation: [0, 0, 0] as Vector3,
    }))
    expect(Math.abs(axisValue('tilt-y', poseOf(shaken), NO_FORWARD) ?? 99)).toBeLessThan(6)
  })

  it('turn comes from the orientation, else from what was turned about up', () => {
    const east = rad(30) / 2
    expect(axisValue('turn', poseOf([{orientation: [Math.cos(east), 0, 0, Math.sin(east)]}]), NO_FORWARD)).toBeCloseTo(
      30,
      9,
    )
    // 90 °/s for half a second.
    const turning = Array.from({length: 51}, () => ({rotation: [0, 0, rad(90)] as Vector3}))
    expect(axisValue('turn', poseOf(turning), NO_FORWARD)).toBeCloseTo(45, 6)
    expect(axisValue('turn', poseOf([{}]), NO_FORWARD)).toBeNull()
  })

  it('shake is the strength of what is not gravity', () => {
    const shaking = Array.from({length: 200}, (_, index) => ({
      gravity: [0, 0, G] as Vector3,
      acceleration: [10 * Math.sin((2 * Math.PI * index) / 20), 0, G] as Vector3,
    }))
    expect(axisValue('shake', poseOf(shaking), NO_FORWARD)).toBeGreaterThan(5.5)
    expect(axisValue('shake', poseOf(shaking), NO_FORWARD)).toBeLessThan(8.5)
    expect(axisValue('shake', poseOf([{}, {}, {}]), NO_FORWARD)).toBe(0)
  })
})

describe('oneEuro', () => {
  const run = (values: readonly number[]) =>
    values.reduce<OneEuroState | null>(
      (state, value, index) => oneEuro({minCutoffHz: 1, beta: 0.05}, state, value, index * 10),
      null,
    )

  it('follows the first step of its definition', () => {
    // Cut-off 1 Hz at 10 ms: 1 / (1 + 159.15/10) = 0.05912; slope 100/s × 0.05912 = 5.912; cut-off 1 + 0.05 × 5.912.
    const alpha = 1 / (1 + 1000 / (2 * Math.PI * (1 + 0.05 * 5.9117)) / 10)
    expect(run([0, 1])?.value).toBeCloseTo(alpha, 4)
  })

  it('halves the noise of a hand at rest and reaches a quick move within a tenth of a second', () => {
    const noise = Array.from({length: 400}, (_, index) => (index % 2 ? 0.5 : -0.5))
    expect(Math.abs(run(noise)?.value ?? 9)).toBeLessThan(0.25)
    expect(run([...Array.from({length: 50}, () => 0), ...Array.from({length: 10}, () => 100)])?.value).toBeGreaterThan(
      80,
    )
  })

  it('begins anew after a gap, and where time stands still', () => {
    const state = oneEuro({minCutoffHz: 1, beta: 0}, null, 0, 0)
    expect(oneEuro({minCutoffHz: 1, beta: 0}, state, 5, 5000).value).toBe(5)
    expect(oneEuro({minCutoffHz: 1, beta: 0}, state, 7, 0).value).toBe(7)
  })
})

describe('shapeValue', () => {
  const plain = {range: [-90, 90] as const, deadBand: 0, isCentred: true, curve: 'linear' as const, isInverted: false}

  it.each([
    [plain, 0, 0.5],
    [plain, 200, 1],
    [plain, Number.NaN, 0],
    [{...plain, isInverted: true}, 90, 0],
    [{...plain, deadBand: 0.2}, 17, 0.5],
    [{...plain, deadBand: 0.2}, 90, 1],
    [{...plain, deadBand: 0.2, isCentred: false}, -60, 0],
    [{...plain, range: [5, 5] as const}, 5, 0],
    [{...plain, range: [90, -90] as const}, 90, 0],
  ])('%j of %d is %d', (shape, value, expected) => {
    expect(shapeValue(shape, value)).toBeCloseTo(expected, 9)
  })

  it('rises from 0 to 1 on every curve, whatever the dead band', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CURVES),
        fc.boolean(),
        fc.double({min: 0, max: 0.9, noNaN: true}),
        fc.double({min: -90, max: 90, noNaN: true}),
        fc.double({min: 0, max: 20, noNaN: true}),
        (curve, isCentred, deadBand, value, more) => {
          const shape = {...plain, curve, isCentred, deadBand}
          const [low, high] = [shapeValue(shape, value), shapeValue(shape, value + more)]
          expect(low).toBeGreaterThanOrEqual(0)
          expect(high).toBeLessThanOrEqual(1)
          expect(high).toBeGreaterThanOrEqual(low - 1e-12)
          expect([shapeValue(shape, -90), shapeValue(shape, 90)]).toEqual([expect.closeTo(0, 9), expect.closeTo(1, 9)])
        },
      ),
    )
  })

  it('learns its range', () => {
    expect([3, -1, 2].reduce<readonly [number, number] | null>(learnRange, null)).toEqual([-1, 3])
  })
})

describe('MIDI bytes, as the specification lists them', () => {
  it.each([
    [noteOn(1, 60, 100), [0x90, 60, 100]],
    [noteOn(16, 60, 0), [0x9f, 60, 1]],
    [noteOff(1, 60), [0x80, 60, 0]],
    [controlChange(2, 7, 1), [0xb1, 7, 127]],
    [controlChange(2, 7, 0.5), [0xb1, 7, 64]],
    [programChange(10, 5), [0xc9, 5]],
    [pitchBend(1, 0.5), [0xe0, 0, 64]],
    [pitchBend(1, 0), [0xe0, 0, 0]],
    [pitchBend(1, 1), [0xe0, 127, 127]],
    [allNotesOff(3), [0xb2, 123, 0]],
    [resetControllers(3), [0xb2, 121, 0]],
  ])('%j', (message, bytes) => {
    expect(message.bytes).toEqual(bytes)
  })

  it('a controller of 14 bits is its coarse and its fine half', () => {
    expect(controlChange14(1, 1, 1).map(({bytes}) => bytes)).toEqual([
      [0xb0, 1, 127],
      [0xb0, 33, 127],
    ])
    expect(controlChange14(1, 1, 0.5).map(({bytes}) => bytes)).toEqual([
      [0xb0, 1, 64],
      [0xb0, 33, 0],
    ])
  })

  it('never leaves seven bits', () => {
    fc.assert(
      fc.property(fc.double(), fc.integer(), fc.integer(), (value, channel, number) => {
        for (const message of [
          controlChange(channel, number, value),
          ...controlChange14(channel, number, value),
          pitchBend(channel, value),
          noteOn(channel, number, number),
        ]) {
          const [status = 0, ...data] = message.bytes
          expect(status).toBeGreaterThanOrEqual(0x80)
          expect(status).toBeLessThan(0xf0)
          for (const byte of data) expect(Number.isInteger(byte) && byte >= 0 && byte < 128).toBe(true)
        }
      }),
    )
  })
})
