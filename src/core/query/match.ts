// Queries on tracks in memory: the meaning of the language; the store's SQL is held against it by a property test.
import type {Track} from '../track.js'
import type {TrackFacts} from './fields.js'
import {compareText, fold} from './fold.js'
import type {Predicate, Query, Sort, TextMatch} from './query.js'

const NO_FACTS: TrackFacts = {isMissing: false, playlists: []}

/** Whether a track fulfils a query; order and limit play no part. */
export function matchesQuery(query: Query, track: Track, facts: TrackFacts = NO_FACTS): boolean {
  return query.alternatives.some((terms) =>
    terms.every(({isNegated, predicate}) => fulfils(predicate, track, facts) !== isNegated),
  )
}

function fulfils(predicate: Predicate, track: Track, facts: TrackFacts): boolean {
  if (predicate.kind === 'text') return matchesText(predicate.match, predicate.field.read(track) ?? '')
  if (predicate.kind === 'playlist') return facts.playlists.some((path) => matchesText(predicate.match, path))
  const value = predicate.field.read(track, facts)
  if (predicate.kind === 'absent') return value === null
  if (value === null) return false
  if (predicate.kind === 'one-of') return predicate.values.includes(value)
  return (predicate.from === null || value >= predicate.from) && (predicate.until === null || value < predicate.until)
}

/** @param text as written */
export function matchesText(match: TextMatch, text: string): boolean {
  if (match.how === 'regex') return match.pattern.test(text.normalize('NFC'))
  return match.how === 'is' ? fold(text) === match.folded : fold(text).includes(match.folded)
}

/** The order that a query asks for; absent values come last in both directions. Zero where it does not tell. */
export function compareBySorts(
  sorts: readonly Sort[],
  a: Track,
  b: Track,
  factsOf: (track: Track) => TrackFacts = () => NO_FACTS,
): number {
  for (const {field, isDescending} of sorts) {
    const order =
      field.kind === 'text'
        ? compareKnown(foldedOrNull(field.read(a)), foldedOrNull(field.read(b)), compareText, isDescending)
        : compareKnown(field.read(a, factsOf(a)), field.read(b, factsOf(b)), (x, y) => x - y, isDescending)
    if (order !== 0) return order
  }
  return 0
}

function foldedOrNull(text: string | null): string | null {
  return text === null ? null : fold(text) || null
}

function compareKnown<T>(a: T | null, b: T | null, compare: (a: T, b: T) => number, isDescending: boolean): number {
  if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0)
  return isDescending ? compare(b, a) : compare(a, b)
}
