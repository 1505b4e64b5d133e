import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {decodeRecording, encodeRecording} from '../../sensors/replay/codec.js'
import type {GestureEvent, MotionFrame, Vector3} from '../../src/core/motion.js'
import {LiveEngine} from '../../src/live/engine/engine.js'
import {type Outputs, stepLive} from '../../src/live/engine/interpreter.js'
import {closingMessages} from '../../src/live/engine/notes.js'
import {initialState, type LiveAction, type LiveInput, type LiveState} from '../../src/live/engine/state.js'
import {strokeRecognizer} from '../../src/live/gestures/recognizers.js'
import {mappingFrom} from '../../src/live/mapping/parse.js'
import {dancing, play, rest, swipe, twist} from './motions.js'

const OUTPUTS: Outputs = {first: {midi: 'deck', osc: 'net', raw: null}}

const mapping = mappingFrom(
  `version: 1
sensors:
  right: {type: osc}
  left: {type: osc}
outputs:
  deck: {type: midi, target: a}
  other: {type: midi, target: b}
  net: {type: osc, target: 'localhost:9000'}
rules:
  - when: {gesture: throw}
    do: [{note: {number: 36}}, suggest]
  - when: {gesture: round, phase: started}
    do: {note: {number: 40, channel: 2}}
  - when: {gesture: careful, while: button/1}
    do: mark
  - when: {control: button/1}
    do: {note: {number: 50}}
  - when: {control: button/2}
    do: [toggle-arm, {osc: {address: /hello, args: [1, 0.5, text, true]}}]
  - when: {control: button/3}
    do: [set-forward, {cc: {output: other, number: 7, value: 64}}, {program: {number: 3}}]
  - when: {control: button/4}
    do: accept
    worksDisarmed: true
controls:
  - {from: {sensor: right, axis: tilt-x}, to: {cc: {number: 20}}, smoothing: none}
  - {from: {sensor: right, axis: tilt-y}, to: {cc: {number: 1, bits: 14, channel: 3}}, smoothing: none}
  - {from: {control: /fader}, to: {bend: {channel: 4}}, smoothing: none}
  - {from: {sensor: left, axis: tilt-x}, to: {osc: {address: /tilt, range: [-1, 1]}}, smoothing: none}
`,
  'test.yaml',
)

const G = 9.80665
const rad = (degrees: number) => (degrees * Math.PI) / 180
const leaning = (atMs: number, degrees: number): MotionFrame => {
  const gravity: Vector3 = [0, G * Math.sin(rad(degrees)), G * Math.cos(rad(degrees))]
  return {atMs, acceleration: gravity, gravity, rotation: null, orientation: null}
}
const gesture = (name: string, atMs: number, kind: GestureEvent['kind'] = 'stroke', confidence = 0.9): LiveInput => ({
  kind: 'gesture',
  sensor: 'right',
  event: {kind, gesture: name, atMs, startMs: atMs - 500, confidence, rateHz: kind === 'stroke' ? null : 2},
})
const press = (control: string, atMs: number, value = 1, sensor = 'right'): LiveInput => ({
  kind: 'control',
  sensor,
  atMs,
  control,
  value,
})

function run(inputs: readonly LiveInput[], from: LiveState = initialState(mapping)) {
  const actions: LiveAction[] = []
  let state = from
  for (const input of inputs) {
    const step = stepLive(mapping, OUTPUTS, state, input)
    state = step.state
    actions.push(...step.actions)
  }
  return {state, actions}
}

const bytesOf = (actions: readonly LiveAction[]) =>
  actions.flatMap((action) => (action.kind === 'send' && action.message.kind === 'midi' ? [action.message.bytes] : []))

