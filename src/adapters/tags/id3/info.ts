// The plain texts that WAV (LIST/INFO) and AIFF (NAME, AUTH) had for tags before ID3 came to them. Programs that know
// only these would go on showing the old title beside a new one in the ID3 chunk.
// Sources: Microsoft/IBM "Multimedia Programming Interface and Data Specifications 1.0" (1991), RIFF INFO;
// Apple "Audio Interchange File Format" 1.3, text chunks.
import {latin1, u32le} from '../../audio/bytes.js'
import type {KeyChange} from '../splice.js'
import type {FrameValue} from './values.js'

export const INFO_PREFIX = 'INFO:'
export const AIFF_PREFIX = 'AIFF:'
export const AIFF_TEXTS = ['NAME', 'AUTH', 'ANNO', '(c) ']

/** Entries of an INFO list, after its form type. */
export function readInfo(list: Uint8Array): FrameValue[] {
  return entriesOf(list).map(({id, text}) => ({key: `${INFO_PREFIX}${id}`, bytes: untilNul(text)}))
}

interface InfoEntry {
  readonly id: string
  /** As stored, terminator included. */
  readonly text: Uint8Array
}

function entriesOf(list: Uint8Array): InfoEntry[] {
  const entries: InfoEntry[] = []
  for (let at = 4; at + 8 <= list.length; ) {
    const bytes = u32le(list, at + 4)
    const end = Math.min(list.length, at + 8 + bytes)
    entries.push({id: latin1(list, at, at + 4), text: list.subarray(at + 8, end)})
    at = end + (bytes & 1)
  }
  return entries
}

/** The list with changed values; others keep their bytes. */
export function editInfo(list: Uint8Array, changes: readonly KeyChange[]): Uint8Array {
  let entries: readonly InfoEntry[] = entriesOf(list)
  for (const {key, values} of changes) {
    const id = key.slice(INFO_PREFIX.length)
    const fresh = values.map((value) => ({id, text: Buffer.concat([value, new Uint8Array(1)])}))
    const first = entries.find((entry) => entry.id === id)
    entries =
      first === undefined
        ? [...entries, ...fresh]
        : entries.flatMap((entry) => (entry === first ? fresh : entry.id === id ? [] : [entry]))
  }
  const parts = entries.map(({id, text}) => {
    const header = Buffer.alloc(8)
    header.write(id, 0, 'latin1')
    header.writeUInt32LE(text.length, 4)
    return Buffer.concat([header, text, new Uint8Array(text.length & 1)])
  })
  return Buffer.concat([list.subarray(0, 4), ...parts])
}

export function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}
