// What the phone page sends over its WebSocket → readings. One JSON text a message, an object or a list of them:
//
//   {"n": 12, "t": 1234.5, "a": [x, y, z], "r": [alpha, beta, gamma], "g": [x, y, z], "ios": true}   DeviceMotion
//   {"b": "1", "v": 1}                                                                               a button
//
// n running number, t event time in ms, a accelerationIncludingGravity in m/s², r rotationRate in °/s, g what is left of
// gravity where the browser tells acceleration without it.
import type {SensorDecoder} from '../../src/api/sensor.js'
import type {Vector3} from '../../src/core/motion.js'
import type {SensorItem} from '../../src/core/reading.js'
import {Counter} from '../common/counts.js'
import {isFiniteList, type Quantities, readingFrom} from '../common/roles.js'

/** Longer messages and lists are not from the page. */
const LONGEST_MESSAGE = 16_384
const MOST_ITEMS = 64

export class PhoneDecoder implements SensorDecoder {
  readonly #counter = new Counter()

  decode(bytes: Uint8Array): readonly SensorItem[] {
    const message = bytes.length > LONGEST_MESSAGE ? undefined : parse(bytes)
    const list = Array.isArray(message) ? message : [message]
    if (list.length > MOST_ITEMS) {
      this.#counter.malformed++
      return []
    }
    const items = list.flatMap((entry) => {
      const item = readEntry(entry)
      if (item === null) this.#counter.malformed++
      return item ?? []
    })
    this.#counter.accepted += items.length
    return items
  }

  reset(): void {}

  counts() {
    return this.#counter.counts()
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}

function readEntry(entry: unknown): SensorItem | null {
  if (typeof entry !== 'object' || entry === null) return null
  const {n, t, a, r, g, ios, b, v} = entry as Record<string, unknown>
  if (typeof b === 'string' && /^[\w-]{1,32}$/.test(b) && typeof v === 'number' && Number.isFinite(v))
    return {kind: 'control', device: '', control: `button/${b}`, value: Math.min(1, Math.max(0, v))}
  const acceleration = vector(a)
  if (acceleration === null) return null
  // Safari gives the pull of gravity, other browsers what an accelerometer shows.
  const sign = ios === true ? -1 : 1
  const push = ([x, y, z]: Vector3): Vector3 => [x * sign + 0, y * sign + 0, z * sign + 0]
  const gravity = vector(g)
  const turn = vector(r)
  const quantities: Quantities = {
    acceleration: push(acceleration),
    ...(gravity && {gravity: push(gravity)}),
    // alpha turns about z, beta about x, gamma about y.
    ...(turn && {rotation: [turn[1], turn[2], turn[0]]}),
    ...(typeof t === 'number' && Number.isFinite(t) && {sampledMs: t}),
    ...(typeof n === 'number' && Number.isSafeInteger(n) && n >= 0 && {sequence: {value: n, modulo: null}}),
  }
  return readingFrom(quantities, {acceleration: 'm/s²', rotation: '°/s'})
}

function vector(value: unknown): Vector3 | null {
  if (!Array.isArray(value) || value.length !== 3 || !isFiniteList(value)) return null
  const [x = 0, y = 0, z = 0] = value
  return [x, y, z]
}
