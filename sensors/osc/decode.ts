// OSC datagrams → readings: one reading for what a bundle says of a device, one address an axis joined, the rest controls.
import type {SensorDecoder} from '../../src/api/sensor.js'
import type {OscArgument} from '../../src/core/message.js'
import type {SensorItem} from '../../src/core/reading.js'
import {Counter} from '../common/counts.js'
import {type Quantities, readingFrom, setRole, type Units} from '../common/roles.js'
import {decodeOscPacket, type OscMessage} from './packet.js'
import {type OscRule, rulesFor} from './profiles.js'

/** Senders and addresses remembered at most: an attacker may make up any number. */
const MOST_REMEMBERED = 256
/** Acceleration that stays under this many g has gravity taken out, whatever its profile says. */
const LINEAR_BELOW_G = 0.5

type MutableUnits = {-readonly [Key in keyof Units]: Units[Key]}

interface Group {
  readonly device: string
  readonly quantities: Quantities
  readonly units: MutableUnits
}

export class OscDecoder implements SensorDecoder {
  readonly #counter = new Counter()
  readonly #rules: readonly OscRule[]
  readonly #matches = new Map<string, readonly {rule: OscRule; device: string}[]>()
  readonly #axes = new Map<string, Partial<Record<string, number>>>()
  readonly #meanLengths = new Map<string, number>()

  constructor(profile: string | null, declared: readonly OscRule[]) {
    this.#rules = rulesFor(profile, declared)
  }

  decode(bytes: Uint8Array): readonly SensorItem[] {
    const {messages, malformed} = decodeOscPacket(bytes)
    this.#counter.malformed += malformed
    const items: SensorItem[] = []
    const groups = new Map<string, Group>()
    for (const message of messages) {
      if (this.#readMotion(message, groups)) continue
      const control = controlOf(message)
      if (control === null) this.#counter.unknown++
      else items.push(control)
    }
    for (const {device, quantities, units} of groups.values()) {
      const reading = readingFrom(this.#withoutGravity(device, quantities, units), units, device)
      if (reading !== null) items.push(reading)
    }
    this.#counter.accepted += items.length
    return items
  }

  reset(): void {
    this.#axes.clear()
    this.#meanLengths.clear()
  }

  counts() {
    return this.#counter.counts()
  }

  #readMotion(message: OscMessage, groups: Map<string, Group>): boolean {
    const [address, numbers] = this.#whole(message)
    if (numbers === null) return true
    let isRead = false
    for (const {rule, device} of this.#rulesOf(address)) {
      const values = take(rule, numbers)
      if (values === null) continue
      const key = `${message.bundle} ${device}`
      const group: Group = groups.get(key) ?? {device, quantities: {}, units: {acceleration: 'auto', rotation: 'auto'}}
      groups.set(key, group)
      if (!setRole(group.quantities, rule.role, values)) {
        this.#counter.malformed++
        continue
      }
      isRead = true
      if (rule.role === 'rotation') group.units.rotation = (rule.unit ?? 'auto') as Units['rotation']
      else if (rule.role !== 'orientation') group.units.acceleration = (rule.unit ?? 'auto') as Units['acceleration']
      this.#stamp(group.quantities, rule, numbers, message.atMs)
    }
    return isRead
  }

  #stamp(
    quantities: Quantities,
    {sequenceAt, secondsAt}: OscRule,
    numbers: readonly number[],
    atMs: number | null,
  ): void {
    const sequence = sequenceAt === undefined ? undefined : numbers[sequenceAt]
    const seconds = secondsAt === undefined ? undefined : numbers[secondsAt]
    if (sequence !== undefined && Number.isFinite(sequence)) quantities.sequence = {value: sequence, modulo: null}
    if (seconds !== undefined && Number.isFinite(seconds)) quantities.sampledMs = seconds * 1000
    else if (atMs !== null && Number.isFinite(atMs)) quantities.sampledMs = atMs
  }

  /** An address that ends in one axis is held until x, y and z of it have come; null while they have not. */
  #whole(message: OscMessage): readonly [string, readonly number[] | null] {
    const numbers = message.args.map(numberOf)
    const [, stem = '', axis] = message.address.match(/^(.*)\/([xyzXYZ])$/) ?? []
    if (axis === undefined || numbers.length !== 1 || this.#rulesOf(stem).length === 0)
      return [message.address, numbers]
    const known = {...this.#axes.get(stem), [axis.toLowerCase()]: numbers[0]}
    remember(this.#axes, stem, known)
    const {x, y, z} = known
    if (x === undefined || y === undefined || z === undefined) return [stem, null]
    this.#axes.delete(stem)
    return [stem, [x, y, z]]
  }

  #rulesOf(address: string): readonly {rule: OscRule; device: string}[] {
    const known = this.#matches.get(address)
    if (known) return known
    const found = this.#rules.flatMap((rule) => {
      const match = address.match(rule.pattern)
      return match ? [{rule, device: match.groups?.['device'] ?? ''}] : []
    })
    // Rules of one profile only: the first that matched.
    const own = found.filter(({rule}) => rule.profile === found[0]?.rule.profile)
    const rules = own.filter(({rule}, index) => own.findIndex((other) => other.rule.role === rule.role) === index)
    remember(this.#matches, address, rules)
    return rules
  }

  #withoutGravity(device: string, quantities: Quantities, units: Units): Quantities {
    const {acceleration, ...rest} = quantities
    if (acceleration === undefined || units.acceleration === 'auto') return quantities
    const g = units.acceleration === 'g' ? 1 : 9.80665
    const before = this.#meanLengths.get(device) ?? 1
    const mean = before + 0.02 * (Math.hypot(...acceleration) / g - before)
    remember(this.#meanLengths, device, mean)
    return mean < LINEAR_BELOW_G ? {...rest, linearAcceleration: acceleration} : quantities
  }
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  if (map.size >= MOST_REMEMBERED && !map.has(key)) map.delete(map.keys().next().value ?? '')
  map.set(key, value)
}

function numberOf(argument: OscArgument): number {
  if (argument.type === 'T') return 1
  if (argument.type === 'F') return 0
  return typeof argument.value === 'number' ? argument.value : Number.NaN
}

/** Null where there are too few arguments. Quaternions come out as w x y z. */
function take({role, at = 0, order = 'wxyz', scale}: OscRule, numbers: readonly number[]): readonly number[] | null {
  const values = numbers.slice(at, at + (role === 'orientation' ? 4 : 3))
  if (values.length < (role === 'orientation' ? 4 : 3)) return null
  const [a = 0, b = 0, c = 0, d = 0] = values
  if (role === 'orientation') return order === 'xyzw' ? [d, a, b, c] : values
  return scale ? [a * scale[0], b * scale[1], c * scale[2]] : values
}

/** Any other address with a number, as a control: 0 to 1, what is beyond is cut off. */
function controlOf({address, args}: OscMessage): SensorItem | null {
  const value = args.map(numberOf).find(Number.isFinite)
  if (value === undefined || !address.startsWith('/')) return null
  return {kind: 'control', device: '', control: address, value: Math.min(1, Math.max(0, value))}
}
