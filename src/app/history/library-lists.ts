// Playlists of the library that were sets: what came with a stick's history, or what a DJ wrote down.
import {CrateError} from '../../core/errors.js'
import type {TrackId} from '../../core/track.js'
import type {Library} from '../../store/library.js'
import {dayIn, type PlayedList} from './played-list.js'

/**
 * The ordinary lists at or below a playlist of the library, with the tracks of all of them one after the other.
 *
 * @throws PLAYLIST_NOT_FOUND; USAGE for a smart list, which is no record of a night
 */
export function listsOfLibrary(library: Library, path: string): {lists: PlayedList[]; trackIds: TrackId[]} {
  const {names: wanted, kind} = library.playlists.resolve(path)
  if (kind === 'smart')
    throw new CrateError('USAGE', `"${wanted.join('/')}" is a smart playlist, not a set that was played`, {
      hints: ['Name a playlist in the order in which it was played, or a folder of such.'],
    })
  const trackIds: TrackId[] = []
  const lists = library.playlists.list().flatMap((playlist): PlayedList[] => {
    const {names} = playlist
    const isBelow = wanted.every((name, depth) => names[depth] === name)
    if (playlist.kind !== 'list' || !isBelow) return []
    const tracks = library.playlists.tracks(playlist.id).map((id) => {
      trackIds.push(id)
      const {tags, file} = library.tracks.get(id)
      return {artist: tags.artist, title: tags.title, path: file.path, durationMs: file.durationMs}
    })
    return tracks.length === 0 ? [] : [{session: names.join('/'), day: dayIn(names.join('/')), tracks}]
  })
  return {lists, trackIds}
}
