// YAML or JSON text → a checked mapping, or what is wrong with it, line by line.
import {LineCounter, parseDocument} from 'yaml'
import type {z} from 'zod'
import {CrateError} from '../../core/errors.js'
import {type Mapping, type MappingAction, mappingSchema} from './schema.js'

export interface MappingFault {
  /** 1-based; null where it concerns the whole file. */
  readonly line: number | null
  readonly column: number | null
  /** As in `rules[2].do.note.channel`. */
  readonly path: string
  readonly reason: string
}

export type ParsedMapping = {readonly mapping: Mapping} | {readonly faults: readonly MappingFault[]}

const LONGEST_TEXT = 1 << 20
const MOST_ALIASES = 100

/** Never throws: a file that is being edited while the show runs must not stop it. */
export function parseMapping(text: string): ParsedMapping {
  if (text.length > LONGEST_TEXT)
    return {faults: [{line: null, column: null, path: '', reason: 'the file is over a megabyte'}]}
  const lines = new LineCounter()
  const document = parseDocument(text, {lineCounter: lines, prettyErrors: false, uniqueKeys: true})
  const place = (offset: number | undefined) => {
    if (offset === undefined) return {line: null, column: null}
    const {line, col} = lines.linePos(offset)
    return {line, column: col}
  }
  if (document.errors.length > 0)
    return {faults: document.errors.map(({pos, message}) => ({...place(pos[0]), path: '', reason: message}))}
  let value: unknown
  try {
    value = document.toJS({maxAliasCount: MOST_ALIASES})
  } catch (error) {
    return {
      faults: [{line: null, column: null, path: '', reason: error instanceof Error ? error.message : String(error)}],
    }
  }
  const offsetOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let length = path.length; length >= 0; length--) {
      const node: unknown = document.getIn(path.slice(0, length), true)
      const range = (node as {range?: readonly number[] | null} | undefined)?.range
      if (range) return range[0]
    }
    return undefined
  }
  const checked = mappingSchema.safeParse(value)
  if (!checked.success)
    return {
      faults: checked.error.issues.flatMap((issue) =>
        deepest(issue).map(({path, reason}) => ({...place(offsetOf(path)), path: pathText(path), reason})),
      ),
    }
  const faults = checkNames(checked.data).map(({path, reason}) => ({
    ...place(offsetOf(path)),
    path: pathText(path),
    reason,
  }))
  return faults.length > 0 ? {faults} : {mapping: checked.data}
}

/** @throws CONFIG_INVALID with all faults, each naming its line */
export function mappingFrom(text: string, fileName: string): Mapping {
  const parsed = parseMapping(text)
  if ('mapping' in parsed) return parsed.mapping
  const [first] = parsed.faults
  const more = parsed.faults.length > 1 ? ` (and ${parsed.faults.length - 1} more)` : ''
  throw new CrateError('CONFIG_INVALID', `${fileName}${first ? faultText(first) : ''}${more}`, {
    hints: parsed.faults.slice(1, 6).map((fault) => `${fileName}${faultText(fault)}`),
    details: {faults: parsed.faults},
  })
}

export function faultText({line, path, reason}: MappingFault): string {
  return `${line === null ? '' : `:${line}`}: ${path === '' ? '' : `${path}: `}${reason}`
}

interface Place {
  readonly path: readonly PropertyKey[]
  readonly reason: string
}

/** Of the branches of a union the one that got furthest is what the person meant. */
function deepest(issue: z.core.$ZodIssue, before: readonly PropertyKey[] = []): Place[] {
  const path = [...before, ...issue.path]
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{path, reason: issue.message}]
  const depth = (list: readonly z.core.$ZodIssue[]) => Math.max(...list.map((inner) => weight(inner)))
  const best = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? []
  return best.flatMap((inner) => deepest(inner, path))
}

function weight(issue: z.core.$ZodIssue): number {
  const inner = issue.code === 'invalid_union' ? Math.max(0, ...issue.errors.flat().map(weight)) : 0
  // Unknown and missing keys mean that another branch was meant.
  return issue.path.length + inner - (issue.code === 'unrecognized_keys' ? 0.5 : 0)
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}

function checkNames({sensors, outputs, rules, controls}: Mapping): Place[] {
  const faults: Place[] = []
  const known = (names: object, name: string | undefined, path: readonly PropertyKey[], what: string) => {
    if (name === undefined || Object.hasOwn(names, name)) return
    const list = Object.keys(names).join(', ') || 'none'
    faults.push({path, reason: `there is no ${what} "${name}" (${what}s: ${list})`})
  }
  for (const [index, {when, do: actions}] of rules.entries()) {
    if ('gesture' in when) known(sensors, when.sensor, ['rules', index, 'when', 'sensor'], 'sensor')
    const list: readonly MappingAction[] = Array.isArray(actions) ? actions : [actions]
    for (const [number, action] of list.entries()) {
      if (typeof action === 'string' || 'plugin' in action) continue
      const [kind, body] = Object.entries(action)[0] as [string, {output?: string}]
      const at = Array.isArray(actions) ? ['rules', index, 'do', number] : ['rules', index, 'do']
      known(outputs, body.output, [...at, kind, 'output'], 'output')
    }
  }
  for (const [index, {from, to, range}] of controls.entries()) {
    if ('sensor' in from) known(sensors, from.sensor, ['controls', index, 'from', 'sensor'], 'sensor')
    const [kind, body] = Object.entries(to)[0] as [string, {output?: string; bits?: number; number?: number}]
    known(outputs, body.output, ['controls', index, 'to', kind, 'output'], 'output')
    if (body.bits === 14 && (body.number ?? 0) > 31)
      faults.push({
        path: ['controls', index, 'to', 'cc', 'number'],
        reason: `controllers of 14 bits are 0 to 31, not ${body.number}`,
      })
    if (Array.isArray(range) && range[0] === range[1])
      faults.push({path: ['controls', index, 'range'], reason: 'the range has no width'})
  }
  return faults
}