describe('gestures', () => {
  it('a stroke sounds its note for a tenth of a second and asks for a track', () => {
    const {actions} = run([gesture('throw', 1000), {kind: 'tick', atMs: 1090}, {kind: 'tick', atMs: 1130}])
    expect(bytesOf(actions)).toEqual([
      [0x90, 36, 100],
      [0x80, 36, 0],
    ])
    expect(actions).toContainEqual(expect.objectContaining({kind: 'command', command: 'suggest', atMs: 1000}))
    // The end carries the time it was due, however late the tick.
    expect(actions.at(-1)).toMatchObject({atMs: 1100})
  })

  it('an oscillation holds its note until it ends', () => {
    const {actions} = run([
      gesture('round', 1000, 'started'),
      gesture('round', 4000, 'going'),
      {kind: 'tick', atMs: 5000},
      gesture('round', 9000, 'ended'),
    ])
    expect(bytesOf(actions)).toEqual([
      [0x91, 40, 100],
      [0x81, 40, 0],
    ])
  })

  it('is passed over under its confidence, and while its button is not held', () => {
    expect(run([gesture('throw', 1, 'stroke', 0.4), gesture('careful', 2)]).actions).toEqual([])
    const {actions} = run([press('button/1', 1), gesture('careful', 2)])
    expect(actions).toContainEqual(expect.objectContaining({command: 'mark'}))
  })

  it('ends a note before it begins again', () => {
    const {actions} = run([gesture('throw', 1000), gesture('throw', 1050)])
    expect(bytesOf(actions)).toEqual([
      [0x90, 36, 100],
      [0x80, 36, 0],
      [0x90, 36, 100],
    ])
  })
})

describe('controls', () => {
  it('tilt becomes a controller, coarse and fine together', () => {
    const {actions} = run([{kind: 'frame', sensor: 'right', frame: leaning(10, 90)}])
    expect(bytesOf(actions)).toEqual([
      [0xb0, 20, 127],
      [0xb2, 1, 64],
      [0xb2, 33, 0],
    ])
  })

  it('is sent a hundred times a second at most, and the last value always arrives', () => {
    const frames = Array.from(
      {length: 1000},
      (_, index): LiveInput => ({kind: 'frame', sensor: 'right', frame: leaning(index, 80 * Math.sin(index / 40))}),
    )
    const last: LiveInput = {kind: 'frame', sensor: 'right', frame: leaning(1000, 90)}
    const {actions} = run([...frames, last, {kind: 'tick', atMs: 1020}])
    const sent = bytesOf(actions).filter(([status, number]) => status === 0xb0 && number === 20)
    expect(sent.length).toBeLessThanOrEqual(103)
    expect(sent.length).toBeGreaterThan(60)
    expect(sent.at(-1)).toEqual([0xb0, 20, 127])
  })

  it('does not repeat what has not changed', () => {
    const still = Array.from(
      {length: 200},
      (_, index): LiveInput => ({kind: 'frame', sensor: 'right', frame: leaning(index * 10, 30)}),
    )
    expect(bytesOf(run(still).actions).filter(([, number]) => number === 20)).toHaveLength(1)
  })

  it('a fader bends, OSC gets floats in its range', () => {
    const {actions} = run([press('/fader', 1, 1), {kind: 'frame', sensor: 'left', frame: leaning(2, -90)}])
    expect(bytesOf(actions)).toEqual([[0xe3, 127, 127]])
    expect(actions).toContainEqual(
      expect.objectContaining({
        output: 'net',
        message: {kind: 'osc', address: '/tilt', args: [{type: 'f', value: -1}]},
      }),
    )
  })

  it('is measured from the pose that was set forward', () => {
    const {actions} = run([
      {kind: 'frame', sensor: 'right', frame: leaning(0, 40)},
      press('button/3', 50),
      {kind: 'frame', sensor: 'right', frame: leaning(100, 40)},
    ])
    expect(
      bytesOf(actions)
        .filter(([status, number]) => status === 0xb0 && number === 20)
        .at(-1),
    ).toEqual([0xb0, 20, 64])
  })
})

describe('arming', () => {
  it('disarmed, nothing sounds but what was meant to, and arming works', () => {
    const {state, actions} = run([gesture('round', 1, 'started'), press('button/2', 10)])
    expect(state.isArmed).toBe(false)
    expect(bytesOf(actions).at(-1)).toEqual([0x81, 40, 0])
    const after = run(
      [gesture('throw', 20), {kind: 'frame', sensor: 'right', frame: leaning(30, 20)}, press('button/4', 40)],
      state,
    )
    expect(after.actions).toEqual([expect.objectContaining({kind: 'command', command: 'accept'})])
    const again = run([press('button/2', 50, 0), press('button/2', 60)], after.state)
    expect(again.state.isArmed).toBe(true)
    expect(again.actions).toContainEqual(
      expect.objectContaining({
        message: {
          kind: 'osc',
          address: '/hello',
          args: [
            {type: 'i', value: 1},
            {type: 'f', value: 0.5},
            {type: 's', value: 'text'},
            {type: 'T', value: null},
          ],
        },
      }),
    )
  })
})

