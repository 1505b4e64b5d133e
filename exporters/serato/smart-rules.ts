// Rules of smart crates and crate's query language, as far as each can say what the other means.
import {parseKey} from '../../src/core/key.js'
import {findField} from '../../src/core/query/fields.js'
import {type RawTerm, splitTerms} from '../../src/core/query/terms.js'
import type {SmartCrate, SmartRule} from './smart-crate.js'

type Rules = Pick<SmartCrate, 'matchesAll' | 'rules'>

/** Serato's numbers of the fields by their names in queries. The file name (4) has none there. */
const FIELD_NUMBERS = {
  title: 6,
  artist: 7,
  album: 8,
  genre: 9,
  bpm: 15,
  comment: 17,
  grouping: 19,
  remixer: 20,
  label: 21,
  composer: 22,
  year: 23,
  added: 25,
  key: 51,
  plays: 79,
} as const

const FIELD_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(FIELD_NUMBERS).map(([name, number]) => [number, name]),
)

const DAY_MS = 86_400_000

/** The rules as a query; null where one of them has no counterpart there. */
export function queryOfRules({matchesAll, rules}: Rules): string | null {
  const terms = rules.map(termOfRule)
  if (terms.length === 0 || terms.includes(null)) return null
  return terms.join(matchesAll ? ' ' : ' , ')
}

function termOfRule({condition, field, value}: SmartRule): string | null {
  const name = FIELD_NAMES.get(field)
  const pattern = TERMS[condition]
  if (name === undefined || pattern === undefined || value === '') return null
  if (condition.endsWith('_time')) {
    // Serato's before and after leave the day itself out, ranges of queries hold it.
    const date = isoDate(String(value), condition === 'cond_bef_time' ? -DAY_MS : DAY_MS)
    return date === null ? null : pattern(name, date)
  }
  if (name === 'key' && parseKey(String(value)) === null) return null
  return pattern(name, quoted(String(value)))
}

const TERMS: Readonly<Record<string, (name: string, value: string) => string>> = {
  cond_con_str: (name, value) => `${name}:${value}`,
  cond_dnc_str: (name, value) => `^${name}:${value}`,
  cond_is_str: (name, value) => `${name}:=${value}`,
  cond_isn_str: (name, value) => `^${name}:=${value}`,
  cond_bef_time: (name, value) => `${name}:..${value}`,
  cond_aft_time: (name, value) => `${name}:${value}..`,
  cond_greq_uint: (name, value) => `${name}:${value}..`,
  cond_lseq_uint: (name, value) => `${name}:..${value}`,
}

function quoted(text: string): string {
  return /^[\p{L}\p{N}._-]+$/u.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`
}

/** `m/d/yyyy` → `yyyy-mm-dd` of the day that lies `byMs` from it. */
function isoDate(text: string, byMs: number): string | null {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text.trim())
  if (match === null) return null
  const [, month = '', day = '', year = ''] = match
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)) + byMs).toISOString().slice(0, 10)
}

/**
 * The query as rules; null where Serato cannot say the same: words without a field, keys, regular expressions, relative
 * dates, limits, and "or" between groups. A sort order is left to Serato's own columns.
 */
export function rulesOfQuery(query: string): Rules | null {
  let terms: RawTerm[]
  try {
    terms = splitTerms(query)
  } catch {
    return null
  }
  const wanted = terms.filter(({field, text, isQuoted}) => field !== null || isQuoted || !/^[a-z]+[+-]$/i.test(text))
  const groups: SmartRule[][] = [[]]
  for (const term of wanted) {
    const rules = term.text === '' && !term.isQuoted ? [] : rulesOfTerm(term)
    if (rules === null) return null
    groups.at(-1)?.push(...rules)
    if (term.endsAlternative) groups.push([])
  }
  const given = groups.filter((group) => group.length > 0)
  const [first] = given
  if (first === undefined) return null
  if (given.length === 1) return {matchesAll: true, rules: first}
  return given.every((group) => group.length === 1) ? {matchesAll: false, rules: given.flat()} : null
}

function rulesOfTerm({field, how, value, isNegated}: RawTerm): SmartRule[] | null {
  const found = field === null ? undefined : findField(field)
  const number = found === undefined || !isFieldName(found.name) ? undefined : FIELD_NUMBERS[found.name]
  if (found === undefined || number === undefined || value === '') return null
  if (found.kind === 'text' && how !== 'regex') {
    const kind = how === 'is' ? 'is' : 'con'
    const negated = how === 'is' ? 'isn' : 'dnc'
    return [{condition: `cond_${isNegated ? negated : kind}_str`, field: number, value}]
  }
  if (isNegated || how !== 'match') return null
  if (found.name === 'bpm' || found.name === 'plays')
    return rangeRules(value, /^\d{1,9}$/, (from, to) => [
      {condition: 'cond_greq_uint', field: number, value: from === '' ? '' : Number(from)},
      {condition: 'cond_lseq_uint', field: number, value: to === '' ? '' : Number(to)},
    ])
  if (found.name === 'added')
    return rangeRules(value, /^\d{4}-\d{2}-\d{2}$/, (from, to) => [
      {condition: 'cond_aft_time', field: number, value: americanDate(from, -DAY_MS)},
      {condition: 'cond_bef_time', field: number, value: americanDate(to, DAY_MS)},
    ])
  return null
}

/** The rules of a range, without those of an end that is open; null for what is no range. */
function rangeRules(
  value: string,
  end: RegExp,
  rulesOf: (from: string, to: string) => SmartRule[],
): SmartRule[] | null {
  const [from = '', to, more] = value.split('..')
  if (to === undefined || more !== undefined || [from, to].some((text) => text !== '' && !end.test(text))) return null
  const rules = rulesOf(from, to).filter((rule) => rule.value !== '')
  return rules.length === 0 ? null : rules
}

function isFieldName(name: string): name is keyof typeof FIELD_NUMBERS {
  return Object.hasOwn(FIELD_NUMBERS, name)
}

/** `yyyy-mm-dd` → `m/d/yyyy` of the day that lies `byMs` from it; empty stays empty, and so becomes no date. */
function americanDate(text: string, byMs: number): string {
  const time = Date.parse(text)
  if (Number.isNaN(time)) return ''
  const date = new Date(time + byMs)
  return `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`
}
