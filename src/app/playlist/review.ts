// How well a playlist mixes, and a better order for it.
import {CrateError} from '../../core/errors.js'
import type {Track, TrackId} from '../../core/track.js'
import {type CandidateTable, prepareCandidates} from '../../mixing/candidates.js'
import {mixTrackFromTrack} from '../../mixing/mix-track.js'
import {type PlaylistReview, proposeOrder, reviewPlaylist} from '../../mixing/playlist-review.js'
import type {Library} from '../../store/library.js'
import type {Playlist} from '../../store/playlists.js'
import {storedModel} from '../mixing/learnt-model.js'

export interface ReviewedPlaylist {
  readonly playlist: Playlist
  readonly tracks: readonly Track[]
  readonly review: PlaylistReview
}

/** @throws PLAYLIST_NOT_FOUND; USAGE for a folder */
export function showPlaylist(library: Library, name: string): ReviewedPlaylist {
  const {playlist, tracks, table, rows} = openPlaylist(library, name)
  return {playlist, tracks, review: reviewPlaylist(table, rows, storedModel(library).weights)}
}

export interface FixedPlaylist {
  readonly playlist: Playlist
  readonly tracks: readonly Track[]
  /** Place from 1 of each of these tracks in the order before. */
  readonly places: readonly number[]
  readonly before: PlaylistReview
  readonly after: PlaylistReview
  readonly isWritten: boolean
}

/** @param locked places from 1 that stay */
export function fixPlaylist(
  library: Library,
  name: string,
  {locked, write}: {readonly locked: readonly number[]; readonly write: boolean},
): FixedPlaylist {
  const {playlist, tracks, table, rows} = openPlaylist(library, name)
  if (write && playlist.kind !== 'list')
    throw new CrateError('USAGE', `"${playlist.name}" is a smart playlist: its query orders it`, {
      hints: ['Sort by the query, as in bpm+'],
    })
  const proposal = proposeOrder(table, rows, {locked, weights: storedModel(library).weights})
  const byId = new Map(tracks.map((track) => [track.id as string, track]))
  const ordered = proposal.rows.flatMap((row) => byId.get(table.tracks[row]?.id ?? '') ?? [])
  if (write)
    library.playlists.replaceTracks(
      playlist.id,
      ordered.map(({id}) => id),
    )
  return {
    playlist,
    tracks: ordered,
    places: proposal.places,
    before: proposal.before,
    after: proposal.after,
    isWritten: write,
  }
}

function openPlaylist(
  library: Library,
  name: string,
): {playlist: Playlist; tracks: Track[]; table: CandidateTable; rows: number[]} {
  const playlist = library.playlists.resolve(name)
  if (playlist.kind === 'folder')
    throw new CrateError('USAGE', `"${playlist.name}" is a folder`, {
      hints: ['crate playlist list shows what is in it.'],
    })
  const ids: TrackId[] = library.playlists.tracks(playlist.id)
  const byId = new Map(ids.map((id) => [id, library.tracks.get(id)]))
  const table = prepareCandidates(
    [...byId.values()].map((track) =>
      mixTrackFromTrack(
        track,
        track.audioHash === null ? null : (library.analyses.embedding(track.audioHash)?.vector ?? null),
      ),
    ),
  )
  return {
    playlist,
    tracks: ids.flatMap((id) => byId.get(id) ?? []),
    table,
    rows: ids.map((id) => table.indexById.get(id) ?? 0),
  }
}
