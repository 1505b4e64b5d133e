// A rough night on a simulated clock: two sensors whose frames are lost, doubled, swapped and broken, unplugged again and
// again. From bytes as the devices send them to the messages that the outputs get, through everything but the ports.
import {OscDecoder} from '../../sensors/osc/decode.js'
import {serialSensor} from '../../sensors/serial/index.js'
import type {SensorDecoder} from '../../src/api/sensor.js'
import type {GestureEvent, MotionFrame} from '../../src/core/motion.js'
import {LiveEngine} from '../../src/live/engine/engine.js'
import type {LiveAction} from '../../src/live/engine/state.js'
import {type Evaluation, evaluateStreams, type MarkedGesture} from '../../src/live/gestures/evaluate.js'
import {strokeRecognizer} from '../../src/live/gestures/recognizers.js'
import {mappingFrom} from '../../src/live/mapping/parse.js'
import {dancing, type Motion, noise, play, rest, swipe, twist} from '../../test/live/motions.js'
import {accxyz} from '../../test/support/motion.js'

export interface RoughNight {
  readonly minutes: number
  /** Share of frames that is lost; as many are doubled, swapped with the next, and broken in a byte. */
  readonly faultShare: number
  readonly unplugged: number
  readonly seed: number
}

export interface RoughReport {
  readonly frames: number
  readonly malformed: number
  readonly evaluation: Evaluation
  readonly notes: number
  /** Notes that sounded longer than their gesture or their button may let them, or at the end. */
  readonly hanging: number
  /** Of a hand whose sensor is away: nothing may fire then. */
  readonly firedWhileAway: number
  readonly slowestMs: number
  /** Heap after each tenth of the night, MB. */
  readonly heapMb: readonly number[]
}

const MAPPING = mappingFrom(
  `version: 1
sensors:
  hand: {type: serial, target: /dev/none, profile: nano33}
  ring: {type: osc}
outputs: {deck: {type: raw, target: /dev/none}}
rules:
  - {when: {gesture: right}, do: {note: {number: 60}}}
  - {when: {gesture: left}, do: {note: {number: 61}}}
  - {when: {gesture: twist}, do: {note: {number: 62}}}
  - {when: {control: /button}, do: {note: {number: 50}}}
controls:
  - {from: {sensor: ring, axis: tilt-x}, to: {cc: {number: 20}}}
`,
  'rough.yaml',
)
const STROKES: Readonly<Record<string, (durationMs: number) => Motion>> = {
  right: (durationMs) => swipe(0, 1, durationMs),
  left: (durationMs) => swipe(0, -1, durationMs),
  twist,
}
const STEP_MS = 10
const ROUND_MS = 15_000
const AWAY_MS = 3_000
/** A stroke's note is 100 ms, and the clock ticks every 10 ms. */
const LONGEST_NOTE_MS = 150
const LONGEST_PRESS_MS = 1_500

function model() {
  const takes = Object.entries(STROKES).flatMap(([gesture, motion], number) =>
    [560, 620, 680, 740].map((durationMs, index) => ({
      gesture,
      frames: play([rest(400), motion(durationMs), rest(400)], {seed: 10 * number + index + 1}),
    })),
  )
  return strokeRecognizer.train({takes, negatives: [play([dancing(60_000, 5)])]}).model
}

/** As the sketch of the Nano 33 prints it: g and °/s. */
function row({acceleration, rotation}: MotionFrame): Buffer {
  const values = [
    ...acceleration.map((value) => value / 9.80665),
    ...(rotation ?? []).map((value) => value * (180 / Math.PI)),
  ]
  return Buffer.from(`${values.map((value) => value.toFixed(2)).join(',')}\r\n`)
}

/** OSC 1.0: `/button f`. */
function button(isDown: boolean): Buffer {
  const bytes = Buffer.from('/button\0,f\0\0\0\0\0\0', 'latin1')
  bytes.writeFloatBE(isDown ? 1 : 0, 12)
  return bytes
}

/** What a bad line makes of one packet after the other. */
class RoughLine {
  readonly #random: () => number
  readonly #share: number
  #swapped: Buffer | null = null

  constructor(seed: number, share: number) {
    this.#random = noise(seed)
    this.#share = share
  }

  take(packet: Buffer): Buffer[] {
    const late = this.#swapped
    this.#swapped = null
    const out = this.#faulty(packet)
    return late === null ? out : [...out, late]
  }

