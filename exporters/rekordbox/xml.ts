// Elements of a Rekordbox XML as values, and their text in the layout that Rekordbox gives them.

/** In the order of the file. */
export type Attributes = Readonly<Record<string, string>>

/** An element without text: Rekordbox keeps everything in attributes. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Attributes
  readonly children: readonly XmlElement[]
}

/** How a file is laid out; readers do not care, people who compare two exports do. */
export interface Layout {
  readonly newLine: '\r\n' | '\n'
  readonly indent: number
  /** A line is broken after the attribute that takes it past this many bytes; null never. */
  readonly wrapBytes: number | null
  readonly hasBlankLineAfterDeclaration: boolean
  readonly endsWithNewLine: boolean
}

/** Rekordbox 5 and 6, on macOS as on Windows (FORMATS §1.1; 32,438 line ends of one real file agree). */
export const REKORDBOX_LAYOUT: Layout = {
  newLine: '\r\n',
  indent: 2,
  wrapBytes: 60,
  hasBlankLineAfterDeclaration: true,
  endsWithNewLine: true,
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

/**
 * The text of an attribute. Line breaks are written as references, because a reader turns bare ones into blanks;
 * characters that XML 1.0 forbids (controls, half surrogates, U+FFFE) are left out: one of them makes Rekordbox refuse
 * the whole file.
 */
export function escapeAttribute(value: string): string {
  if (!/[^ !#-%(-;=?-\uD7FF\uE000-\uFFFD]/.test(value)) return value
  return value
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/[^\t\n\r\u0020-\uFFFD]/g, '')
    .replace(/[&<>"'\t\n\r]/g, (character) => ESCAPES[character] ?? character)
}

/** `<NAME a="…" b="…"`, without the end of the tag, wrapped as the layout says. */
function encodeOpening(name: string, attributes: Attributes, depth: number, layout: Layout): string {
  const margin = ' '.repeat(depth * layout.indent)
  const attributeMargin = layout.newLine + ' '.repeat(margin.length + name.length + 1)
  let text = `${margin}<${name}`
  let lineBytes = 0
  for (const key in attributes) {
    if (layout.wrapBytes !== null && lineBytes > layout.wrapBytes) {
      text += attributeMargin
      lineBytes = 0
    }
    const piece = ` ${key}="${escapeAttribute(attributes[key] ?? '')}"`
    text += piece
    lineBytes += layout.wrapBytes === null ? 0 : Buffer.byteLength(piece)
  }
  return text
}

/** An element with everything in it, on lines of its own. */
export function encodeElement(element: XmlElement, depth: number, layout: Layout): string {
  const opening = encodeOpening(element.name, element.attributes, depth, layout)
  if (element.children.length === 0) return `${opening}/>${layout.newLine}`
  let text = `${opening}>${layout.newLine}`
  for (const child of element.children) text += encodeElement(child, depth + 1, layout)
  return text + encodeEnd(element.name, depth, layout)
}

export function encodeStart(name: string, attributes: Attributes, depth: number, layout: Layout): string {
  return `${encodeOpening(name, attributes, depth, layout)}>${layout.newLine}`
}

export function encodeEnd(name: string, depth: number, layout: Layout): string {
  return `${' '.repeat(depth * layout.indent)}</${name}>${layout.newLine}`
}