describe('every way out', () => {
  it('a lost sensor lets go of its notes and buttons, and of no others', () => {
    const {state, actions} = run([
      press('button/1', 1),
      press('button/1', 1, 1, 'right'),
      gesture('round', 2, 'started'),
      {kind: 'lost', sensor: 'left', atMs: 3},
    ])
    expect(state.notes).toHaveLength(2)
    const lost = run([{kind: 'lost', sensor: 'right', atMs: 4}], state)
    expect(bytesOf(lost.actions)).toEqual(
      expect.arrayContaining([
        [0x80, 50, 0],
        [0x81, 40, 0],
      ]),
    )
    expect(lost.state.held.size).toBe(0)
    expect(bytesOf(actions)).toHaveLength(2)
  })

  it('closes with note-offs, then all notes off, reset and bend of each channel that was used', () => {
    const {state} = run([gesture('round', 1, 'started'), press('button/3', 2)])
    const closing = closingMessages(state)
    expect(
      closing.map((action) =>
        action.kind === 'send' && action.message.kind === 'midi' ? [action.output, ...action.message.bytes] : null,
      ),
    ).toEqual([
      ['deck', 0x81, 40, 0],
      ['deck', 0xb1, 123, 0],
      ['deck', 0xb1, 121, 0],
      ['deck', 0xe1, 0, 64],
      ['other', 0xb0, 123, 0],
      ['other', 0xb0, 121, 0],
      ['other', 0xe0, 0, 64],
    ])
  })

  const sensors = fc.constantFrom('right', 'left')
  const times = fc.integer({min: 0, max: 20_000})
  const anyInput: fc.Arbitrary<LiveInput> = fc.oneof(
    fc.record({kind: fc.constant('tick' as const), atMs: times}),
    fc.record({kind: fc.constant('lost' as const), sensor: sensors, atMs: times}),
    fc.record({
      kind: fc.constant('control' as const),
      sensor: sensors,
      atMs: times,
      control: fc.constantFrom('button/1', 'button/2', 'button/3', '/fader'),
      value: fc.constantFrom(0, 0.4, 1, Number.NaN),
    }),
    fc
      .tuple(
        fc.constantFrom('throw', 'round', 'careful'),
        times,
        fc.constantFrom('stroke' as const, 'started' as const, 'going' as const, 'ended' as const),
      )
      .map(([name, atMs, kind]) => gesture(name, atMs, kind)),
    fc
      .tuple(sensors, times, fc.integer({min: -90, max: 90}))
      .map(([sensor, atMs, degrees]): LiveInput => ({kind: 'frame', sensor, frame: leaning(atMs, degrees)})),
  )

  it('whatever happens and wherever it stops, every note that was begun is ended', () => {
    fc.assert(
      fc.property(fc.array(anyInput, {maxLength: 80}), (inputs) => {
        const {state, actions} = run(inputs)
        const sounding = new Map<string, number>()
        let lastMs = Number.NEGATIVE_INFINITY
        for (const action of [...actions, ...closingMessages(state)]) {
          if (action.kind !== 'send' || action.message.kind !== 'midi') continue
          const [status = 0, number = 0] = action.message.bytes
          const key = `${action.output} ${status & 15} ${number}`
          if (status >> 4 === 9) sounding.set(key, (sounding.get(key) ?? 0) + 1)
          if (status >> 4 === 8) sounding.set(key, (sounding.get(key) ?? 0) - 1)
          lastMs = Math.max(lastMs, action.atMs)
        }
        expect([...sounding.values()].every((count) => count === 0)).toBe(true)
        expect(state.notes.length).toBeLessThanOrEqual(3)
      }),
      {numRuns: 300},
    )
  })
})

