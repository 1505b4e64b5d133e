// A crate: the list of tracks in `Subcrates/*.crate`, with the columns that its view shows.
import {areEqualBytes, textFromUtf16, utf16FromText} from './bytes.js'
import {type DecodedRecords, decodeRecords, encodeRecord, encodeRecords, type SeratoRecord} from './container.js'

const CRATE_VERSION = '1.0/Serato ScratchLive Crate'

/** Columns of a new crate with their widths; the order is that of crates which Serato DJ Pro makes. */
const NEW_COLUMNS = ['song', 'artist', 'bpm', 'key', 'album', 'length', 'comment']

/** A crate as its records, which keeps what crate does not know. */
export interface Crate extends DecodedRecords {
  /** Drive-relative paths in playing order, as the bytes say. */
  readonly paths: readonly string[]
}

/** Never throws: a damaged crate gives the tracks up to the damage, and says where that is in `brokenAt`. */
export function decodeCrate(bytes: Uint8Array): Crate {
  const decoded = decodeRecords(bytes)
  const paths: string[] = []
  for (const {tag, payload} of decoded.records) {
    if (tag !== 'otrk') continue
    const path = decodeRecords(payload).records.find((field) => field.tag === 'ptrk')
    if (path !== undefined) paths.push(textFromUtf16(path.payload))
  }
  return {...decoded, paths}
}

export function encodeCrate(crate: Pick<Crate, 'records'>): Buffer {
  return encodeRecords(crate.records)
}

/** The crate with other tracks: columns, sort order and unknown records stay. `null` makes a new one. */
export function withTracks(crate: Pick<Crate, 'records'> | null, paths: readonly string[]): Pick<Crate, 'records'> {
  const head = crate?.records.filter(({tag}) => tag !== 'otrk') ?? newCrateHead()
  const entries = paths.map((path) => ({
    tag: 'otrk',
    payload: encodeRecord({tag: 'ptrk', payload: utf16FromText(path)}),
  }))
  const lastTrack = crate?.records.findLastIndex(({tag}) => tag === 'otrk') ?? -1
  const tail = lastTrack < 0 ? [] : (crate?.records.slice(lastTrack + 1) ?? [])
  const before = tail.length === 0 ? head : head.slice(0, head.length - tail.length)
  return {records: [...before, ...entries, ...tail]}
}

export function haveSameRecords(a: Pick<Crate, 'records'>, b: Pick<Crate, 'records'>): boolean {
  return areEqualBytes(encodeCrate(a), encodeCrate(b))
}

/** Version, sort order and columns, which come before the tracks. */
export function newCrateHead(): SeratoRecord[] {
  const column = (name: string) => ({tag: 'tvcn', payload: utf16FromText(name)})
  return [
    {tag: 'vrsn', payload: utf16FromText(CRATE_VERSION)},
    {tag: 'osrt', payload: encodeRecords([column('#'), {tag: 'brev', payload: Uint8Array.of(0)}])},
    ...NEW_COLUMNS.map((name) => ({
      tag: 'ovct',
      payload: encodeRecords([column(name), {tag: 'tvcw', payload: utf16FromText('0')}]),
    })),
  ]
}
