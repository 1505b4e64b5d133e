// The query language: how a DJ asks for tracks, after beets, with keys, tempos and dates as DJs write them.
import {closest} from '../closest.js'
import {CrateError} from '../errors.js'
import {keyFromIndex, keyIndex, parseKey} from '../key.js'
import {parsePeriod, type QueryClock} from './dates.js'
import {ANY_FIELD, fieldNames, findField, type NumberField, QUERY_FIELDS, type QueryField} from './fields.js'
import {fold} from './fold.js'
import type {Predicate, Query, Sort, Term, TextMatch} from './query.js'
import {type RawTerm, splitTerms} from './terms.js'

/**
 * A query from its text.
 *
 *     query       = alternative *( "," alternative )      a comma alone, or at the end of a term, means "or"
 *     alternative = *term                                 all terms of an alternative must hold
 *     term        = [ "^" | "-" ] ( word | field match )  ^ or - means "not"
 *                 | field ( "+" | "-" )                   sort, upwards or downwards; the first counts most
 *                 | "limit:" digits                       at most so many tracks
 *     match       = ":" value | ":=" value | "::" regex
 *     value       = number | number ".." number           either end may be left out
 *                 | key *( "," key ) | key "~"            any notation; ~ adds the keys that mix with it
 *                 | date | date ".." date                 2024, 2024-03, 2024-03-05, today, -30d, -2w, -6m, -1y
 *                 | "yes" | "no"                          of fields that are true or false
 *                 | "none"                                of numbers, keys and dates: has no value
 *                 | text                                  somewhere inside
 *
 * `"double quotes"` keep spaces, commas and colons together, in whole terms and in values; `\"` is a quote inside them.
 * Text compares without case and accents. `:=` wants the whole text (`genre:=` is "no genre"); `::` is a JavaScript
 * regular expression on the text as written, without case. A word stands for `any:word`; one that starts with `/`, for
 * the start of a path. A number holds for all that rounds to it: `bpm:128` is 127.5 up to 128.5, `bpm:128.0` is 127.95
 * up to 128.05; ends of ranges likewise.
 *
 * @throws QUERY_INVALID with `details.column` (from 1) of what cannot be understood, and a hint
 */
export function parseQuery(text: string, clock: QueryClock): Query {
  const alternatives: Term[][] = [[]]
  const sorts: Sort[] = []
  let limit: number | null = null
  for (const raw of splitTerms(text.replace(/\p{Surrogate}/gu, '\ufffd'))) {
    const sort = parseSort(raw)
    if (sort !== null) sorts.push(sort)
    else if (raw.field === 'limit') limit = parseLimit(raw)
    else if (raw.text !== '' || raw.isQuoted) alternatives.at(-1)?.push(parseTerm(raw, clock))
    if (raw.endsAlternative) alternatives.push([])
  }
  const given = alternatives.filter((terms) => terms.length > 0)
  return {alternatives: given.length === 0 ? [[]] : given, sorts, limit}
}

/** One text from the arguments of a command, whose quotes the shell has taken: `artist:Daft Punk` stays one term. */
export function queryFromArguments(args: readonly string[]): string {
  if (args.length === 1) return args[0] ?? ''
  return args
    .map((arg) => {
      if (!/\s/.test(arg) || arg.includes('"')) return arg
      const [, head = '', value = ''] = /^([\^-]?(?:[a-z]+:[:=]?)?)(.*)$/is.exec(arg) ?? []
      return `${head}"${value}"`
    })
    .join(' ')
}

function invalid(raw: RawTerm, message: string, hints: readonly string[], column = raw.column): CrateError {
  return new CrateError('QUERY_INVALID', `${message} (column ${column})`, {hints, details: {column}})
}

function parseSort(raw: RawTerm): Sort | null {
  const match = raw.isQuoted || raw.field !== null ? null : /^([a-z]+)([+-])$/i.exec(raw.text)
  const field = match?.[1] === undefined ? undefined : findField(match[1])
  if (field === undefined) return null
  if (field.kind === 'playlist')
    throw invalid(raw, 'tracks cannot be sorted by playlist', ['Sort by a field that has one value: artist+'])
  return {field, isDescending: match?.[2] === '-'}
}

