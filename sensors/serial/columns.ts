// Rows of numbers: which column is what, told by a header line, by the person, or by the profile.
import {type Column, columnFromName, type Quantities, type Role, setRole} from '../common/roles.js'

export interface RowLayout {
  readonly columns: readonly Column[]
  /** Milliseconds in one unit of the time column. */
  readonly timeFactor: number
}

const AXES: Readonly<Record<Role, readonly string[]>> = {
  acceleration: ['x', 'y', 'z'],
  linearAcceleration: ['x', 'y', 'z'],
  gravity: ['x', 'y', 'z'],
  rotation: ['x', 'y', 'z'],
  orientation: ['w', 'x', 'y', 'z'],
}

/** `['t_us', 'ax', 'ay', 'az', 'gx', 'gy', 'gz']`, or role names standing for all their axes. */
export function layoutFromNames(names: readonly string[]): RowLayout | null {
  const columns = names.map(columnFromName)
  if (!columns.some(({axis}) => axis !== null)) return null
  const time = names[columns.findIndex(({role}) => role === 'time')]?.toLowerCase() ?? ''
  const timeFactor = /(us|µs|micros)/.test(time) ? 0.001 : /_s$|^s$/.test(time) ? 1000 : 1
  return {columns, timeFactor}
}

/** Cells at comma, semicolon, tab or blanks, whatever comes first; leading separators are dropped. */
export function cellsOf(line: string): string[] {
  const trimmed = line.replace(/^[\s,;]+|[\s,;]+$/g, '')
  return trimmed.split(/\s*[,;]\s*|\s+/)
}

/** Null where the row does not fit: too few cells, or a cell that should be a number and is none. */
export function quantitiesFromRow(cells: readonly string[], layout: RowLayout): Quantities | null {
  if (cells.length < layout.columns.length) return null
  const found = new Map<Role, Map<string, number>>()
  const quantities: Quantities = {}
  for (const [index, {role, axis}] of layout.columns.entries()) {
    if (role === 'skip') continue
    const value = cells[index] === '' ? Number.NaN : Number(cells[index])
    if (!Number.isFinite(value)) return null
    if (role === 'time') quantities.sampledMs = value * layout.timeFactor
    else if (role === 'sequence') quantities.sequence = {value, modulo: null}
    else if (axis !== null) found.set(role, (found.get(role) ?? new Map()).set(axis, value))
  }
  for (const [role, values] of found)
    setRole(
      quantities,
      role,
      AXES[role].flatMap((axis) => values.get(axis) ?? []),
    )
  return quantities
}
