// A track into the entry that Traktor has for it: only what differs is written, everything else stays byte for byte.
import {parseKey} from '../../src/core/key.js'
import {mergeCueMarks} from './cue-merge.js'
import {applyEdits, type Edit, renderElement, setAttribute} from './edit.js'
import {factsOfEntry, readerOf} from './entry-facts.js'
import {locksGrid} from './entry-values.js'
import {FIELDS, replaces, type TrackFacts} from './fields.js'
import {mergeGridMarks} from './grid-merge.js'
import {keyText, keyValue} from './key.js'
import {marksOfEntry, renderMark} from './mark.js'
import {childOf, type Element, parseElement} from './markup.js'
import {formatFloat} from './number.js'
import type {MergeRule} from './options.js'
import {CHILD_ORDER} from './order.js'

export interface EntryMergeOptions {
  readonly version: number
  /** To add to crate's positions to get Traktor's. */
  readonly shiftMs: number
  readonly cues: MergeRule
  readonly grid: MergeRule
}

export interface MergedEntry {
  readonly text: string
  /** Crate's grid was left out because the DJ locked Traktor's. */
  readonly isGridRefused: boolean
}

/** New values by element and attribute, in the order in which they were put. */
type Values = Map<string, Map<string, string>>

/** @param text of the ENTRY @throws FORMAT_INVALID where it is not well formed */
export function mergeEntry(text: string, track: TrackFacts, options: EntryMergeOptions): MergedEntry {
  const entry = parseElement(text)
  const {track: existing} = factsOfEntry(text, entry, track.file.path, -options.shiftMs)
  const read = readerOf(text, entry)
  const values: Values = new Map()
  const put = (element: string, attribute: string, value: string) => {
    if (read(element, attribute) === value) values.get(element)?.delete(attribute)
    else values.set(element, (values.get(element) ?? new Map()).set(attribute, value))
  }

  for (const {element, attribute, rule, text: textOf} of FIELDS) {
    const wanted = textOf(track)
    if (wanted === null || wanted === textOf(existing)) continue
    if (replaces(rule, read(element, attribute), wanted)) put(element, attribute, wanted)
  }
  if (track.key !== null && (existing.key === null || keyValue(existing.key) !== keyValue(track.key))) {
    if (options.version >= 19) put('MUSICAL_KEY', 'VALUE', keyValue(track.key))
    const told = parseKey(track.tags.key ?? read('INFO', 'KEY') ?? '')
    if (told === null || keyValue(told) !== keyValue(track.key)) put('INFO', 'KEY', keyText(track.key))
  }

  const placed = marksOfEntry(text, entry)
  const isLocked = read('ENTRY', 'LOCK') === '1'
  const grid = mergeGridMarks(
    text,
    placed,
    track,
    {tempoBpm: existing.tempoBpm, isLocked},
    {...options, rule: options.grid},
  )
  const cues = mergeCueMarks(text, placed, track.cues, {...options, rule: options.cues})
  const tempoBpm = grid.tempoBpm ?? (existing.tempoBpm === null ? track.tempoBpm : null)
  if (tempoBpm !== null && tempoBpm !== existing.tempoBpm) {
    put('TEMPO', 'BPM', formatFloat(tempoBpm))
    put('TEMPO', 'BPM_QUALITY', '100.000000')
  }
  if (grid.isOurs && locksGrid(track) && !isLocked) put('ENTRY', 'LOCK', '1')

  const marks = [...grid.added, ...cues.added].map((mark) => renderMark(mark, options.version)).join('')
  const edits = [...grid.edits, ...cues.edits, ...valueEdits(entry, values)]
  if (marks !== '') edits.push(insertChild(entry, 'CUE_V2', marks))
  return {text: applyEdits(text, closedEntry(entry, edits)), isGridRefused: grid.isRefused}
}

function valueEdits(entry: Element, values: Values): Edit[] {
  return [...values].flatMap(([name, attributes]) => {
    if (attributes.size === 0) return []
    const element = name === 'ENTRY' ? entry : childOf(entry, name)
    if (element === undefined) return [insertChild(entry, name, renderElement(name, Object.fromEntries(attributes)))]
    return [...attributes].map(([attribute, value]) => setAttribute(element, attribute, value))
  })
}

/** In Traktor's order: before the first child that comes later in it. */
function insertChild(entry: Element, name: string, rendered: string): Edit {
  const place = (child: string) => CHILD_ORDER.indexOf(child)
  const next = entry.children.find((child) => place(child.name) > place(name))
  const at = next?.start ?? entry.closeStart
  return {start: at, end: at, text: rendered}
}

/** A self-closing entry that gets children gets an end tag. */
function closedEntry(entry: Element, edits: readonly Edit[]): readonly Edit[] {
  if (!entry.isSelfClosing) return edits
  const inside = edits.filter(({start}) => start === entry.end)
  if (inside.length === 0) return edits
  const content = `>${inside.map(({text}) => text).join('')}</ENTRY>`
  return [...edits.filter(({start}) => start !== entry.end), {start: entry.end - 2, end: entry.end, text: content}]
}
