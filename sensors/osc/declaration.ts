// Addresses that the person declares, and a learning mode that shows what arrives and what it might be.
import type {JsonValue} from '../../src/core/json.js'
import {type AccelerationUnit, type Role, type RotationUnit, roleFromName} from '../common/roles.js'
import {decodeOscPacket} from './packet.js'
import {OSC_RULES, type OscRule} from './profiles.js'

const ROLES: readonly Role[] = ['acceleration', 'linearAcceleration', 'gravity', 'rotation', 'orientation']
const UNITS: readonly string[] = ['m/s²', 'm/s2', 'g', 'rad/s', '°/s', 'deg/s', 'auto']

/** `/my/*&#47;acc` as a pattern: `*` stands for anything but a slash, and the first one names the device. */
export function patternFromAddress(address: string): RegExp {
  let isNamed = false
  const source = address.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, () => {
    const group = isNamed ? '[^/]*' : '(?<device>[^/]*)'
    isNamed = true
    return group
  })
  return new RegExp(`^${source}$`)
}

/** Rules from `addresses: [{address, role, unit?, at?, order?, scale?}]`, or what is wrong in one sentence. */
export function parseOscDeclaration(declared: Readonly<Record<string, JsonValue>>): readonly OscRule[] | string {
  const list = declared['addresses'] ?? []
  if (!Array.isArray(list)) return 'addresses must be a list'
  const rules: OscRule[] = []
  for (const [index, item] of (list as readonly JsonValue[]).entries()) {
    const rule = parseRule(item)
    if (typeof rule === 'string') return `addresses[${index}] ${rule}`
    rules.push(rule)
  }
  return rules
}

function parseRule(item: JsonValue): OscRule | string {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return 'must have an address and a role'
  const {address, role, unit = 'auto', at = 0, order = 'wxyz', scale} = item as Record<string, JsonValue>
  if (typeof address !== 'string' || !address.startsWith('/')) return 'needs an address that begins with /'
  if (!ROLES.includes(role as Role)) return `has the role "${String(role)}": use ${ROLES.join(', ')}`
  if (!UNITS.includes(unit as string)) return `has the unit "${String(unit)}": use ${UNITS.join(', ')}`
  if (typeof at !== 'number' || !Number.isInteger(at) || at < 0)
    return 'has an "at" that is not the number of an argument'
  if (order !== 'wxyz' && order !== 'xyzw') return `has the order "${String(order)}": use wxyz or xyzw`
  const factors = Array.isArray(scale) ? (scale as readonly JsonValue[]) : undefined
  if (scale !== undefined && !(factors?.length === 3 && factors.every((value) => typeof value === 'number')))
    return 'has a scale that is not three numbers'
  const plain = unit === 'm/s2' ? 'm/s²' : unit === 'deg/s' ? '°/s' : unit
  return {
    profile: 'declared',
    pattern: patternFromAddress(address),
    role: role as Role,
    unit: plain as AccelerationUnit | RotationUnit,
    at,
    order,
    ...(factors && {scale: factors as unknown as readonly [number, number, number]}),
  }
}

export interface LearntAddress {
  readonly address: string
  readonly count: number
  /** Type tags, as in `fff`. */
  readonly types: string
  readonly least: readonly number[]
  readonly most: readonly number[]
  /** What it is or might be; null where it looks like a control. */
  readonly role: Role | null
  /** The profile that knows the address, so that nothing need be declared. */
  readonly profile: string | null
}

/** Collects what arrives, while the person moves the sensor, to be declared afterwards. */
export class OscLearner {
  readonly #seen = new Map<string, {count: number; types: string; least: number[]; most: number[]}>()

  push(bytes: Uint8Array): void {
    for (const {address, args} of decodeOscPacket(bytes).messages) {
      if (!this.#seen.has(address) && this.#seen.size >= 256) continue
      const entry = this.#seen.get(address) ?? {count: 0, types: '', least: [], most: []}
      this.#seen.set(address, entry)
      entry.count++
      entry.types = args.map(({type}) => type).join('')
      args.slice(0, 32).forEach(({value}, index) => {
        if (typeof value !== 'number' || !Number.isFinite(value)) return
        entry.least[index] = Math.min(entry.least[index] ?? value, value)
        entry.most[index] = Math.max(entry.most[index] ?? value, value)
      })
    }
  }

  summary(): readonly LearntAddress[] {
    return [...this.#seen]
      .map(([address, entry]) => {
        const known = OSC_RULES.find(({pattern}) => pattern.test(address))
        const role = known?.role ?? guessRole(address, entry.least, entry.most)
        return {address, ...entry, role, profile: known?.profile ?? null}
      })
      .sort((a, b) => b.count - a.count)
  }
}

function guessRole(address: string, least: readonly number[], most: readonly number[]): Role | null {
  const named = address
    .split('/')
    .map(roleFromName)
    .filter((role) => role !== null)
    .at(-1)
  if (named && least.length >= (named === 'orientation' ? 4 : 3)) return named
  const isUnit = least.every((value) => value >= -1.001) && most.every((value) => value <= 1.001)
  if (least.length === 4 && isUnit) return 'orientation'
  return null
}
