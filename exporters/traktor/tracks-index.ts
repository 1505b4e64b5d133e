// Which tracks go into the file, under which key, and by which path an entry of the file is one of them.
import type {ExportWarning, LibraryView} from '../../src/api/format.js'
import {pathKey} from '../../src/core/music-path.js'
import {type TrackId, trackName} from '../../src/core/track.js'
import {locationOfTrack} from './entry-values.js'
import {locationFromKey, pathFromLocation, primaryKey} from './location.js'

export interface TracksIndex {
  /** PRIMARYKEY by track; tracks that cannot be written are not in it. */
  readonly keys: Map<TrackId, string>
  readonly byPath: ReadonlyMap<string, TrackId>
  readonly warnings: readonly ExportWarning[]
}

export async function indexTracks(library: LibraryView, bootVolume: string, signal: AbortSignal): Promise<TracksIndex> {
  const keys = new Map<TrackId, string>()
  const byPath = new Map<string, TrackId>()
  const warnings: ExportWarning[] = []
  for await (const track of library.tracks()) {
    if (keys.size % 1024 === 0) signal.throwIfAborted()
    const {path} = track.file
    const location = locationOfTrack(track, bootVolume)
    const place = pathKey(path)
    const problem =
      location === null
        ? 'has no full path, and Traktor could not find it: left out'
        : byPath.has(place)
          ? 'is the same file as another track of the library: left out'
          : null
    if (location === null || problem !== null) {
      warnings.push({kind: 'warning', subject: path || trackName(track), message: problem ?? ''})
      continue
    }
    keys.set(track.id, primaryKey(location))
    byPath.set(place, track.id)
  }
  return {keys, byPath, warnings}
}

/** The track that a PRIMARYKEY of the file names; null for one that the library does not have. */
export function trackOfKey(index: TracksIndex, key: string): TrackId | null {
  const location = locationFromKey(key)
  const path = location === null ? null : pathFromLocation(location)
  return path === null ? null : (index.byPath.get(pathKey(path)) ?? null)
}
