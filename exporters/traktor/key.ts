// Musical keys in an entry: a number from version 19 on, free text beside it, and before that the text alone.
import {keyFromIndex, keyIndex, type MusicalKey, openKeyFromKey, parseKey} from '../../src/core/key.js'
import {numberFrom} from './number.js'

export interface KeyFields {
  /** MUSICAL_KEY VALUE. */
  readonly value: string | null
  /** INFO KEY. */
  readonly text: string | null
  /** INFO KEY_LYRICS, where many tools left the key for Traktor 1 and 2. */
  readonly lyrics: string | null
}

/** The key of an entry: the number wins over the text (FORMATS §4.2); null where none is told or it is told to have none. */
export function keyFromFields({value, text, lyrics}: KeyFields): MusicalKey | null {
  const index = numberFrom(value)
  if (index !== null && Number.isInteger(index) && index >= 0 && index <= 23) return keyFromIndex(index)
  return parseKey(text ?? '') ?? parseKey(lyrics ?? '')
}

/** The text, where it says more than the number: a plain repetition in Open Key is no tag of the DJ's. */
export function keyTagFromFields(fields: KeyFields): string | null {
  const {text, value} = fields
  if (text === null || text === '') return null
  const key = value === null ? null : keyFromFields({...fields, text: null, lyrics: null})
  return key !== null && openKeyFromKey(key) === text ? null : text
}

export function keyValue(key: MusicalKey): string {
  return String(keyIndex(key))
}

export function keyText(key: MusicalKey): string {
  return openKeyFromKey(key)
}
