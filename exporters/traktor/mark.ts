// CUE_V2 as it stands in an entry: one record for cues, fades, load points, loops and grid markers alike.
import {hexFromRgb, rgbFromHex} from '../../src/core/color.js'
import {decodeValue} from './byte-text.js'
import {renderElement} from './edit.js'
import {attributeOf, childOf, type Element} from './markup.js'
import {formatFloat, numberFrom} from './number.js'

/** TYPE (FORMATS §4.3). */
export const MARK_TYPE = {cue: 0, fadeIn: 1, fadeOut: 2, load: 3, grid: 4, loop: 5} as const

export interface Mark {
  readonly name: string
  readonly type: number
  readonly startMs: number
  readonly lengthMs: number
  /** 0–7 = pad 1–8; −1 = on none. */
  readonly hotcue: number
  readonly colorRgb: number | null
  /** Of a version 20 grid marker. */
  readonly gridTempoBpm: number | null
}

/** A mark with the element that it was read from. */
export interface PlacedMark {
  readonly mark: Mark
  readonly element: Element
}

/** What Traktor calls a mark that has no name. */
export const UNNAMED = 'n.n.'

/** The mark of a CUE_V2; null where its place cannot be read. */
export function readMark(text: string, element: Element): Mark | null {
  let startMs: number | null = null
  let type: number | null = null
  let lengthMs = 0
  let hotcue = -1
  let name = ''
  let colorRgb: number | null = null
  // One pass over the attributes: a collection has a million of them.
  for (const {name: attribute, start, end} of element.attributes) {
    const value = text.slice(start, end)
    if (attribute === 'START') startMs = numberFrom(value)
    else if (attribute === 'TYPE') type = numberFrom(value)
    else if (attribute === 'LEN') lengthMs = numberFrom(value) ?? 0
    else if (attribute === 'HOTCUE') hotcue = numberFrom(value) ?? -1
    else if (attribute === 'NAME') name = decodeValue(value)
    else if (attribute === 'COLOR') colorRgb = rgbFromHex(value)
  }
  if (startMs === null || type === null || !Number.isInteger(type)) return null
  const grid = element.children.length === 0 ? undefined : childOf(element, 'GRID')
  return {
    name,
    type,
    startMs,
    lengthMs: Math.max(0, lengthMs),
    hotcue: Number.isInteger(hotcue) && hotcue >= 0 ? hotcue : -1,
    colorRgb,
    gridTempoBpm: numberFrom(attributeOf(text, grid, 'BPM')),
  }
}

/** All marks of an entry that can be read, in the order of the file. */
export function marksOfEntry(text: string, entry: Element): PlacedMark[] {
  const placed: PlacedMark[] = []
  for (const element of entry.children) {
    if (element.name !== 'CUE_V2') continue
    const mark = readMark(text, element)
    if (mark !== null) placed.push({mark, element})
  }
  return placed
}

/** The attributes of a mark, in Traktor's order. Colours and tempo per marker exist from version 20 on. */
export function attributesOfMark(mark: Mark, version: number): Record<string, string> {
  const attributes = {
    NAME: mark.name,
    DISPL_ORDER: '0',
    TYPE: String(mark.type),
    START: formatFloat(mark.startMs),
    LEN: formatFloat(mark.lengthMs),
    REPEATS: '-1',
    HOTCUE: String(mark.hotcue),
  }
  return version >= 20 && mark.colorRgb !== null ? {...attributes, COLOR: hexFromRgb(mark.colorRgb)} : attributes
}

export function renderMark(mark: Mark, version: number): string {
  const grid =
    version >= 20 && mark.gridTempoBpm !== null ? renderElement('GRID', {BPM: formatFloat(mark.gridTempoBpm)}) : ''
  return renderElement('CUE_V2', attributesOfMark(mark, version), grid)
}
