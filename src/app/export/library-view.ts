// The library as an exporter sees it: all of it, what a query matches, or some playlists.
import type {LibraryView} from '../../api/format.js'
import {mapPlaylistTracks, type PlaylistNode, walkPlaylists} from '../../core/playlist.js'
import {settlePositions} from '../../core/position-shift.js'
import {parseQuery} from '../../core/query/parse.js'
import type {Query} from '../../core/query/query.js'
import type {TrackId} from '../../core/track.js'
import type {Library} from '../../store/library.js'
import type {FileState} from '../../store/scan.js'

export interface Selection {
  /** In the query language; null for everything. */
  readonly query: string | null
  /** Names or ids of playlists and folders; null for all. Given, only their tracks are exported. */
  readonly playlists: readonly string[] | null
  /** Also tracks whose file was here and is gone; false where left out, because a program would show them as broken. */
  readonly withMissing?: boolean
}

export interface SelectedView extends LibraryView {
  /** Tracks that would be in the view, were their files not gone. */
  readonly leftOut: number
}

/** @throws QUERY_INVALID, PLAYLIST_NOT_FOUND */
export function libraryView(
  library: Library,
  {query, playlists, withMissing = false}: Selection,
  nowMs: number,
): SelectedView {
  const parsed: Query | undefined = query === null ? undefined : parseQuery(query, {nowMs})
  const nodes =
    playlists === null
      ? library.playlists.tree()
      : playlists.map((name) => library.playlists.node(library.playlists.resolve(name).id))
  const {chosen, leftOut} = chosenTracks(library, parsed, playlists === null ? null : nodes, withMissing)
  const tree = chosen === null ? nodes : mapPlaylistTracks(nodes, (id) => (chosen.has(id) ? id : null))
  return {
    leftOut,
    trackCount: chosen?.size ?? library.tracks.count(),
    tracks: async function* () {
      for (const track of chosen === null ? library.tracks.iterate() : library.tracks.iterateIds([...chosen]))
        yield settlePositions(track)
    },
    track: (id) => {
      const track = chosen === null || chosen.has(id) ? library.tracks.find(id) : null
      return Promise.resolve(track === null ? null : settlePositions(track))
    },
    playlists: () => tree,
  }
}

interface ChosenTracks {
  /** In the order of the library; null for all of them, which are then read in batches. */
  readonly chosen: ReadonlySet<TrackId> | null
  readonly leftOut: number
}

/**
 * Gone are files that were here once. One that an import named and that never was here is on another machine, as far as
 * anybody knows, and what was imported with it must come out again.
 */
function isGone({isMissing, audioHash}: FileState): boolean {
  return isMissing && audioHash !== null
}

function chosenTracks(
  library: Library,
  query: Query | undefined,
  nodes: readonly PlaylistNode[] | null,
  withMissing: boolean,
): ChosenTracks {
  const states = library.scan.states()
  const matching = query === undefined ? null : new Set(library.tracks.ids({query}))
  const listed = nodes === null ? null : new Set(tracksOf(nodes))
  const selected = states.filter(
    ({trackId}) => (matching === null || matching.has(trackId)) && (listed === null || listed.has(trackId)),
  )
  const kept = withMissing ? selected : selected.filter((state) => !isGone(state))
  const leftOut = selected.length - kept.length
  if (kept.length === states.length) return {chosen: null, leftOut}
  return {chosen: new Set(kept.map(({trackId}) => trackId)), leftOut}
}

function* tracksOf(nodes: readonly PlaylistNode[]): Generator<TrackId> {
  for (const {node} of walkPlaylists(nodes)) if (node.kind !== 'folder') yield* node.tracks
}
