// The library as an exporter sees it: all of it, what a query matches, or some playlists.
import type {LibraryView} from '../../api/format.js'
import {mapPlaylistTracks, type PlaylistNode, walkPlaylists} from '../../core/playlist.js'
import {parseQuery} from '../../core/query/parse.js'
import type {Query} from '../../core/query/query.js'
import type {TrackId} from '../../core/track.js'
import type {Library} from '../../store/library.js'

export interface Selection {
  /** In the query language; null for everything. */
  readonly query: string | null
  /** Names or ids of playlists and folders; null for all. Given, only their tracks are exported. */
  readonly playlists: readonly string[] | null
}

/** @throws QUERY_INVALID, PLAYLIST_NOT_FOUND */
export function libraryView(library: Library, {query, playlists}: Selection, nowMs: number): LibraryView {
  const parsed: Query | undefined = query === null ? undefined : parseQuery(query, {nowMs})
  const nodes =
    playlists === null
      ? library.playlists.tree()
      : playlists.map((name) => library.playlists.node(library.playlists.resolve(name).id))
  const chosen = chosenTracks(library, parsed, playlists === null ? null : nodes)
  const tree = chosen === null ? nodes : mapPlaylistTracks(nodes, (id) => (chosen.has(id) ? id : null))
  return {
    trackCount: chosen?.size ?? library.tracks.count(),
    tracks: async function* () {
      if (chosen === null) yield* library.tracks.iterate()
      else
        for (const id of chosen) {
          const track = library.tracks.find(id)
          if (track !== null) yield track
        }
    },
    track: (id) => Promise.resolve(chosen === null || chosen.has(id) ? library.tracks.find(id) : null),
    playlists: () => tree,
  }
}

function chosenTracks(
  library: Library,
  query: Query | undefined,
  nodes: readonly PlaylistNode[] | null,
): Set<TrackId> | null {
  if (query === undefined && nodes === null) return null
  const matching = new Set(query === undefined ? [] : library.tracks.ids({query}))
  if (nodes === null) return matching
  const listed = new Set<TrackId>()
  for (const {node} of walkPlaylists(nodes))
    if (node.kind !== 'folder')
      for (const id of node.tracks) if (query === undefined || matching.has(id)) listed.add(id)
  return listed
}
