// One XML element, read without losing where anything stands, so that one attribute can change and all else stay.
//
// An ordinary parser gives values and forgets the text; a DJ's collection.nml must come back byte for byte outside of
// what was changed, so this one gives positions.
import {CrateError} from '../../src/core/errors.js'
import {decodeValue} from './byte-text.js'

export interface Attribute {
  readonly name: string
  /** Of the value between its quotes. */
  readonly start: number
  readonly end: number
  /** What stands around the value, which decides how it must be escaped. */
  readonly quote: '"' | "'"
}

export interface Element {
  readonly name: string
  readonly attributes: readonly Attribute[]
  readonly children: readonly Element[]
  readonly start: number
  /** Just after the `>` of the start tag. */
  readonly openEnd: number
  /** Of the end tag; equals `openEnd` for a self-closing one. */
  readonly closeStart: number
  readonly end: number
  readonly isSelfClosing: boolean
}

/** Deeper nesting than any program writes; keeps hostile files from exhausting anything. */
export const DEEPEST = 200

/** @param at offset in the text where it cannot be read on */
export function malformed(what: string, at: number): CrateError {
  return new CrateError('FORMAT_INVALID', `not well-formed XML: ${what} at byte ${at}`, {
    hints: ['Traktor keeps older copies in its Backup/Collection folder; try the newest of them.'],
    details: {offset: at},
  })
}

/** Where the tag ends that starts at `from`: just after its `>`, which counts only outside of quotes; −1 if it does not. */
export function endOfTag(text: string, from: number): number {
  for (let at = from; ; ) {
    const close = text.indexOf('>', at)
    if (close === -1) return -1
    const quote = firstQuote(text, at, close)
    if (quote === -1) return close + 1
    const end = text.indexOf(text.charAt(quote), quote + 1)
    if (end === -1) return -1
    at = end + 1
  }
}

function firstQuote(text: string, from: number, until: number): number {
  for (let at = from; at < until; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22 || code === 0x27) return at
  }
  return -1
}

/** Where a comment, CDATA section or processing instruction ends that starts at `from`; −1 if it does not in this text. */
export function endOfAside(text: string, from: number, base = 0): number {
  const after = (mark: string, skip: number) => {
    const at = text.indexOf(mark, from + skip)
    return at === -1 ? -1 : at + mark.length
  }
  if (text.startsWith('<?', from)) return after('?>', 2)
  if (text.startsWith('<!--', from)) return after('-->', 4)
  if (text.startsWith('<![CDATA[', from)) return after(']]>', 9)
  throw malformed('a document type or declaration, which no DJ program writes,', base + from)
}

const NAME = /[^\s/>"'=<]+/y

export function nameAt(text: string, at: number, base = 0): string {
  NAME.lastIndex = at
  const match = NAME.exec(text)
  if (match === null) throw malformed('a tag without a name', base + at)
  return match[0]
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

/** @param from after the name; @param until before `>` or `/>` */
function parseAttributes(text: string, from: number, until: number): Attribute[] {
  const attributes: Attribute[] = []
  let at = from
  for (;;) {
    while (at < until && isSpace(text.charCodeAt(at))) at++
    if (at >= until) return attributes
    const equals = text.indexOf('=', at)
    if (equals === -1 || equals >= until) throw malformed('an attribute without a value', at)
    let open = equals + 1
    while (open < until && isSpace(text.charCodeAt(open))) open++
    const quote = text.charAt(open)
    if (quote !== '"' && quote !== "'") throw malformed('an attribute without quotes', open)
    const end = text.indexOf(quote, open + 1)
    if (end === -1 || end >= until) throw malformed('an attribute without an end', open)
    const name = text.slice(at, equals).trimEnd()
    if (!/^[^\s/>"'<]+$/.test(name)) throw malformed('an attribute without a name', at)
    attributes.push({name, start: open + 1, end, quote})
    at = end + 1
  }
}

interface OpenElement {
  readonly name: string
  readonly attributes: Attribute[]
  readonly children: Element[]
  readonly start: number
  readonly openEnd: number
}

/**
 * The element that a text consists of; what stands outside of it is ignored.
 *
 * @throws FORMAT_INVALID where it is not well formed, or nested deeper than 200
 */
export function parseElement(text: string): Element {
  const stack: OpenElement[] = []
  let at = text.indexOf('<')
  while (at !== -1) {
    const next = text.charCodeAt(at + 1)
    if (next === 0x2f) {
      const end = endOfTag(text, at)
      const open = stack.pop()
      if (end === -1 || open === undefined || text.slice(at + 2, end - 1).trimEnd() !== open.name)
        throw malformed(`an end tag that does not fit <${open?.name ?? ''}>`, at)
      const element: Element = {...open, closeStart: at, end, isSelfClosing: false}
      const parent = stack.at(-1)
      if (parent === undefined) return element
      parent.children.push(element)
      at = text.indexOf('<', end)
    } else if (next === 0x21 || next === 0x3f) {
      const end = endOfAside(text, at)
      if (end === -1) throw malformed('a comment without an end', at)
      at = text.indexOf('<', end)
    } else {
      const name = nameAt(text, at + 1)
      const end = endOfTag(text, at)
      if (end === -1) throw malformed(`a tag <${name}> without an end`, at)
      if (stack.length >= DEEPEST) throw malformed('nesting too deep to be real', at)
      const isSelfClosing = text.charCodeAt(end - 2) === 0x2f
      const attributes = parseAttributes(text, at + 1 + name.length, end - (isSelfClosing ? 2 : 1))
      const open: OpenElement = {name, attributes, children: [], start: at, openEnd: end}
      const parent = stack.at(-1)
      if (isSelfClosing) {
        const element: Element = {...open, closeStart: end, end, isSelfClosing}
        if (parent === undefined) return element
        parent.children.push(element)
      } else stack.push(open)
      at = text.indexOf('<', end)
    }
  }
  throw malformed(`no end tag for <${stack.at(-1)?.name ?? ''}>`, text.length)
}

/** A start tag alone, as an element without content. */
export function parseTag(text: string): Element {
  const name = nameAt(text, 1)
  const isSelfClosing = text.charAt(text.length - 2) === '/'
  const attributes = parseAttributes(text, 1 + name.length, text.length - (isSelfClosing ? 2 : 1))
  const end = text.length
  return {name, attributes, children: [], start: 0, openEnd: end, closeStart: end, end, isSelfClosing}
}

/** The decoded value of an attribute; null where it is absent. */
export function attributeOf(text: string, element: Element | undefined, name: string): string | null {
  const attribute = element?.attributes.find((candidate) => candidate.name === name)
  return attribute === undefined ? null : decodeValue(text.slice(attribute.start, attribute.end))
}

export function childOf(element: Element, name: string): Element | undefined {
  return element.children.find((child) => child.name === name)
}
