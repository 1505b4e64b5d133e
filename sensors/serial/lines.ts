// Lines of text from boards: CSV, JSON, labelled prose and x-IMU3 messages, each line on its own.
import type {MotionReading, SensorItem} from '../../src/core/reading.js'
import {isFiniteList, type Quantities, readingFrom, roleFromName, setRole, type Units} from '../common/roles.js'
import {cellsOf, layoutFromNames, quantitiesFromRow, type RowLayout} from './columns.js'

/** `ignored`: a header or an empty line; `malformed`: meant as a reading and broken; `unknown`: something else. */
export type LineResult = readonly SensorItem[] | 'ignored' | 'malformed' | 'unknown'

const result = (reading: MotionReading | null): LineResult => (reading === null ? 'unknown' : [reading])

/** Rows of numbers; a header line with known names changes the layout. */
export class CsvLines {
  #layout: RowLayout | null
  readonly #units: Units

  constructor(layout: RowLayout | null, units: Units) {
    this.#layout = layout
    this.#units = units
  }

  read(line: string): LineResult {
    const cells = cellsOf(line)
    const numbers = cells.filter((cell) => cell !== '' && Number.isFinite(Number(cell))).length
    if (numbers === 0) {
      const layout = layoutFromNames(cells)
      if (layout !== null) this.#layout = layout
      return layout === null ? 'unknown' : 'ignored'
    }
    const layout = this.#layout ?? usualLayout(cells.length)
    if (layout === null) return 'unknown'
    const quantities = quantitiesFromRow(cells, layout)
    return quantities === null ? 'malformed' : result(readingFrom(quantities, this.#units))
  }
}

const MOTION = ['ax', 'ay', 'az', 'gx', 'gy', 'gz']
const TURN = ['qw', 'qx', 'qy', 'qz']

/** What a row without header most likely is, by its number of cells. */
function usualLayout(cells: number): RowLayout | null {
  const names: Readonly<Record<number, readonly string[]>> = {
    3: MOTION.slice(0, 3),
    4: TURN,
    6: MOTION,
    7: ['t_ms', ...MOTION],
    10: [...TURN, ...MOTION],
  }
  const found = names[cells]
  return found ? layoutFromNames(found) : null
}

const NUMBER = '[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?'
const LABELLED = new RegExp(
  `^\\s*([A-Za-z_ ]+?)\\s*[:=|]?\\s*(?:w\\s*[=:]\\s*(${NUMBER})[^\\d.+-]*?)?x\\s*[=:]\\s*(${NUMBER})[^\\d.+-]*?y\\s*[=:]\\s*(${NUMBER})[^\\d.+-]*?z\\s*[=:]\\s*(${NUMBER})`,
  'i',
)

/** `Accl: x= 0.1 | y= 0.2 | z= 9.8`, `Quat: w: 1 x: 0 y: 0 z: 0`: one quantity a line. */
export function readLabelled(line: string, units: Units): LineResult {
  const match = line.match(LABELLED)
  if (match === null) return 'unknown'
  const [, label = '', w, x, y, z] = match
  const numbers = [x, y, z].map(Number)
  const quantities: Quantities = {}
  if (w !== undefined) setRole(quantities, 'orientation', [Number(w), ...numbers])
  else {
    const role = roleFromName(label)
    if (role === null || role === 'orientation') return 'unknown'
    setRole(quantities, role, numbers)
  }
  return result(readingFrom(quantities, units))
}

/** One JSON object a line: `{"t": 12, "accel": {"x": …}, "gyro": […], "qw": …}`; names as sketches use them. */
export function readJson(line: string, units: Units): LineResult {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'malformed'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'unknown'
  const quantities: Quantities = {}
  const flat: [string, number][] = []
  for (const [name, entry] of Object.entries(value)) {
    if (typeof entry === 'number') flat.push([name, entry])
    const role = roleFromName(name)
    if (role === null || typeof entry !== 'object' || entry === null) continue
    const parts = Array.isArray(entry) ? entry : partsOf(entry, role === 'orientation')
    if (isFiniteList(parts)) setRole(quantities, role, parts)
  }
  const layout = layoutFromNames(flat.map(([name]) => name))
  const row =
    layout === null
      ? null
      : quantitiesFromRow(
          flat.map(([, number]) => String(number)),
          layout,
        )
  const time = flat.find(([name]) => /^(t|ts|time|timestamp|millis)(_?ms)?$/i.test(name))
  return result(readingFrom({...(time && {sampledMs: time[1]}), ...quantities, ...row}, units))
}

function partsOf(entry: object, hasW: boolean): unknown[] {
  const {w, x, y, z} = entry as Record<string, unknown>
  return hasW ? [w, x, y, z] : [x, y, z]
}

/**
 * x-IMU3 ASCII data messages: `I` inertial (°/s, then g), `Q` quaternion (w x y z), `R`, `M`, `B` and others passed over.
 * Times are microseconds since power-on.
 *
 * @see x-io Technologies, x-IMU3 User Manual, data messages
 */
export function readXImu3(line: string): LineResult {
  const [kind = '', ...cells] = line.trim().split(',')
  if (!/^[A-Z]$/.test(kind)) return 'unknown'
  if (kind !== 'I' && kind !== 'Q') return 'ignored'
  const numbers = cells.map((cell) => (cell.trim() === '' ? Number.NaN : Number(cell)))
  const [
    timeUs = Number.NaN,
    a = Number.NaN,
    b = Number.NaN,
    c = Number.NaN,
    d = Number.NaN,
    e = Number.NaN,
    f = Number.NaN,
  ] = numbers
  const quantities: Quantities =
    kind === 'I' ? {rotation: [a, b, c], acceleration: [d, e, f]} : {orientation: [a, b, c, d]}
  if (!isFiniteList(numbers) || numbers.length < (kind === 'I' ? 7 : 5)) return 'malformed'
  return result(readingFrom({...quantities, sampledMs: timeUs / 1000}, {acceleration: 'g', rotation: '°/s'}))
}
