// XML of flat elements with attributes, as VirtualDJ writes it; a document type is refused, so no entity can grow.

export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
  /** Text directly inside, joined. */
  readonly text: string
  /** Where it stands in the file, for keeping what is not changed. */
  readonly start: number
  readonly end: number
}

const MAX_DEPTH = 32

const ENTITIES: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'"}

const ATTRIBUTE = /([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** Elements of one name, wherever they stand, each with what is inside. @throws SyntaxError where tags do not match */
export function* elementsNamed(xml: string, wanted: string): Generator<Element> {
  type Open = {name: string; attributes: Record<string, string>; children: Element[]; text: string; start: number}
  const stack: Open[] = []
  let depth = 0
  let textFrom = 0
  for (const {markup, at} of markups(xml)) {
    const open = stack.at(-1)
    if (open !== undefined && at > textFrom) open.text += decodeEntities(xml.slice(textFrom, at))
    textFrom = at + markup.length
    if (markup.startsWith('<![CDATA[')) {
      if (open !== undefined) open.text += markup.slice(9, -3)
      continue
    }
    if (markup.startsWith('<!--') || markup.startsWith('<?')) continue
    if (markup.startsWith('<!')) throw new SyntaxError('a document type, which VirtualDJ never writes')
    if (markup.startsWith('</')) {
      depth--
      if (open === undefined) continue
      const name = markup.slice(2, -1).trim()
      if (name !== open.name) throw new SyntaxError(`</${name.slice(0, 40)}> ends <${open.name.slice(0, 40)}>`)
      stack.pop()
      const element: Element = {...open, end: textFrom}
      const parent = stack.at(-1)
      if (parent === undefined) yield element
      else parent.children.push(element)
      continue
    }
    const isClosed = markup.endsWith('/>')
    const name = /^<([^\s/>]+)/.exec(markup)?.[1] ?? ''
    if (stack.length > 0 || name === wanted) {
      if (stack.length >= MAX_DEPTH) throw new SyntaxError(`elements deeper than ${MAX_DEPTH}`)
      const element = {name, attributes: attributesOf(markup), children: [], text: '', start: at}
      if (!isClosed) stack.push(element)
      else if (stack.length === 0) yield {...element, end: textFrom}
      else stack.at(-1)?.children.push({...element, end: textFrom})
    }
    if (!isClosed) depth++
  }
  if (stack.length > 0 || depth !== 0) throw new SyntaxError('it ends within an element')
}

/** Tags, comments and the like in order; each letter is looked at once. @throws SyntaxError for one that does not end */
function* markups(xml: string): Generator<{markup: string; at: number}> {
  for (let at = xml.indexOf('<'); at >= 0; ) {
    const end = endOfMarkup(xml, at)
    yield {markup: xml.slice(at, end), at}
    at = xml.indexOf('<', end)
  }
}

const BRACKETS = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const

function endOfMarkup(xml: string, at: number): number {
  const bracket = BRACKETS.find(([open]) => xml.startsWith(open, at))
  if (bracket !== undefined) {
    const close = xml.indexOf(bracket[1], at + bracket[0].length)
    if (close >= 0) return close + bracket[1].length
    throw new SyntaxError(`${bracket[0]} that does not end`)
  }
  let quote = ''
  for (let n = at + 1; n < xml.length; n++) {
    const letter = xml.charAt(n)
    if (quote !== '') quote = letter === quote ? '' : quote
    else if (letter === '>') return n + 1
    else if (letter === '<') break
    else if (letter === '"' || letter === "'") quote = letter
  }
  throw new SyntaxError('a tag that does not end')
}

function attributesOf(tag: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [, name = '', double, single] of tag.matchAll(ATTRIBUTE))
    attributes[name] = decodeEntities(double ?? single ?? '')
  return attributes
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,8}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })
}

/** What XML 1.0 cannot hold is left out. */
const FORBIDDEN = /[^\P{Cc}\t\n\r\u0080-\u009f]|[\ufffe\uffff]|\p{Cs}/gu

export function escapeXml(text: string): string {
  return text
    .replace(FORBIDDEN, '')
    .replace(/[&<>"'\r\n\t]/g, (letter) =>
      letter === '&'
        ? '&amp;'
        : letter === '<'
          ? '&lt;'
          : letter === '>'
            ? '&gt;'
            : letter === '"'
              ? '&quot;'
              : letter === "'"
                ? '&apos;'
                : `&#${letter.charCodeAt(0)};`,
    )
}

/** Attributes in order; what is null is left out. */
export function tagText(name: string, attributes: Readonly<Record<string, string | null>>): string {
  const texts = Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : [` ${key}="${escapeXml(value)}"`],
  )
  return `<${name}${texts.join('')}`
}