  #faulty(packet: Buffer): Buffer[] {
    const draw = (this.#random() + 1) / 2
    const fault = Math.floor(draw / this.#share)
    if (fault === 0) return []
    if (fault === 1) return [packet, packet]
    if (fault === 2) {
      this.#swapped = packet
      return []
    }
    if (fault !== 3) return [packet]
    const broken = Buffer.from(packet)
    const at = Math.floor(((this.#random() + 1) / 2) * broken.length) % broken.length
    broken[at] = Math.floor(128 * (this.#random() + 1)) & 0xff
    return [broken]
  }
}

/** Rest, a stroke, rest, and a dance; with where the strokes lie. */
function night(minutes: number, seed: number) {
  const rounds = Math.ceil((minutes * 60_000) / ROUND_MS)
  const marks: MarkedGesture[] = []
  const names = Object.keys(STROKES)
  function* frames(): Generator<MotionFrame> {
    for (let round = 0; round < rounds; round++) {
      const gesture = names[round % names.length] ?? ''
      const durationMs = 560 + ((round * 37) % 180)
      const startMs = round * ROUND_MS
      marks.push({gesture, startMs: startMs + 2_000, endMs: startMs + 2_000 + durationMs})
      const stroke = STROKES[gesture]?.(durationMs) ?? rest(1)
      const danceMs = 8_000
      const restMs = ROUND_MS - 2_000 - durationMs - danceMs
      const motions = [rest(2_000), stroke, rest(restMs), dancing(danceMs, seed + round)]
      yield* play(motions, {seed: seed + round, startMs})
    }
  }
  return {marks, frames: frames()}
}

export async function roughNight({minutes, faultShare, unplugged, seed}: RoughNight): Promise<RoughReport> {
  const serial = await serialSensor.load()
  const decoders: Record<string, SensorDecoder> = {
    hand: serial.createDecoder({profile: 'nano33', declared: {}}),
    ring: new OscDecoder('touchosc', []),
  }
  const watcher = strokeRecognizer.start(model())
  const engine = new LiveEngine(MAPPING, {first: {midi: 'deck', osc: null, raw: null}}, new Map([['hand', [watcher]]]))
  const lines = {hand: new RoughLine(seed, faultShare), ring: new RoughLine(seed + 1, faultShare)}
  const {marks, frames} = night(minutes, seed)
  const endMs = minutes * 60_000
  const awayEveryMs = unplugged === 0 ? Number.POSITIVE_INFINITY : endMs / unplugged

  const sounding = new Map<string, number>()
  const events: GestureEvent[] = []
  const heapMb: number[] = []
  let [frameCount, notes, hanging, firedWhileAway, slowestMs, nowMs] = [0, 0, 0, 0, 0, 0]
  let isAway = false
  let isDown = false
  const perform = (actions: readonly LiveAction[]) => {
    for (const action of actions) {
      if (action.kind !== 'send' || action.message.kind !== 'midi') continue
      const [status = 0, number = 0, velocity = 0] = action.message.bytes
      const key = `${status & 15} ${number}`
      if (status >> 4 === 9 && velocity > 0) {
        notes++
        if (isAway) firedWhileAway++
        sounding.set(key, nowMs)
      } else if (status >> 4 === 8 || status >> 4 === 9) sounding.delete(key)
    }
  }
  const hear = (sensor: 'hand' | 'ring', packet: Buffer) => {
    for (const bytes of lines[sensor].take(packet)) {
      const beforeMs = performance.now()
      for (const item of decoders[sensor]?.decode(bytes) ?? []) {
        const step = engine.read(sensor, item, nowMs)
        if (step.frame !== null) frameCount++
        perform(step.actions)
        for (const {event} of step.gestures) events.push(event)
      }
      slowestMs = Math.max(slowestMs, performance.now() - beforeMs)
    }
  }

  for (const frame of frames) {
    nowMs = frame.atMs
    if (nowMs > endMs) break
    // The plug is pulled at ever other places of strokes and dances, the button down or up.
    const turn = Math.floor(nowMs / awayEveryMs)
    const phaseMs = nowMs - turn * awayEveryMs - ((turn * 1_370) % Math.max(1, awayEveryMs - AWAY_MS))
    const wasAway = isAway
    isAway = unplugged > 0 && phaseMs >= 0 && phaseMs < AWAY_MS
    if (isAway && !wasAway) for (const sensor of ['hand', 'ring'] as const) perform(engine.lose(sensor, nowMs).actions)
    if (!isAway && wasAway) for (const sensor of ['hand', 'ring'] as const) decoders[sensor]?.reset()
    if (!isAway) {
      hear('hand', row(frame))
      hear('ring', accxyz([0, 0.5 * Math.sin(nowMs / 700), 0.87]))
      const wantsDown = nowMs % 4_000 < 1_000
      // A button says again what it is, as controllers do: a lost release would otherwise be the sender's fault.
      if (wantsDown !== isDown || nowMs % 250 < STEP_MS) hear('ring', button(wantsDown))
      isDown = wantsDown
    }
    perform(engine.tick(nowMs))
    for (const [key, sinceMs] of sounding) {
      const mostMs = key.endsWith(' 50') ? LONGEST_PRESS_MS : LONGEST_NOTE_MS
      if (nowMs - sinceMs <= mostMs) continue
      hanging++
      sounding.delete(key)
    }
    if (Math.floor(nowMs / STEP_MS) % Math.ceil(endMs / STEP_MS / 10) === 0)
      heapMb.push(process.memoryUsage().heapUsed / 1e6)
  }
  nowMs = endMs
  perform(engine.close())
  const counts = Object.values(decoders).map((decoder) => decoder.counts())
  return {
    frames: frameCount,
    malformed: counts.reduce((sum, {malformed, unknown}) => sum + malformed + unknown, 0),
    evaluation: evaluateStreams([{marks: marks.filter((mark) => mark.endMs < endMs), events, durationMs: endMs}]),
    notes,
    hanging: hanging + sounding.size,
    firedWhileAway,
    slowestMs,
    heapMb,
  }
}