function parseLimit(raw: RawTerm): number {
  if (!/^\d{1,9}$/.test(raw.value) || raw.isNegated || raw.how !== 'match')
    throw invalid(raw, `limit wants a whole number, not “${raw.value}”`, ['Write limit:20'], raw.valueColumn)
  return Number(raw.value)
}

function parseTerm(raw: RawTerm, clock: QueryClock): Term {
  const {isNegated} = raw
  if (raw.field === null) {
    if (!raw.isQuoted && /^(\/|[a-z]:\\)/i.test(raw.text)) {
      const path = findField('path')
      if (path?.kind === 'text') {
        const start = raw.text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').normalize('NFC')
        return {
          isNegated,
          predicate: {kind: 'text', field: path, match: {how: 'regex', pattern: new RegExp(`^${start}`, 'iu')}},
        }
      }
    }
    return {isNegated, predicate: {kind: 'text', field: ANY_FIELD, match: {how: 'contains', folded: fold(raw.text)}}}
  }
  const field = findField(raw.field)
  if (field === undefined) throw unknownField(raw, raw.field)
  return {isNegated, predicate: parsePredicate(raw, field, clock)}
}

function unknownField(raw: RawTerm, name: string): CrateError {
  const close = closest(name.toLowerCase(), fieldNames())
  const suggestion = close === null ? [] : [`Did you mean ${close}:${raw.value}?`]
  const documented = QUERY_FIELDS.map((field) => field.name).join(', ')
  return invalid(raw, `there is no field “${name}”`, [
    ...suggestion,
    `Fields: ${documented}`,
    `To look for the words themselves, quote them: "${raw.text}"`,
  ])
}

function parsePredicate(raw: RawTerm, field: QueryField, clock: QueryClock): Predicate {
  if (field.kind === 'text') return {kind: 'text', field, match: parseTextMatch(raw)}
  if (field.kind === 'playlist') return {kind: 'playlist', field, match: parseTextMatch(raw)}
  if (raw.how === 'regex')
    throw invalid(raw, `${field.name} is not text, so it cannot match a regular expression`, [example(field)])
  if (raw.value.toLowerCase() === 'none') return {kind: 'absent', field}
  if (field.kind === 'key') return parseKeys(raw, field)
  if (field.kind === 'flag') return parseFlag(raw, field)
  if (field.kind === 'date') return parseDates(raw, field, clock)
  return parseNumbers(raw, field)
}

function parseTextMatch(raw: RawTerm): TextMatch {
  if (raw.how !== 'regex') return {how: raw.how === 'is' ? 'is' : 'contains', folded: fold(raw.value)}
  try {
    return {how: 'regex', pattern: new RegExp(raw.value.normalize('NFC'), 'iu')}
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*\/iu: /, '') : String(error)
    throw invalid(
      raw,
      `“${raw.value}” is not a regular expression: ${reason}`,
      ['A plain search has one colon: title:love'],
      raw.valueColumn,
    )
  }
}

function example(field: NumberField): string {
  if (field.kind === 'key') return `Write ${field.name}:8A, ${field.name}:Am, ${field.name}:1m or ${field.name}:8A~`
  if (field.kind === 'date') return `Write ${field.name}:2024, ${field.name}:2024-03..2024-05 or ${field.name}:-30d..`
  if (field.kind === 'flag') return `Write ${field.name}:yes or ${field.name}:no`
  if (field.kind === 'length') return `Write ${field.name}:5:30, ${field.name}:4:00..6:30 or ${field.name}:240..`
  return `Write ${field.name}:5, ${field.name}:5..7, ${field.name}:5.. or ${field.name}:none`
}

function parseKeys(raw: RawTerm, field: NumberField): Predicate {
  const values = new Set<number>()
  let column = raw.valueColumn
  for (const part of raw.value.split(',')) {
    const isWide = part.endsWith('~')
    const key = parseKey(isWide ? part.slice(0, -1) : part)
    if (key === null) throw invalid(raw, `“${part}” is not a key`, [example(field)], column)
    const index = keyIndex(key)
    values.add(index)
    if (isWide) for (const neighbour of harmonicNeighbours(index)) values.add(neighbour)
    column += part.length + 1
  }
  return {kind: 'one-of', field, values: [...values]}
}

