// What Traktor knows of a track and crate does not (fingerprint, cover, loudness, stems, …), kept in the track's extras
// under `traktor`, so that it survives the way through the library.
import type {Extras, JsonValue} from '../../src/core/json.js'
import {byteTextFromText, decodeValue, textFromByteText} from './byte-text.js'
import {FIELDS} from './fields.js'
import {type Location, pathFromLocation} from './location.js'
import {type Element, parseElement} from './markup.js'
import {CHILD_ORDER} from './order.js'

export const EXTRAS_ID = 'traktor'

type Attributes = Readonly<Record<string, string>>

export interface Residue {
  /** By element (ENTRY or the name of a child), then by attribute. */
  readonly attributes: Readonly<Record<string, Attributes>>
  /** Children of the entry that crate does not read at all, as they stand in the file. */
  readonly elements: readonly string[]
}

export const NO_RESIDUE: Residue = {attributes: {}, elements: []}

/** Attributes by element that the library holds, so that they are not kept a second time. */
const READ = new Map<string, Set<string>>([
  ['ENTRY', new Set(['LOCK'])],
  ['LOCATION', new Set(['DIR', 'FILE', 'VOLUME'])],
  ['TEMPO', new Set(['BPM'])],
  ['MUSICAL_KEY', new Set(['VALUE'])],
])
for (const {element, attribute} of FIELDS) READ.set(element, (READ.get(element) ?? new Set()).add(attribute))
// In whole KiB, which is no size in bytes: the library takes none from it.
READ.get('INFO')?.delete('FILESIZE')

const SIMPLE_CHILDREN = new Set(CHILD_ORDER.filter((name) => name !== 'CUE_V2'))

/**
 * @param isUsual whether crate would write the location of this path in the same way; else it is kept
 */
export function residueOf(text: string, entry: Element, location: Location, isUsual: boolean): Residue {
  const attributes: Record<string, Attributes> = {}
  const elements: string[] = []
  const seen = new Set<string>()
  keep(attributes, text, entry)
  for (const child of entry.children) {
    if (child.name === 'CUE_V2') continue
    const isPlain = SIMPLE_CHILDREN.has(child.name) && child.children.length === 0 && !seen.has(child.name)
    seen.add(child.name)
    if (isPlain) keep(attributes, text, child)
    else elements.push(textFromByteText(text.slice(child.start, child.end)))
  }
  const {volume, dir, file} = location
  const {VOLUMEID: id, ...others} = attributes['LOCATION'] ?? {}
  const place = isUsual ? {} : {DIR: dir, FILE: file, VOLUME: volume}
  const ownId = id === undefined || id === volume ? {} : {VOLUME: volume, VOLUMEID: id}
  const kept = {...place, ...ownId, ...others}
  const {LOCATION: _replaced, ...rest} = attributes
  return {attributes: Object.keys(kept).length === 0 ? rest : {...rest, LOCATION: kept}, elements}
}

function keep(attributes: Record<string, Attributes>, text: string, element: Element): void {
  const kept: Record<string, string> = {}
  const read = READ.get(element.name)
  let isEmpty = true
  for (const {name, start, end} of element.attributes) {
    if (read?.has(name)) continue
    kept[name] = decodeValue(text.slice(start, end))
    isEmpty = false
  }
  if (!isEmpty) attributes[element.name] = kept
}

/** The residue as JSON; null where nothing was left. */
export function jsonFromResidue({attributes, elements}: Residue): JsonValue | null {
  const hasAttributes = Object.keys(attributes).length > 0
  if (!hasAttributes && elements.length === 0) return null
  return {...(hasAttributes && {attributes}), ...(elements.length > 0 && {elements})}
}

/** The residue in a track's extras, as far as it has the form that this format gave it. */
export function residueFromExtras(extras: Extras): Residue {
  const kept = extras[EXTRAS_ID]
  if (!isRecord(kept)) return NO_RESIDUE
  const {attributes, elements} = kept
  const groups = isRecord(attributes) ? Object.entries(attributes).filter(([, group]) => isRecord(group)) : []
  return {
    attributes: Object.fromEntries(groups.map(([name, group]) => [name, onlyStrings(group)])),
    elements: Array.isArray(elements) ? elements.filter(isWholeElement) : [],
  }
}

/** What is written as it stands must not break the file: extras pass through a database and other programs. */
export function isWholeElement(text: unknown): text is string {
  if (typeof text !== 'string') return false
  try {
    const byteText = byteTextFromText(text)
    return text.startsWith('<') && parseElement(byteText).end === byteText.length
  } catch {
    return false
  }
}

const ATTRIBUTE_NAME = /^[A-Za-z_][\w.:-]*$/

function onlyStrings(group: JsonValue | undefined): Attributes {
  if (!isRecord(group)) return {}
  return Object.fromEntries(
    Object.entries(group).filter(
      (entry): entry is [string, string] => ATTRIBUTE_NAME.test(entry[0]) && typeof entry[1] === 'string',
    ),
  )
}

function isRecord(value: JsonValue | undefined): value is {readonly [key: string]: JsonValue} {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Marks that a track's positions stand in Traktor's time, because its MP3 header could not be read (see position-shift). */
export function inTraktorsTime(extras: Extras): Extras {
  const kept = extras[EXTRAS_ID]
  return {...extras, [EXTRAS_ID]: {...(isRecord(kept) ? kept : {}), clock: 'traktor'}}
}

export function isInTraktorsTime(extras: Extras): boolean {
  const kept = extras[EXTRAS_ID]
  return isRecord(kept) && kept['clock'] === 'traktor'
}

/** The location that Traktor had for a track, as long as the file is still there. */
export function keptLocation(residue: Residue, path: string): Location | null {
  const {DIR: dir, FILE: file, VOLUME: volume} = residue.attributes['LOCATION'] ?? {}
  if (dir === undefined || file === undefined || volume === undefined) return null
  const location = {volume, dir, file}
  return pathFromLocation(location) === path ? location : null
}
