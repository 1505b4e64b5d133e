// Tracks whose file is gone.
import {existsSync} from 'node:fs'
import type {Library} from '../../store/library.js'
import {type ListedTrack, listedTrack} from '../listed-track.js'

/** Those that a sync found missing, and those whose path leads nowhere at this moment. */
export function missingTracks(library: Library): ListedTrack[] {
  return library.scan
    .states()
    .filter(({isMissing, path}) => isMissing || !existsSync(path))
    .map(({trackId}) => listedTrack(library.tracks.get(trackId), true))
}
