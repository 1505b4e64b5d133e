// Files that hold the same audio, to the bit.
import type {TrackId} from '../../core/track.js'
import type {Library} from '../../store/library.js'

export interface DuplicateGroup {
  readonly audioHash: string
  readonly tracks: readonly {readonly id: TrackId; readonly path: string; readonly isMissing: boolean}[]
}

/** Files whose audio payload is the same to the bit, whatever their tags say; the most copies first. */
export function duplicatesByAudio(library: Library): DuplicateGroup[] {
  const groups = new Map<string, {id: TrackId; path: string; isMissing: boolean}[]>()
  for (const {audioHash, trackId, path, isMissing} of library.scan.states()) {
    if (audioHash === null) continue
    const group = groups.get(audioHash)
    const track = {id: trackId, path, isMissing}
    if (group === undefined) groups.set(audioHash, [track])
    else group.push(track)
  }
  return [...groups]
    .filter(([, tracks]) => tracks.length > 1)
    .map(([audioHash, tracks]) => ({audioHash, tracks}))
    .sort((a, b) => b.tracks.length - a.tracks.length)
}
