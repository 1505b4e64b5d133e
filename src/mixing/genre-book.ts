// Genres by number, and how near two of them are by their words: "Deep House" is near "House".
import {plainText} from './song.js'

export class GenreBook {
  readonly #numbers = new Map<string, number>()
  /** Plain names by number; 0 is the unknown one. */
  readonly names: string[] = ['']

  /** The number of a genre as tags name it, 0 for none. */
  numberOf(genre: string | null): number {
    const name = genre === null ? '' : plainText(genre)
    if (name === '') return 0
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    this.#numbers.set(name, this.names.length)
    this.names.push(name)
    return this.names.length - 1
  }
}

/** 1 for the same genre, else 0.8 of the share of words in common; null where one is unknown. */
export function genreScore(a: string, b: string): number | null {
  if (a === '' || b === '') return null
  if (a === b) return 1
  const wordsA = new Set(a.split(' '))
  const wordsB = new Set(b.split(' '))
  let shared = 0
  for (const word of wordsA) if (wordsB.has(word)) shared++
  return (0.8 * shared) / Math.min(wordsA.size, wordsB.size)
}
