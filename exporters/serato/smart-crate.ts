// A smart crate: rules that Serato runs over its library, with the tracks that they matched last.
import {parseKey} from '../../src/core/key.js'
import {textFromUtf16} from './bytes.js'
import {type DecodedRecords, decodeRecords, type SeratoRecord} from './container.js'
import {decodeCrate} from './crate.js'

export interface SmartRule {
  /** As Serato names it: `cond_con_str`, `cond_greq_uint`, … */
  readonly condition: string
  /** Serato's number of the field. */
  readonly field: number
  readonly value: string | number
}

export interface SmartCrate extends DecodedRecords {
  readonly matchesAll: boolean
  readonly rules: readonly SmartRule[]
  readonly paths: readonly string[]
}

/** Fields of rules in crate's query language; the file name is left out, which has no field of its own there. */
const QUERY_FIELDS: ReadonlyMap<number, string> = new Map([
  [6, 'title'],
  [7, 'artist'],
  [8, 'album'],
  [9, 'genre'],
  [15, 'bpm'],
  [17, 'comment'],
  [19, 'grouping'],
  [20, 'remixer'],
  [21, 'label'],
  [22, 'composer'],
  [23, 'year'],
  [25, 'added'],
  [51, 'key'],
  [79, 'plays'],
])

/** Never throws; rules up to a damage are given. */
export function decodeSmartCrate(bytes: Uint8Array): SmartCrate {
  const crate = decodeCrate(bytes)
  const all = crate.records.find(({tag}) => tag === 'rart')
  return {
    ...crate,
    matchesAll: all === undefined || decodeRecords(all.payload).records[0]?.payload[0] !== 0,
    rules: crate.records.filter(({tag}) => tag === 'rurt').map(decodeRule),
  }
}

function decodeRule({payload}: SeratoRecord): SmartRule {
  const fields = new Map(decodeRecords(payload).records.map((field) => [field.tag, field.payload]))
  const number = (tag: string) => fields.get(tag)?.reduce((value, byte) => value * 256 + byte, 0)
  const text = (tag: string) => {
    const bytes = fields.get(tag)
    return bytes === undefined ? undefined : textFromUtf16(bytes)
  }
  return {
    condition: text('trft') ?? '',
    field: number('urkt') ?? 0,
    value: text('trpt') ?? text('trtt') ?? number('urpt') ?? '',
  }
}

/** The rules in crate's query language; null where one of them has no counterpart there. */
export function queryOfRules({matchesAll, rules}: Pick<SmartCrate, 'matchesAll' | 'rules'>): string | null {
  const terms = rules.map(termOfRule)
  if (terms.length === 0 || terms.includes(null)) return null
  return terms.join(matchesAll ? ' ' : ' , ')
}

function termOfRule({condition, field, value}: SmartRule): string | null {
  const name = QUERY_FIELDS.get(field)
  if (name === undefined || value === '') return null
  const text = condition.endsWith('_time') ? isoDate(String(value)) : String(value)
  if (text === null || (name === 'key' && parseKey(text) === null)) return null
  const pattern = TERMS[condition]
  return pattern === undefined ? null : pattern(name, quoted(text))
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

/** `m/d/yyyy` → `yyyy-mm-dd`. */
function isoDate(text: string): string | null {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4})/.exec(text.trim())
  if (match === null) return null
  const [, month = '', day = '', year = ''] = match
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}
