// Suggestions while a set is played: the library is prepared once, so that an answer takes milliseconds.
import type {KeyNotation} from '../../core/key.js'
import type {Track, TrackId} from '../../core/track.js'
import {contextOf, type EnergyDirection} from '../../mixing/features.js'
import {mixTrackFromTrack} from '../../mixing/mix-track.js'
import {prepareRanker, type Ranker, type Suggestion, suggest} from '../../mixing/suggest.js'
import type {Library} from '../../store/library.js'
import {candidateTable} from '../mixing/candidate-table.js'
import {playHistory, storedModel} from '../mixing/learnt-model.js'

export interface LiveSuggestion extends Suggestion {
  readonly libraryTrack: Track
}

export interface SuggesterRequest {
  readonly seed: Track
  /** Before it, the latest first. */
  readonly recent: readonly TrackId[]
  /** Played tonight, taken into the playlist, or turned down. */
  readonly without: ReadonlySet<string>
  readonly energy: EnergyDirection | null
  readonly limit: number
  readonly notation: KeyNotation
}

/** A sync beside it adds tracks: these are seen after so long. */
const FRESH_MS = 600_000

export interface Suggester {
  suggest(request: SuggesterRequest): readonly LiveSuggestion[]
}

export function createSuggester(library: Library, nowMs: () => number): Suggester {
  let ranker: Ranker | null = null
  let madeMs = 0
  const current = (): Ranker => {
    if (ranker !== null && nowMs() - madeMs < FRESH_MS) return ranker
    const table = candidateTable(library)
    madeMs = nowMs()
    ranker = prepareRanker(table, {model: storedModel(library), history: playHistory(library, table), nowMs: madeMs})
    return ranker
  }
  const mixTrack = (track: Track) =>
    mixTrackFromTrack(
      track,
      track.audioHash === null ? null : (library.analyses.embedding(track.audioHash)?.vector ?? null),
    )
  return {
    suggest({seed, recent, without, energy, limit, notation}) {
      const context = contextOf(mixTrack(seed), {
        recent: recent.slice(0, 4).map((id) => mixTrack(library.tracks.get(id))),
        energy,
        tonight: new Set([...recent, seed.id]),
        nowMs: nowMs(),
      })
      return suggest(current(), {context, limit, exclude: without, notation}).map((suggestion) => ({
        ...suggestion,
        libraryTrack: library.tracks.get(suggestion.track.id as TrackId),
      }))
    },
  }
}
