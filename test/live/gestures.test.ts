import {existsSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {loadHandwaving, loadLines} from '../../bench/gestures/data.js'
import type {GestureTake} from '../../src/core/lesson.js'
import type {GestureEvent, MotionFrame, Vector3} from '../../src/core/motion.js'
import {medianOfFive, pathFromFrames} from '../../src/live/gestures/curve.js'
import {cycleOf, shapeDistance} from '../../src/live/gestures/cycle.js'
import {type Curve, warpedDistance} from '../../src/live/gestures/dtw.js'
import {evaluateStreams} from '../../src/live/gestures/evaluate.js'
import {HoldRecognizer} from '../../src/live/gestures/hold.js'
import {oscillationRecognizer, strokeRecognizer} from '../../src/live/gestures/recognizers.js'
import {Spring} from '../../src/live/gestures/spring.js'
import {classifyTake} from '../../src/live/gestures/stroke-match.js'
import {strokeModelFromJson} from '../../src/live/gestures/stroke-model.js'
import {circle, dancing, type Motion, play, rest, shake, swipe, twist} from './motions.js'

const SHARED = fileURLToPath(new URL('../../../shared/live/gestures', import.meta.url))

function curve(...values: readonly number[]): Curve {
  return {points: values.length, channels: 1, values: Float32Array.from(values)}
}

describe('warpedDistance', () => {
  it('is what the table by hand gives', () => {
    // 1 2 3 against 1 1 2 3 warps without cost; 0 0 0 against 1 1 1 costs 1 a point.
    expect(warpedDistance(curve(1, 2, 3), curve(1, 1, 2, 3), 2)).toBe(0)
    expect(warpedDistance(curve(0, 0, 0), curve(1, 1, 1), 1)).toBe(1)
    // Without a band the peak moves for free; a band of one cannot reach it.
    expect(warpedDistance(curve(0, 0, 0, 9), curve(9, 0, 0, 0), 1)).toBeGreaterThan(0)
  })

  it('is infinite beyond the limit and the same below it', () => {
    const values = fc.array(fc.float({min: -9, max: 9, noNaN: true}), {minLength: 8, maxLength: 8})
    fc.assert(
      fc.property(values, values, fc.double({min: 0, max: 50, noNaN: true}), (a, b, limit) => {
        const full = warpedDistance(curve(...a), curve(...b), 3)
        const limited = warpedDistance(curve(...a), curve(...b), 3, limit)
        expect(limited === full || (limited === Number.POSITIVE_INFINITY && full >= limit)).toBe(true)
      }),
    )
  })
})

describe('medianOfFive', () => {
  it('is the middle of five', () => {
    fc.assert(
      fc.property(fc.array(fc.float({noNaN: true}), {minLength: 5, maxLength: 5}), (values) => {
        expect(medianOfFive(Float32Array.from(values))[2]).toBe([...values].sort((a, b) => a - b)[2])
      }),
    )
  })
})

describe('Spring', () => {
  it('finds where a template lies in a stream, at another pace', () => {
    const template = play([swipe(0, 1)], {seed: 3})
    const spring = new Spring(pathFromFrames(template))
    const stream = play([rest(1000), swipe(0, 1, 780), rest(1000)], {seed: 4})
    const found = []
    for (let index = 0; index + 3 <= stream.length; index += 3) {
      const group = stream.slice(index, index + 3)
      const mean = (pick: (frame: MotionFrame) => number) => group.reduce((sum, frame) => sum + pick(frame), 0) / 3
      const point = Float32Array.from([0, 1, 2, 3, 4, 5], (channel) =>
        mean((frame) =>
          channel < 3 ? (frame.acceleration[channel] ?? 0) / 9.80665 : 0.2 * (frame.rotation?.[channel - 3] ?? 0),
        ),
      )
      const match = spring.push(point, group[2]?.atMs ?? 0, 0.1)
      if (match) found.push(match)
    }
    expect(found).toHaveLength(1)
    expect(found[0]?.startMs).toBeGreaterThan(800)
    expect(found[0]?.startMs).toBeLessThan(1150)
    expect(found[0]?.endMs).toBeGreaterThan(1650)
    expect(found[0]?.endMs).toBeLessThan(2000)
  })
})

const STROKES: Readonly<Record<string, (durationMs: number) => Motion>> = {
  right: (durationMs) => swipe(0, 1, durationMs),
  left: (durationMs) => swipe(0, -1, durationMs),
  up: (durationMs) => swipe(2, 1, durationMs),
  twist,
}

function strokeTakes(names: readonly string[] = Object.keys(STROKES), count = 4): GestureTake[] {
  return names.flatMap((gesture, number) =>
    Array.from({length: count}, (_, index) => ({
      gesture,
      frames: play([rest(400), STROKES[gesture]?.(560 + 60 * index) ?? rest(1), rest(400)], {
        seed: 10 * number + index + 1,
      }),
    })),
  )
}

/** As a sensor shows it that is strapped on tilted by an angle about its x axis, or turned round about its z axis. */
function worn(frames: readonly MotionFrame[], tiltDegrees: number, isTurnedRound = false): MotionFrame[] {
  const [cosine, sine] = [Math.cos((tiltDegrees * Math.PI) / 180), Math.sin((tiltDegrees * Math.PI) / 180)]
  const sign = isTurnedRound ? -1 : 1
  const turn = ([x, y, z]: Vector3): Vector3 => [sign * x, sign * (cosine * y - sine * z), sine * y + cosine * z]
  return frames.map((frame) => ({
    ...frame,
    acceleration: turn(frame.acceleration),
    rotation: frame.rotation === null ? null : turn(frame.rotation),
  }))
}

const {model: strokes} = strokeRecognizer.train({takes: strokeTakes(), negatives: [play([dancing(20_000, 5)])]})

function eventsOf(
  stream: {push(frame: MotionFrame): readonly GestureEvent[]},
  frames: readonly MotionFrame[],
): GestureEvent[] {
  return frames.flatMap((frame) => [...stream.push(frame)])
}

describe('strokes of several people', () => {
  const names = ['right', 'left', 'twist']
  const takesOf = (performer: string, tiltDegrees: number) =>
    strokeTakes(names, 3).map((take) => ({...take, performer, frames: worn(take.frames, tiltDegrees)}))
  const lesson = [...takesOf('one', 0), ...takesOf('two', 20)]
  const others = strokeTakes(names, 5).slice(2)
  const right = (takes: readonly GestureTake[], tiltDegrees: number) => {
    const model = strokeModelFromJson(strokeRecognizer.train({takes, negatives: []}).model)
    const isRight = ({gesture, frames}: GestureTake) =>
      classifyTake(model, worn(frames, tiltDegrees))?.gesture === gesture
    return others.filter(isRight).length / others.length
  }

  it('are told of a sensor that is strapped on tilted, as nobody of them wore it', () => {
    expect(right(lesson, 50)).toBe(1)
    expect(right(lesson, -40)).toBe(1)
  })

  it('are told of a sensor that is worn the other way round; those of one person are not', () => {
    // Turned round, a hook begins as a pull does, and the other way about: what follows tells which it was.
    const bent = (sign: 1 | -1, lift: number): Motion => ({
      durationMs: 700,
      at: (share) => ({
        acceleration:
          share < 0.5 ? [sign * 9 * Math.sin(4 * Math.PI * share), 0, 0] : [0, 0, lift * Math.sin(4 * Math.PI * share)],
        rotation: [0, 0, 0],
      }),
    })
    const made = (performer: string, seed: number) =>
      [bent(1, 9), bent(-1, 3)].flatMap((motion, kind) =>
        Array.from({length: 3}, (_, index) => ({
          gesture: kind === 0 ? 'hook' : 'pull',
          performer,
          frames: play([rest(300), motion, rest(300)], {seed: seed + 5 * kind + index}),
        })),
      )
    const takes = [...made('one', 1), ...made('two', 30)]
    const rightOf = (learnt: readonly GestureTake[]) => {
      const model = strokeModelFromJson(strokeRecognizer.train({takes: learnt, negatives: []}).model)
      return made('three', 60).filter(
        (take) => classifyTake(model, worn(take.frames, 10, true))?.gesture === take.gesture,
      )
    }
    expect(rightOf(takes)).toHaveLength(6)
    expect(rightOf(takes.map(({gesture, frames}) => ({gesture, frames}))).length).toBeLessThan(4)
  })
})

describe('strokes', () => {
  it('fires each once, at its pause, with its name', () => {
    const frames = play([rest(900), swipe(0, 1, 650), rest(900), twist(640), rest(900), swipe(0, -1, 700), rest(900)], {
      seed: 77,
    })
    const events = eventsOf(strokeRecognizer.start(strokes), frames)
    expect(events.map(({gesture}) => gesture)).toEqual(['right', 'twist', 'left'])
    const [first] = events
    expect(first?.startMs).toBeGreaterThan(800)
    expect(first?.startMs).toBeLessThan(1050)
    expect(first?.atMs).toBeLessThan(1550 + 300)
    expect(first?.confidence).toBeGreaterThan(0.5)
  })

  it('stays silent while the person dances for two minutes', () => {
    expect(eventsOf(strokeRecognizer.start(strokes), play([dancing(120_000, 99)]))).toEqual([])
  })

  it('finds a stroke in a hand that does not come to rest', () => {
    const restless = (durationMs: number, seed: number): Motion => ({
      durationMs,
      at(share) {
        const {acceleration, rotation} = dancing(durationMs, seed).at(share)
        return {
          acceleration: [0.25 * acceleration[0], 0.25 * acceleration[1], 0.25 * acceleration[2]],
          rotation: [rotation[0], rotation[1], rotation[2]],
        }
      },
    })
    const frames = play([rest(500), restless(3000, 3), swipe(0, 1, 600), restless(3000, 4), rest(500)], {seed: 5})
    const names = eventsOf(strokeRecognizer.start(strokes, {sensitivity: 1.3}), frames).map(({gesture}) => gesture)
    expect(names).toEqual(['right'])
  })

  it('gives the same events for the same frames, and forgets what was before a reset', () => {
    const frames = play([rest(500), swipe(2, 1), rest(500)], {seed: 8})
    const stream = strokeRecognizer.start(strokes)
    const first = eventsOf(stream, frames)
    stream.reset()
    expect(first).toHaveLength(1)
    expect(eventsOf(stream, frames)).toEqual(first)
  })

  it('survives a break in the stream in the middle of a stroke without firing', () => {
    const frames = play([rest(500), swipe(0, 1), rest(500)], {seed: 9})
    const cut = frames
      .filter(({atMs}) => atMs < 700 || atMs > 1050)
      .map((frame) => (frame.atMs > 1000 ? {...frame, atMs: frame.atMs + 2000} : frame))
    expect(eventsOf(strokeRecognizer.start(strokes), cut)).toEqual([])
  })

  it('wants three takes, and says of which gesture', () => {
    const takes = strokeTakes(['right', 'up'], 4).filter((_, index) => index !== 0 && index !== 1)
    expect(() => strokeRecognizer.train({takes, negatives: []})).toThrowError(
      expect.objectContaining({code: 'USAGE', details: {gesture: 'right', count: 2}}),
    )
    expect(() => strokeRecognizer.train({takes: [], negatives: []})).toThrowError(
      expect.objectContaining({code: 'USAGE'}),
    )
  })

  it('warns of two gestures that are one', () => {
    const again = strokeTakes(['right'], 4).map(({frames}, index) => ({
      gesture: 'throw',
      frames: index % 2 ? frames : play([rest(300), swipe(0, 1, 600), rest(300)], {seed: 60 + index}),
    }))
    const {warnings} = strokeRecognizer.train({takes: [...strokeTakes(), ...again], negatives: []})
    expect(warnings.map(({gestures}) => gestures)).toContainEqual(['right', 'throw'])
    expect(strokeRecognizer.train({takes: strokeTakes(), negatives: []}).warnings).toEqual([])
  })

  it.each([
    ['another recogniser', {recognizer: 'oscillations', version: 1}],
    ['a later version', {recognizer: 'strokes', version: 99}],
    ['a list', []],
    [
      'values that are missing',
      {
        ...(strokes as object),
        classes: [{gesture: 'a', threshold: 1, templates: [{part: 'first', points: 32, durationMs: 9, values: [1]}]}],
      },
    ],
  ])('refuses a model of %s', (_what, model) => {
    expect(() => strokeRecognizer.start(model as never)).toThrowError(expect.objectContaining({code: 'FORMAT_INVALID'}))
  })

  it('is the same after its model went through JSON', () => {
    const frames = play([rest(500), twist(), rest(500)], {seed: 21})
    const copy = JSON.parse(JSON.stringify(strokes))
    expect(eventsOf(strokeRecognizer.start(copy), frames)).toEqual(eventsOf(strokeRecognizer.start(strokes), frames))
  })
})

describe('hold a button', () => {
  it('judges what was done between press and release, and nothing else', () => {
    const recognizer = new HoldRecognizer(strokeModelFromJson(strokes), 'button/1')
    const frames = play([swipe(0, 1), rest(300), swipe(0, -1), rest(300), swipe(2, 1)], {seed: 31})
    const events: GestureEvent[] = []
    for (const frame of frames) {
      if (frame.atMs === 800) events.push(...recognizer.control('button/1', 1, frame.atMs))
      events.push(...recognizer.push(frame))
      if (frame.atMs === 1600) events.push(...recognizer.control('button/1', 0, frame.atMs))
    }
    expect(events).toMatchObject([{kind: 'stroke', gesture: 'left', atMs: 1600}])
    expect(recognizer.control('button/1', 0, 9999)).toEqual([])
  })
})

describe('oscillations', () => {
  const CASES: Readonly<Record<string, (rateHz: number, durationMs: number) => Motion>> = {
    round: (rateHz, durationMs) => circle(1, rateHz, durationMs),
    back: (rateHz, durationMs) => circle(-1, rateHz, durationMs),
    shake,
  }
  const takes = Object.entries(CASES).flatMap(([gesture, make]) =>
    [1.5, 1.8, 2.1].map((rateHz, index) => ({gesture, frames: play([make(rateHz, 5000)], {seed: index + 1})})),
  )
  const {model} = oscillationRecognizer.train({takes, negatives: [play([dancing(20_000, 5)])]})

  it.each([1.25, 2, 3.2])('a cycle of %d Hz is measured as one', (rateHz) => {
    expect(cycleOf(play([shake(rateHz, 2600)]))?.rateHz).toBeCloseTo(rateHz, 1)
  })

  it('knows a circle from the same circle the other way round', () => {
    const shape = (sense: 1 | -1, seed: number) =>
      cycleOf(play([circle(sense, 2, 2600)], {seed}))?.shape ?? new Float32Array(96)
    expect(shapeDistance(shape(1, 1), shape(1, 2))).toBeLessThan(0.05)
    expect(shapeDistance(shape(1, 1), shape(-1, 2))).toBeGreaterThan(0.5)
  })

  it('begins, follows the rate, and ends', () => {
    const frames = play([rest(1000), circle(1, 1.5, 4000), circle(1, 2, 4000), rest(3000)], {seed: 41})
    const events = eventsOf(oscillationRecognizer.start(model), frames)
    expect(events[0]).toMatchObject({kind: 'started', gesture: 'round'})
    expect(events[0]?.rateHz).toBeCloseTo(1.5, 1)
    expect(events.filter(({kind}) => kind === 'going').at(-1)?.rateHz).toBeCloseTo(2, 1)
    expect(events.at(-1)).toMatchObject({kind: 'ended', gesture: 'round'})
    expect(events.filter(({kind}) => kind === 'started')).toHaveLength(1)
  })

  it('ends when the sensor is lost, once', () => {
    const stream = oscillationRecognizer.start(model)
    eventsOf(stream, play([shake(2, 5000)], {seed: 51}))
    expect(stream.reset()).toMatchObject([{kind: 'ended', gesture: 'shake'}])
    expect(stream.reset()).toEqual([])
  })

  it('does not take dancing for one', () => {
    expect(eventsOf(oscillationRecognizer.start(model), play([dancing(60_000, 123)]))).toEqual([])
  })
})

describe('evaluateStreams', () => {
  it('counts by hand', () => {
    const event = (gesture: string, startMs: number, atMs: number): GestureEvent => ({
      kind: 'stroke',
      gesture,
      atMs,
      startMs,
      confidence: 1,
      rateHz: null,
    })
    const evaluation = evaluateStreams([
      {
        durationMs: 120_000,
        marks: [
          {gesture: 'a', startMs: 1000, endMs: 2000},
          {gesture: 'b', startMs: 5000, endMs: 6000},
          {gesture: 'a', startMs: 9000, endMs: 9500},
        ],
        // A hit, the same twice, a wrong name, and one where nothing is.
        events: [event('a', 1000, 2100), event('a', 1500, 2200), event('a', 5000, 6100), event('b', 20_000, 21_000)],
      },
    ])
    expect(evaluation).toMatchObject({
      expected: 3,
      fired: 4,
      hits: 1,
      recall: 1 / 3,
      precision: 1 / 4,
      f1: 2 / 7,
      falseAlarmsPerMinute: 1.5,
      delayMs: 100,
    })
    expect(evaluation.mistakes).toContainEqual({meant: 'b', fired: 'a', count: 1})
  })
})

describe('recordings of people', () => {
  const isThere = existsSync(SHARED)
  if (!isThere && process.env['CI']) throw new Error(`the recordings at ${SHARED} are needed under CI`)

  it.skipIf(!isThere)('lines: told from five takes each', {timeout: 120_000}, () => {
    const takes = loadLines(SHARED)
    const train = takes.filter(({rep}) => Number(rep) < 5)
    const test = takes.filter(({rep}) => Number(rep) >= 5)
    expect(test.length).toBeGreaterThan(100)
    const model = strokeModelFromJson(strokeRecognizer.train({takes: train, negatives: []}).model)
    const right = test.filter((take) => classifyTake(model, take.frames)?.gesture === take.gesture).length
    expect(right / test.length).toBeGreaterThan(0.93)
  })

  it.skipIf(!isThere)(
    'a recogniser of lines does not fire while another person waves about',
    {timeout: 120_000},
    () => {
      // Acceleration only on both sides.
      const plain = (frames: readonly MotionFrame[]) => frames.map((frame) => ({...frame, rotation: null}))
      const takes = loadLines(SHARED)
        .filter(({rep}) => Number(rep) < 5)
        .map((take) => ({...take, frames: plain(take.frames)}))
      const waving = loadHandwaving(SHARED).filter(({subject}) => subject === '1' || subject === '2')
      const negatives = waving.filter(({subject}) => subject === '1').map(({frames}) => frames)
      const {model} = strokeRecognizer.train({takes, negatives})
      const heard = waving.filter(({subject}) => subject === '2')
      const minutes = heard.reduce(
        (sum, {frames}) => sum + ((frames.at(-1)?.atMs ?? 0) - (frames[0]?.atMs ?? 0)) / 60_000,
        0,
      )
      expect(minutes).toBeGreaterThan(2)
      const alarms = heard.reduce((sum, {frames}) => sum + eventsOf(strokeRecognizer.start(model), frames).length, 0)
      expect(alarms / minutes).toBeLessThan(1)
    },
  )
})
