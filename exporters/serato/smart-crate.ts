// A smart crate: rules that Serato runs over its library, with the tracks that they matched last.
import {textFromUtf16, u32Bytes, utf16FromText} from './bytes.js'
import {type DecodedRecords, decodeRecords, encodeRecord, encodeRecords, type SeratoRecord} from './container.js'
import {decodeCrate, newCrateHead} from './crate.js'

const SMART_VERSION = '1.0/Serato ScratchLive Smart Crate'

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

/** The records before the tracks of a new smart crate that Serato keeps up to date itself. */
export function smartCrateHead({matchesAll, rules}: Pick<SmartCrate, 'matchesAll' | 'rules'>): SeratoRecord[] {
  const flag = (tag: string, value: boolean) => ({
    tag,
    payload: encodeRecord({tag: 'brut', payload: Uint8Array.of(value ? 1 : 0)}),
  })
  const [, ...view] = newCrateHead()
  return [
    {tag: 'vrsn', payload: utf16FromText(SMART_VERSION)},
    flag('rart', matchesAll),
    flag('rlut', true),
    ...rules.map(({condition, field, value}) => ({
      tag: 'rurt',
      payload: encodeRecords([
        {tag: 'trft', payload: utf16FromText(condition)},
        {tag: 'urkt', payload: u32Bytes(field)},
        typeof value === 'number'
          ? {tag: 'urpt', payload: u32Bytes(value)}
          : {tag: condition.endsWith('_time') ? 'trtt' : 'trpt', payload: utf16FromText(value)},
      ]),
    })),
    ...view,
  ]
}
