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
  /** What stands around the value. */
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

/** The same as Element while it is being read. */
interface Draft {
  readonly name: string
  readonly attributes: Attribute[]
  readonly children: Draft[]
  readonly start: number
  openEnd: number
  closeStart: number
  end: number
  isSelfClosing: boolean
}

/** A start tag from its `<` on, in one pass: values are skipped from quote to quote. */
function readTag(text: string, start: number): Draft {
  const name = nameAt(text, start + 1)
  const attributes: Attribute[] = []
  let at = start + 1 + name.length
  for (;;) {
    let code = text.charCodeAt(at)
    while (isSpace(code)) code = text.charCodeAt(++at)
    if (code === 0x3e || (code === 0x2f && text.charCodeAt(at + 1) === 0x3e)) break
    const nameEnd = endOfName(text, at)
    let open = nameEnd
    while (isSpace(text.charCodeAt(open))) open++
    if (nameEnd === at || text.charCodeAt(open++) !== 0x3d) throw malformed(`a broken attribute in <${name}>`, at)
    while (isSpace(text.charCodeAt(open))) open++
    const mark = text.charCodeAt(open)
    if (mark !== 0x22 && mark !== 0x27) throw malformed('an attribute without quotes', open)
    const quote = mark === 0x22 ? '"' : "'"
    const end = text.indexOf(quote, open + 1)
    if (end === -1) throw malformed('an attribute without an end', open)
    attributes.push({name: text.slice(at, nameEnd), start: open + 1, end, quote})
    at = end + 1
  }
  const isSelfClosing = text.charCodeAt(at) === 0x2f
  const openEnd = at + (isSelfClosing ? 2 : 1)
  return {name, attributes, children: [], start, openEnd, closeStart: openEnd, end: openEnd, isSelfClosing}
}

/** Where a name ends that starts at `at`: before a blank, `=` or anything that no name holds. */
function endOfName(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code <= 0x20 || code === 0x3d || code === 0x2f || code === 0x22 || code === 0x27) return at
    if (code === 0x3c || code === 0x3e) return at
  }
  return text.length
}

/**
 * The element that a text consists of; what stands outside of it is ignored.
 *
 * @throws FORMAT_INVALID where it is not well formed, or nested deeper than 200
 */
export function parseElement(text: string): Element {
  const stack: Draft[] = []
  let at = text.indexOf('<')
  while (at !== -1) {
    const next = text.charCodeAt(at + 1)
    let end: number
    if (next === 0x2f) {
      const element = stack.pop()
      end = text.indexOf('>', at) + 1
      if (end === 0 || element === undefined || text.slice(at + 2, end - 1).trimEnd() !== element.name)
        throw malformed(`an end tag that does not fit <${element?.name ?? ''}>`, at)
      element.closeStart = at
      element.end = end
      if (stack.length === 0) return element
    } else if (next === 0x21 || next === 0x3f) {
      end = endOfAside(text, at)
      if (end === -1) throw malformed('a comment without an end', at)
    } else {
      if (stack.length >= DEEPEST) throw malformed('nesting too deep to be real', at)
      const element = readTag(text, at)
      end = element.openEnd
      stack.at(-1)?.children.push(element)
      if (!element.isSelfClosing) stack.push(element)
      else if (stack.length === 0) return element
    }
    at = text.indexOf('<', end)
  }
  throw malformed(`no end tag for <${stack.at(-1)?.name ?? ''}>`, text.length)
}

/** The start tag that stands at `at`, as an element without content. */
export function parseTagAt(text: string, at: number): Element {
  return readTag(text, at)
}

/** A text that is a start tag. */
export function parseTag(text: string): Element {
  return readTag(text, 0)
}

/** The decoded value of an attribute; null where it is absent. */
export function attributeOf(text: string, element: Element | undefined, name: string): string | null {
  const attribute = element?.attributes.find((candidate) => candidate.name === name)
  return attribute === undefined ? null : decodeValue(text.slice(attribute.start, attribute.end))
}

export function childOf(element: Element, name: string): Element | undefined {
  return element.children.find((child) => child.name === name)
}
