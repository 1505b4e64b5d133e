// Rows of a CSV ↔ text (RFC 4180), pure and by pieces.
import {CrateError} from '../../src/core/errors.js'

/** One row with its line end. A cell is quoted where it must be: separator, quote, line break, or a blank at an end. */
export function encodeCsvRow(cells: readonly string[], separator = ','): string {
  return `${cells.map((cell) => encodeCell(cell, separator)).join(separator)}\r\n`
}

function encodeCell(cell: string, separator: string): string {
  const mustQuote = cell.includes(separator) || /["\r\n]|^\s|\s$/.test(cell)
  return mustQuote ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** A cell that grows beyond this is an open quote, not a comment. */
const CELL_LIMIT = 4 * 1024 * 1024

/** The separator that stands most often in the first line outside of quotes: comma, semicolon or tab. */
export function separatorOf(start: string): string {
  const line = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(start.slice(0, 65_536))?.[0] ?? ''
  const bare = line.replace(/"(?:[^"]|"")*"/g, '')
  const counts = [',', ';', '\t'].map((separator) => ({separator, count: bare.split(separator).length}))
  return counts.reduce((best, each) => (each.count > best.count ? each : best)).separator
}

/**
 * The rows of a table whose text comes in pieces. Empty lines are left out; a quote inside of a bare cell is a letter.
 *
 * @throws FORMAT_INVALID where a quoted cell never ends
 */
export async function* parseCsv(pieces: AsyncIterable<string>): AsyncGenerator<string[]> {
  let parser: CsvParser | null = null
  let pending = ''
  for await (const piece of pieces) {
    if (parser === null) {
      pending += piece
      if (!/[\r\n]/.test(pending) && pending.length < 65_536) continue
      const text = pending.replace(/^\uFEFF/, '')
      parser = new CsvParser(separatorOf(text))
      yield* parser.write(text)
    } else yield* parser.write(piece)
  }
  if (parser === null) {
    const text = pending.replace(/^\uFEFF/, '')
    parser = new CsvParser(separatorOf(text))
    yield* parser.write(text)
  }
  yield* parser.end()
}

class CsvParser {
  readonly #special: RegExp
  readonly #separator: string
  #row: string[] = []
  #cell = ''
  #rowNumber = 1
  /** `quote` met inside a quoted cell: it ends the cell, or is the first half of a doubled one. */
  #state: 'start' | 'bare' | 'quoted' | 'quote' = 'start'
  #skipsLineFeed = false

  constructor(separator: string) {
    this.#separator = separator
    this.#special = new RegExp(`["\\r\\n${separator === '\t' ? '\\t' : separator}]`, 'g')
  }

  *write(text: string): Generator<string[]> {
    let at = 0
    while (at < text.length) {
      this.#special.lastIndex = at
      const next = this.#special.exec(text)?.index ?? text.length
      if (next > at) {
        if (this.#state === 'start' || this.#state === 'quote') this.#state = 'bare'
        this.#cell += text.slice(at, next)
        this.#skipsLineFeed = false
        if (this.#cell.length > CELL_LIMIT) throw this.#invalid()
      }
      if (next < text.length) yield* this.#take(text.charAt(next))
      at = next + 1
    }
  }

  *end(): Generator<string[]> {
    if (this.#state === 'quoted') throw this.#invalid()
    yield* this.#endRow()
  }

  *#take(character: string): Generator<string[]> {
    const followsReturn = this.#skipsLineFeed
    this.#skipsLineFeed = false
    if (this.#state === 'quoted') {
      if (character === '"') this.#state = 'quote'
      else this.#cell += character
    } else if (character === '"') {
      if (this.#state === 'start') this.#state = 'quoted'
      else {
        this.#cell += '"'
        if (this.#state === 'quote') this.#state = 'quoted'
      }
    } else if (character === this.#separator) {
      this.#row.push(this.#cell)
      this.#cell = ''
      this.#state = 'start'
    } else if (!(character === '\n' && followsReturn)) {
      yield* this.#endRow()
      this.#skipsLineFeed = character === '\r'
    }
  }

  *#endRow(): Generator<string[]> {
    const row = [...this.#row, this.#cell]
    this.#row = []
    this.#cell = ''
    this.#state = 'start'
    this.#rowNumber++
    if (row.length > 1 || row[0] !== '') yield row
  }

  #invalid(): CrateError {
    return new CrateError('FORMAT_INVALID', `the quoted cell in row ${this.#rowNumber} of the table never ends`, {
      hints: ['A quote inside of a quoted cell is written twice: ""'],
      details: {row: this.#rowNumber},
    })
  }
}
