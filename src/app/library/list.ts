// Tracks that match a query, for tables and for --json.
import type {Environment} from '../../core/environment.js'
import {parseQuery, queryFromArguments} from '../../core/query/parse.js'
import type {Query} from '../../core/query/query.js'
import type {Library} from '../../store/library.js'
import type {TrackSummary} from '../../store/track-list.js'
import {trackJson} from '../track-json.js'

/** Words of the command line are one query: `crate library list bpm:120..128 key:8A`. @throws QUERY_INVALID */
export function queryFrom(words: readonly string[], {nowMs}: Pick<Environment, 'nowMs'>): Query {
  return parseQuery(queryFromArguments(words), {nowMs: nowMs()})
}

export function listSummaries(
  library: Library,
  query: Query,
  limit: number | null,
): {tracks: TrackSummary[]; total: number; isEmpty: boolean} {
  const {tracks, total} = library.tracks.page(query, limit ?? Number.POSITIVE_INFINITY)
  return {tracks, total, isEmpty: total === 0 && library.tracks.count() === 0}
}

/** With all fields, read one batch at a time. */
export function* listJson(library: Library, query: Query): Generator<Record<string, unknown>> {
  for (const track of library.tracks.iterate(query)) yield trackJson(track)
}