/** A fifth up, a fifth down, and the relative: one step on the Camelot wheel. */
function harmonicNeighbours(index: number): number[] {
  const {mode} = keyFromIndex(index)
  const pitch = index % 12
  const [own, other, relative] = mode === 'minor' ? [12, 0, pitch + 3] : [0, 12, pitch + 9]
  return [own + ((pitch + 7) % 12), own + ((pitch + 5) % 12), other + (relative % 12)]
}

function parseFlag(raw: RawTerm, field: NumberField): Predicate {
  const value = /^(?:(yes|true|1)|no|false|0)$/i.exec(raw.value)
  if (value === null)
    throw invalid(raw, `${field.name} is yes or no, not “${raw.value}”`, [example(field)], raw.valueColumn)
  return {kind: 'one-of', field, values: [value[1] === undefined ? 0 : 1]}
}

/** Both ends of `a..b` with their columns; the same twice for a single value; null for an end left out. */
function rangeEnds(raw: RawTerm, field: NumberField) {
  const [, low, high] = /^(.*?)\.\.(.*)$/.exec(raw.value) ?? []
  const from = {text: low ?? raw.value, column: raw.valueColumn}
  const until = high === undefined ? from : {text: high, column: raw.valueColumn + (low?.length ?? 0) + 2}
  if (from.text === '' && until.text === '')
    throw invalid(raw, `${field.name}: wants a value`, [example(field)], raw.valueColumn)
  return {from: from.text === '' ? null : from, until: until.text === '' ? null : until, isSingle: high === undefined}
}

function parseNumbers(raw: RawTerm, field: NumberField): Predicate {
  const read = ({text, column}: {text: string; column: number}) => {
    const value = field.kind === 'length' ? parseLength(text) : parseDecimal(text)
    if (value === null) throw invalid(raw, `${field.name}: “${text}” is not a ${field.kind}`, [example(field)], column)
    return value
  }
  const ends = rangeEnds(raw, field)
  const from = ends.from === null ? null : read(ends.from)
  const until = ends.until === null ? null : read(ends.until)
  if (from !== null && until !== null && from.value > until.value)
    throw invalid(
      raw,
      `${field.name}: the range starts above its end`,
      [`Write ${field.name}:${ends.until?.text}..${ends.from?.text}`],
      raw.valueColumn,
    )
  return {
    kind: 'range',
    field,
    from: from === null ? null : from.value - from.halfUnit,
    until: until === null ? null : until.value + until.halfUnit,
  }
}

function parseDecimal(text: string): {value: number; halfUnit: number} | null {
  const match = /^[+-]?\d{1,9}(?:\.(\d{1,6}))?$/.exec(text)
  return match === null ? null : {value: Number(text), halfUnit: 0.5 / 10 ** (match[1]?.length ?? 0)}
}

function parseLength(text: string): {value: number; halfUnit: number} | null {
  if (/^\d{1,6}$/.test(text)) return {value: Number(text), halfUnit: 0.5}
  const match = /^(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)$/.exec(text)
  if (match === null) return null
  return {value: Number(match[1] ?? 0) * 3600 + Number(match[2]) * 60 + Number(match[3]), halfUnit: 0.5}
}

function parseDates(raw: RawTerm, field: NumberField, clock: QueryClock): Predicate {
  const read = ({text, column}: {text: string; column: number}) => {
    const period = parsePeriod(text.toLowerCase().replace('t', 'T'), clock) ?? parsePeriod(text.toLowerCase(), clock)
    if (period === null) throw invalid(raw, `${field.name}: “${text}” is not a date`, [example(field)], column)
    return period
  }
  const ends = rangeEnds(raw, field)
  const from = ends.from === null ? null : read(ends.from)
  const until = ends.until === null ? null : read(ends.until)
  if (ends.isSingle && from !== null && from.startMs === from.endMs)
    return {kind: 'range', field, from: from.startMs, until: from.startMs + 86_400_000}
  if (from !== null && until !== null && from.startMs > until.endMs)
    throw invalid(
      raw,
      `${field.name}: the range starts after its end`,
      [`Write ${field.name}:${ends.until?.text}..${ends.from?.text}`],
      raw.valueColumn,
    )
  return {kind: 'range', field, from: from?.startMs ?? null, until: until?.endMs ?? null}
}
