// What it costs to go from one track to the next, over a table of candidates: the one measure that set building, order
// fixing and reviews share.
import {type CandidateTable, soundDistance, UNKNOWN_ENERGY, UNKNOWN_KEY} from './candidates.js'
import {soundScore} from './features.js'
import {genreScore} from './genre-book.js'
import {HARMONY_TABLE} from './harmony.js'
import {DEFAULT_WEIGHTS, NEUTRAL, type Weights} from './model.js'
import {foldedTempoScore, tempoScore} from './tempo.js'

/**
 * Cost of a step from one row to another, 0 (nothing to wish for) to 1.
 *
 * @param limit a step that cannot cost less may be told by any cost from there on, which spares comparing its sound
 */
export type TransitionCost = (from: number, to: number, limit?: number) => number

/** The same artist again costs this much on top. */
const SAME_ARTIST = 0.3

/** Weights that a DJ's model gives a negative sign count as nothing: a set is not built to clash. */
export function transitionCostOver(table: CandidateTable, weights: Weights = DEFAULT_WEIGHTS): TransitionCost {
  const key = Math.max(0.2, weights.key)
  const tempo = Math.max(0.2, weights.tempo + Math.max(0, weights.tempoTight))
  const genre = Math.max(0, weights.genre)
  const sound = table.dimensions === 0 ? 0 : Math.max(0, weights.sound)
  const total = key + tempo + genre + sound
  const genres = genreScores(table)
  const genreCount = table.genreBook.names.length
  return (from, to, limit = Number.POSITIVE_INFINITY) => {
    const fromKey = table.keys[from] ?? UNKNOWN_KEY
    const toKey = table.keys[to] ?? UNKNOWN_KEY
    const isKeyKnown = fromKey !== UNKNOWN_KEY && toKey !== UNKNOWN_KEY
    const harmony = isKeyKnown ? (HARMONY_TABLE[fromKey * 24 + toKey] ?? 0) : NEUTRAL.key
    const octaves = Math.abs((table.octaves[from] ?? Number.NaN) - (table.octaves[to] ?? Number.NaN))
    const pace = octaves >= 0 ? foldedTempoScore(octaves, tempoScore) : NEUTRAL.tempo
    const kin = genres[(table.genres[from] ?? 0) * genreCount + (table.genres[to] ?? 0)] ?? NEUTRAL.genre
    const artist = table.artists[from] ?? 0
    const again = artist !== 0 && artist === table.artists[to] ? SAME_ARTIST : 0
    const worth = key * harmony + tempo * pace + genre * kin
    const least = 1 - (worth + sound) / total + again
    if (least >= limit || sound === 0) return Math.min(1, least)
    return Math.min(1, 1 - (worth + sound * soundBetween(table, from, to)) / total + again)
  }
}

function soundBetween(table: CandidateTable, from: number, to: number): number {
  if (table.hasVector[from] !== 1 || table.hasVector[to] !== 1) return NEUTRAL.sound
  return soundScore(table, soundDistance(table, from, to))
}

/** All pairs of genres; beyond this many names only equal ones are near, which keeps the table small. */
const MAX_GENRES = 600

function genreScores(table: CandidateTable): Float32Array {
  const {names} = table.genreBook
  const scores = new Float32Array(names.length * names.length)
  for (const [a, nameA] of names.entries())
    for (const [b, nameB] of names.entries()) {
      const near = names.length > MAX_GENRES && a !== b && a !== 0 && b !== 0 ? 0 : genreScore(nameA, nameB)
      scores[a * names.length + b] = near ?? NEUTRAL.genre
    }
  return scores
}

/** Energy of a row, 1 to 10; null where unknown. */
export function energyOf(table: CandidateTable, row: number): number | null {
  const bin = table.energies[row] ?? UNKNOWN_ENERGY
  return bin === UNKNOWN_ENERGY ? null : bin / 10
}