describe('LiveEngine', () => {
  const takes = (['throw', 'other'] as const).flatMap((name, number) =>
    Array.from({length: 4}, (_, index) => ({
      gesture: name,
      frames: play([rest(300), number ? twist(600 + 40 * index) : swipe(0, 1, 560 + 50 * index), rest(300)], {
        seed: 20 * number + index + 1,
      }),
    })),
  )
  const {model} = strokeRecognizer.train({takes, negatives: [play([dancing(15_000, 3)])]})
  const engine = () => new LiveEngine(mapping, OUTPUTS, new Map([['right', [strokeRecognizer.start(model)]]]))
  const show = play(
    [
      rest(800),
      swipe(0, 1, 600),
      rest(900),
      twist(620),
      rest(600),
      dancing(5000, 8),
      rest(800),
      swipe(0, 1, 640),
      rest(900),
    ],
    {seed: 70, startMs: 1_767_322_800_000},
  )

  it('plays a recording to the same actions as the stage', () => {
    const live = engine()
    const steps = show.map((frame) => live.push('right', frame))
    const gestures = steps.flatMap((step) => step.gestures.map(({event}) => event.gesture))
    expect(gestures.filter((name) => name === 'throw')).toHaveLength(2)
    const recording = decodeRecording(
      encodeRecording({
        header: {name: 'show', startedAt: '2026-01-02T03:00:00Z', sensors: [{id: 'right', device: '', profile: null}]},
        frames: steps.flatMap(({frame}) => (frame ? {sensor: 'right', frame} : [])),
        events: [],
        lostBytes: 0,
      }),
    )
    const again = engine()
    const replayed = recording.frames.map(({sensor, frame}) => again.push(sensor, frame))
    expect(replayed.flatMap(({actions}) => actions)).toEqual(steps.flatMap(({actions}) => actions))
    expect(replayed.flatMap((step) => step.gestures)).toEqual(steps.flatMap((step) => step.gestures))
  })

  it('assembles what decoders give, of the device that is meant', () => {
    const live = engine()
    const {frame} = live.read('right', {kind: 'motion', device: 'a', acceleration: {value: [0, 0, 1], unit: 'g'}}, 5)
    expect(frame?.acceleration[2]).toBeCloseTo(9.807, 2)
    expect(live.read('right', {kind: 'control', device: 'a', control: 'button/1', value: 1}, 6).actions).toHaveLength(1)
    expect(live.statistics('right')).toMatchObject({frames: 1})
  })

  it('survives losing the sensor forty times in a show with lost, doubled and late frames: no note hangs', () => {
    const live = engine()
    const actions: LiveAction[] = []
    show.forEach((frame, index) => {
      if (index % 97 === 3) return
      const reading = {
        kind: 'motion' as const,
        device: '',
        sampledMs: frame.atMs,
        acceleration: {value: frame.acceleration, unit: 'm/s²' as const},
        rotation: {value: frame.rotation ?? [0, 0, 0], unit: 'rad/s' as const},
      }
      actions.push(...live.read('right', reading, frame.atMs).actions)
      if (index % 89 === 5) actions.push(...live.read('right', reading, frame.atMs).actions)
      if (index % 27 === 26) actions.push(...live.lose('right', frame.atMs).actions)
    })
    actions.push(...live.close())
    const bytes = bytesOf(actions)
    expect(bytes.filter(([status = 0]) => status >> 4 === 9).length).toBe(
      bytes.filter(([status = 0]) => status >> 4 === 8).length,
    )
    expect(live.close()).toEqual([])
    expect(live.statistics('right')?.duplicates).toBeGreaterThan(5)
  })

  it('takes an edited mapping while it runs, but no other sensors', () => {
    const live = engine()
    live.control('right', 'button/1', 1, 1)
    live.remap({...mapping, rules: []}, OUTPUTS)
    expect(bytesOf(live.control('right', 'button/1', 0, 2).actions)).toEqual([[0x80, 50, 0]])
    expect(() => live.remap({...mapping, sensors: {}}, OUTPUTS)).toThrowError(
      expect.objectContaining({code: 'CONFLICT'}),
    )
  })
})
