// Splits the text of a query into terms, keeping what was quoted apart from what has a meaning of its own.
import {CrateError} from '../errors.js'

export interface RawTerm {
  readonly isNegated: boolean
  /** As written before the colon; null for a word or phrase. */
  readonly field: string | null
  readonly how: 'match' | 'is' | 'regex'
  /** After the colons, without quotes. */
  readonly value: string
  /** The whole term without `^` and quotes. */
  readonly text: string
  /** Whether any of it stood in quotes. */
  readonly isQuoted: boolean
  readonly endsAlternative: boolean
  /** Of the term and of its value, from 1, in characters as people count them (code points). */
  readonly column: number
  readonly valueColumn: number
}

interface Char {
  readonly char: string
  readonly isQuoted: boolean
  readonly column: number
}

/** @throws QUERY_INVALID for a quote that is not closed */
export function splitTerms(text: string): RawTerm[] {
  const terms: Char[][] = []
  let current: Char[] = []
  let quoteColumn: number | null = null
  const chars = [...text]
  for (let index = 0; index < chars.length; index++) {
    const char = chars[index] ?? ''
    const column = index + 1
    if (char === '\\' && chars[index + 1] === '"') {
      current.push({char: '"', isQuoted: true, column})
      index++
    } else if (char === '"') {
      quoteColumn = quoteColumn === null ? column : null
      current.push({char: '', isQuoted: true, column})
    } else if (quoteColumn === null && /\s/.test(char)) {
      if (current.length > 0) terms.push(current)
      current = []
    } else current.push({char, isQuoted: quoteColumn !== null, column})
  }
  if (quoteColumn !== null)
    throw new CrateError('QUERY_INVALID', `the quote at column ${quoteColumn} is not closed`, {
      hints: ['Close it with another ", or write \\" for a quote that is part of the text'],
      details: {column: quoteColumn},
    })
  if (current.length > 0) terms.push(current)
  return terms.map(rawTerm)
}

/** Two letters and more: one letter is the drive of a Windows path. */
const FIELD = /^[a-z]{2,}$/i

function rawTerm(chars: readonly Char[]): RawTerm {
  const column = chars[0]?.column ?? 1
  const isBare = (char: Char | undefined, wanted: string) => char?.isQuoted === false && wanted.includes(char.char)
  const endsAlternative = isBare(chars.at(-1), ',')
  const isNegated = chars.length > 1 && isBare(chars[0], '^-')
  const body = chars.slice(isNegated ? 1 : 0, endsAlternative ? -1 : undefined)
  const textOf = (part: readonly Char[]) => part.map(({char}) => char).join('')

  const colon = body.findIndex((char) => isBare(char, ':'))
  const name = colon < 1 ? [] : body.slice(0, colon)
  const hasField = colon > 0 && name.every((char) => !char.isQuoted) && FIELD.test(textOf(name))
  const isRegex = hasField && isBare(body[colon + 1], ':')
  const isExact = hasField && isBare(body[colon + 1], '=')
  const valueStart = hasField ? colon + (isRegex || isExact ? 2 : 1) : 0
  return {
    isNegated,
    field: hasField ? textOf(name).toLowerCase() : null,
    how: isRegex ? 'regex' : isExact ? 'is' : 'match',
    value: textOf(body.slice(valueStart)),
    text: textOf(body),
    isQuoted: body.some((char) => char.isQuoted),
    endsAlternative,
    column,
    valueColumn: body[valueStart]?.column ?? (body.at(-1)?.column ?? column) + 1,
  }
}
