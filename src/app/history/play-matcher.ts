// Which track of the library a recorded play was of.
import {mapPath, type PathMapping, pathKey} from '../../core/music-path.js'
import {fold} from '../../core/query/fold.js'
import type {TrackId} from '../../core/track.js'
import type {Library} from '../../store/library.js'
import type {RecordedPlay} from './recorded-play.js'

/** By path as the systems compare paths, else by artist and title where these name one track. */
export function playMatcher(
  library: Library,
  mappings: readonly PathMapping[],
): (play: Pick<RecordedPlay, 'path' | 'artist' | 'title'>) => TrackId | null {
  const byPath = new Map<string, TrackId>()
  const byName = new Map<string, TrackId | null>()
  for (const {id, path, artist, title} of library.tracks.summaries()) {
    byPath.set(pathKey(path), id)
    const name = nameKey(artist, title)
    if (name !== null) byName.set(name, byName.has(name) ? null : id)
  }
  return ({path, artist, title}) => {
    const found = path === null ? undefined : byPath.get(pathKey(mapPath(path, mappings)))
    return found ?? byName.get(nameKey(artist, title) ?? '') ?? null
  }
}

function nameKey(artist: string | null, title: string | null): string | null {
  return artist === null || title === null || artist === '' || title === ''
    ? null
    : `${fold(artist)}\u0000${fold(title)}`
}
