// A JSON document of any size, taken apart while it streams: the members of its top object, arrays element by element.
import {CrateError} from '../../src/core/errors.js'

export interface JsonPart {
  /** Name of the member of the top object. */
  readonly name: string
  /** The JSON text of its value, or of one element where the value is an array that is split. */
  readonly text: string
}

/** Far above a track with a grid of every beat. */
const PART_LIMIT = 64 * 1024 * 1024

/** Deeper than any track or folder; what reads on recurses. */
const DEPTH_LIMIT = 256

/**
 * The members of the object that a document is; those named in `split` must be arrays and come element by element.
 *
 * @throws FORMAT_INVALID where the text is no JSON object, or ends too early
 */
export async function* splitJson(pieces: AsyncIterable<string>, split: ReadonlySet<string>): AsyncGenerator<JsonPart> {
  const splitter = new Splitter(split)
  for await (const piece of pieces) yield* splitter.write(piece)
  splitter.end()
}

class Splitter {
  readonly #split: ReadonlySet<string>
  #expects: 'object' | 'name' | 'colon' | 'value' | 'element' | 'comma' | 'element-comma' | 'nothing' = 'object'
  #mayEnd = true
  #name = ''
  /** Of the part at hand: what was read of it, how deep it is open, and whether a string is open. */
  #part = ''
  #depth = 0
  #isInString = false
  #isEscaped = false
  #isInPart = false
  #read = 0

  constructor(split: ReadonlySet<string>) {
    this.#split = split
  }

  *write(text: string): Generator<JsonPart> {
    let from = 0
    for (let at = 0; at < text.length; at++) {
      if (this.#isInPart) {
        at = this.#skip(text, at)
        if (this.#isInPart) break
        const value = this.#part + text.slice(from, at)
        this.#part = ''
        yield* this.#finish(value)
        if (at >= text.length) break
      }
      from = this.#step(text.charAt(at), at) ? at : from
    }
    if (this.#isInPart) {
      this.#part += text.slice(from)
      if (this.#part.length > PART_LIMIT) throw this.#invalid(`a value of more than ${PART_LIMIT} characters`)
    }
    this.#read += text.length
  }

  end(): void {
    if (this.#expects !== 'nothing') throw this.#invalid('it ends too early')
  }

  /** The place behind the part at hand, or the end of the text where it goes on; `#isInPart` tells which. */
  #skip(text: string, start: number): number {
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false
        else if (code === BACKSLASH) this.#isEscaped = true
        else if (code === QUOTE) {
          this.#isInString = false
          if (this.#depth === 0) return this.#leave(at + 1)
        }
      } else if (code === QUOTE) this.#isInString = true
      else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
        if (++this.#depth > DEPTH_LIMIT) throw this.#invalid(`values nested more than ${DEPTH_LIMIT} deep`, at)
      } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
        // At depth 0 it closes what the part is in: a number or word ends before it.
        if (this.#depth === 0) return this.#leave(at)
        if (--this.#depth === 0) return this.#leave(at + 1)
      } else if (this.#depth === 0 && (code === COMMA || code === COLON || code <= BLANK)) return this.#leave(at)
    }
    return text.length
  }

  #leave(at: number): number {
    this.#isInPart = false
    return at
  }

  *#finish(text: string): Generator<JsonPart> {
    if (this.#expects === 'name') {
      this.#name = this.#stringFrom(text)
      this.#expects = 'colon'
      return
    }
    yield {name: this.#name, text}
    this.#expects = this.#expects === 'element' ? 'element-comma' : 'comma'
  }

  #stringFrom(text: string): string {
    try {
      const value: unknown = JSON.parse(text)
      if (typeof value === 'string') return value
    } catch {
      // Told below, with the place.
    }
    throw this.#invalid('a name is no string')
  }

  /** Takes a character between parts; true where a part begins with it. */
  #step(character: string, at: number): boolean {
    if (character <= ' ' || character === '\uFEFF') return false
    const isEnd = (closing: string) => character === closing && this.#mayEnd
    if (this.#expects === 'object' && character === '{') this.#expect('name', true)
    else if ((this.#expects === 'name' || this.#expects === 'comma') && isEnd('}')) this.#expects = 'nothing'
    else if ((this.#expects === 'element' || this.#expects === 'element-comma') && isEnd(']'))
      this.#expect('comma', true)
    else if (this.#expects === 'comma' && character === ',') this.#expect('name', false)
    else if (this.#expects === 'element-comma' && character === ',') this.#expect('element', false)
    else if (this.#expects === 'colon' && character === ':') this.#expect('value', false)
    else if (this.#expects === 'value' && this.#split.has(this.#name)) {
      if (character !== '[') throw this.#invalid(`“${this.#name}” is no array`, at)
      this.#expect('element', true)
    } else if (['name', 'value', 'element'].includes(this.#expects) && !'}],:'.includes(character))
      return this.#begin(character)
    else throw this.#invalid(`an unexpected ${JSON.stringify(character)}`, at)
    return false
  }

  #expect(what: 'name' | 'colon' | 'value' | 'element' | 'comma', mayEnd: boolean): void {
    this.#expects = what
    this.#mayEnd = mayEnd || what === 'comma'
  }

  #begin(character: string): boolean {
    this.#isInPart = true
    this.#mayEnd = true
    this.#isInString = character === '"'
    this.#depth = character === '{' || character === '[' ? 1 : 0
    return true
  }

  #invalid(reason: string, at = 0): CrateError {
    const position = this.#read + at
    return new CrateError('FORMAT_INVALID', `the JSON is damaged near character ${position}: ${reason}`, {
      hints: ['Make it again: crate export json --to library.json'],
      details: {position},
    })
  }
}

const [QUOTE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, COMMA, COLON, BLANK] = [
  0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d, 0x2c, 0x3a, 0x20,
]
