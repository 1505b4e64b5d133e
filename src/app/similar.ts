// The tracks that sound most like one.
import type {Environment} from '../core/environment.js'
import {CrateError} from '../core/errors.js'
import {parseQuery} from '../core/query/parse.js'
import {trackName} from '../core/track.js'
import type {Library} from '../store/library.js'
import {findTrack} from './library/show.js'
import {type ListedTrack, listedTrack} from './listed-track.js'
import {trackJson} from './track-json.js'

export interface SimilarRequest {
  /** Id, path, or words. */
  readonly text: string
  readonly limit: number
  readonly query: string | null
}

export interface SimilarResult {
  readonly seed: string
  /** Nearest first; `similarity` is 1 for the same sound. */
  readonly similar: readonly (ListedTrack & {readonly similarity: number})[]
  readonly json: Record<string, unknown>
}

/** @throws TRACK_NOT_FOUND, QUERY_INVALID; CONFLICT for a track that has no vector yet */
export async function similarTracks(
  {nowMs}: Environment,
  library: Library,
  {text, limit, query}: SimilarRequest,
): Promise<SimilarResult> {
  const seed = findTrack(library, text)
  const options = query === null ? {limit} : {limit, query: parseQuery(query, {nowMs: nowMs()})}
  if (seed.audioHash === null || library.analyses.embedding(seed.audioHash) === null)
    throw new CrateError('CONFLICT', `${trackName(seed)} has no similarity vector`, {
      hints: [`Analyse it: crate analyze '${seed.file.path}'`, 'Silence and files that cannot be decoded have none.'],
    })
  const {tracks, method, reason} = await library.vectors.similar(seed.id, options)
  const found = tracks.map(({id, similarity}) => ({track: library.tracks.get(id), similarity}))
  return {
    seed: trackName(seed),
    similar: found.map(({track, similarity}) => ({
      ...listedTrack(track, library.tracks.isMissing(track.id)),
      similarity,
    })),
    json: {
      seed: trackJson(seed),
      similar: found.map(({track, similarity}) => ({track: trackJson(track), similarity})),
      method,
      reason,
    },
  }
}
