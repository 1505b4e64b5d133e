// The library as an exporter sees it: all of it, what a query matches, or some playlists.
import type {LibraryView} from '../../api/format.js'
import {mapPlaylistTracks, type PlaylistNode, walkPlaylists} from '../../core/playlist.js'
import {settlePositions} from '../../core/position-shift.js'
import {parseQuery} from '../../core/query/parse.js'
import type {Query} from '../../core/query/query.js'
import type {TrackId} from '../../core/track.js'
import type {Library} from '../../store/library.js'

export interface Selection {
  /** In the query language; null for everything. */
  readonly query: string | null
  /** Names or ids of playlists and folders; null for all. Given, only their tracks are exported. */
  readonly playlists: readonly string[] | null
  /** Also tracks whose file is gone; false where left out, because a program would show them as broken. */
  readonly withMissing?: boolean
}

/** @throws QUERY_INVALID, PLAYLIST_NOT_FOUND */
export function libraryView(
  library: Library,
  {query, playlists, withMissing = false}: Selection,
  nowMs: number,
): LibraryView {
  const parsed: Query | undefined = query === null ? undefined : parseQuery(query, {nowMs})
  const nodes =
    playlists === null
      ? library.playlists.tree()
      : playlists.map((name) => library.playlists.node(library.playlists.resolve(name).id))
  const chosen = chosenTracks(library, parsed, playlists === null ? null : nodes, withMissing)
  const tree = chosen === null ? nodes : mapPlaylistTracks(nodes, (id) => (chosen.has(id) ? id : null))
  return {
    trackCount: chosen?.size ?? library.tracks.count(),
    tracks: async function* () {
      if (chosen === null) for (const track of library.tracks.iterate()) yield settlePositions(track)
      else
        for (const id of chosen) {
          const track = library.tracks.find(id)
          if (track !== null) yield settlePositions(track)
        }
    },
    track: (id) => {
      const track = chosen === null || chosen.has(id) ? library.tracks.find(id) : null
      return Promise.resolve(track === null ? null : settlePositions(track))
    },
    playlists: () => tree,
  }
}

/** The tracks of a selection in the order of the library; null for all of them, which are then read in batches. */
function chosenTracks(
  library: Library,
  query: Query | undefined,
  nodes: readonly PlaylistNode[] | null,
  withMissing: boolean,
): Set<TrackId> | null {
  const states = library.scan.states()
  const hasMissing = !withMissing && states.some(({isMissing}) => isMissing)
  if (query === undefined && nodes === null && !hasMissing) return null
  const matching = query === undefined ? null : new Set(library.tracks.ids({query}))
  const listed = nodes === null ? null : new Set(tracksOf(nodes))
  const isChosen = (id: TrackId) => (matching === null || matching.has(id)) && (listed === null || listed.has(id))
  return new Set(
    states
      .filter(({isMissing, trackId}) => (withMissing || !isMissing) && isChosen(trackId))
      .map(({trackId}) => trackId),
  )
}

function* tracksOf(nodes: readonly PlaylistNode[]): Generator<TrackId> {
  for (const {node} of walkPlaylists(nodes)) if (node.kind !== 'folder') yield* node.tracks
}
