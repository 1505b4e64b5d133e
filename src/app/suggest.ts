// What to play next, each with its reasons.
import type {Environment} from '../core/environment.js'
import {CrateError} from '../core/errors.js'
import type {KeyNotation} from '../core/key.js'
import {parseQuery} from '../core/query/parse.js'
import type {Track, TrackId} from '../core/track.js'
import {contextOf, type EnergyDirection} from '../mixing/features.js'
import {type MixTrack, mixTrackFromTrack} from '../mixing/mix-track.js'
import {prepareRanker, type Suggestion, suggest} from '../mixing/suggest.js'
import type {Library} from '../store/library.js'
import {findTrack} from './library/show.js'
import {candidateTable} from './mixing/candidate-table.js'
import {playHistory, storedModel} from './mixing/learnt-model.js'
import {trackJson} from './track-json.js'

export interface SuggestRequest {
  /** The playing track: id, path, or words; null for the one that was played last. */
  readonly playing: string | null
  /** Tracks played before it, the latest first. */
  readonly recent: readonly string[]
  readonly energy: EnergyDirection | null
  readonly query: string | null
  /** Never suggested. */
  readonly without: readonly string[]
  readonly limit: number
  /** Only tracks of which these are known. */
  readonly known: readonly ('key' | 'tempo' | 'energy' | 'sound' | 'genre')[]
  /** 0 the best alone, 1 as unlike each other as can be. */
  readonly diversity: number
  readonly isKeyLocked: boolean
  readonly notation: KeyNotation
}

export interface SuggestResult {
  readonly seed: Track
  readonly suggestions: readonly (Suggestion & {readonly libraryTrack: Track})[]
  readonly json: Record<string, unknown>
}

/** Plays within this time belong to tonight. */
const TONIGHT_MS = 12 * 3_600_000

/** @throws USAGE for an empty library or nothing played, TRACK_NOT_FOUND, QUERY_INVALID */
export function suggestNext({nowMs}: Environment, library: Library, request: SuggestRequest): SuggestResult {
  const table = candidateTable(library)
  if (table.tracks.length === 0)
    throw new CrateError('USAGE', 'the library is empty: there is nothing to suggest', {hints: ['crate sync ~/Music']})
  const tonight = library.plays
    .list({fromMs: nowMs() - TONIGHT_MS})
    .flatMap(({trackId}) => (trackId === null ? [] : [trackId]))
  const seed = request.playing === null ? lastPlayed(library, tonight) : findTrack(library, request.playing)
  const recent =
    request.recent.length > 0
      ? request.recent.map((text) => findTrack(library, text))
      : tonight
          .toReversed()
          .filter((id) => id !== seed.id)
          .slice(0, 4)
          .map((id) => library.tracks.get(id))
  const ranker = prepareRanker(table, {
    model: storedModel(library),
    history: playHistory(library, table),
    nowMs: nowMs(),
  })
  const only =
    request.query === null
      ? undefined
      : new Set<string>(library.tracks.ids({query: parseQuery(request.query, {nowMs: nowMs()})}))
  const suggestions = suggest(ranker, {
    context: contextOf(mixTrack(library, seed), {
      recent: recent.map((track) => mixTrack(library, track)),
      energy: request.energy,
      // What is named as played counts as played tonight, the playing track last.
      tonight: new Set([...tonight, ...recent.map(({id}) => id).toReversed(), seed.id]),
      nowMs: nowMs(),
      isKeyLocked: request.isKeyLocked,
    }),
    limit: request.limit,
    mustKnow: request.known,
    diversity: request.diversity,
    exclude: new Set(request.without.map((text) => findTrack(library, text).id)),
    notation: request.notation,
    ...(only === undefined ? {} : {only}),
  }).map((suggestion) => ({...suggestion, libraryTrack: library.tracks.get(suggestion.track.id as TrackId)}))
  return {
    seed,
    suggestions,
    json: {
      seed: trackJson(seed),
      suggestions: suggestions.map(({libraryTrack, score, reasons}) => ({
        track: trackJson(libraryTrack),
        score,
        reasons,
      })),
    },
  }
}

function lastPlayed(library: Library, tonight: readonly TrackId[]): Track {
  const last = tonight.at(-1)
  if (last !== undefined) return library.tracks.get(last)
  throw new CrateError('USAGE', 'which track is playing?', {
    hints: ['Name it: crate suggest TRACK', 'crate live knows it by itself.'],
  })
}

function mixTrack(library: Library, track: Track): MixTrack {
  return mixTrackFromTrack(
    track,
    track.audioHash === null ? null : (library.analyses.embedding(track.audioHash)?.vector ?? null),
  )
}
