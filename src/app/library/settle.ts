// Positions that an import left in its program's time, because the MP3 was away: moved once its header is known.
import {isMadeByPerson} from '../../core/cue.js'
import {settlePositions} from '../../core/position-shift.js'
import type {TrackId} from '../../core/track.js'
import type {Library} from '../../store/library.js'

export function settleTrack(library: Library, id: TrackId): void {
  const track = library.tracks.get(id)
  const settled = settlePositions(track)
  if (settled === track) return
  library.tracks.setCues(
    id,
    settled.cues.filter(({origin}) => isMadeByPerson(origin)),
  )
  if (track.gridOrigin !== null && isMadeByPerson(track.gridOrigin))
    library.tracks.setGrid(id, settled.beatGrid, track.gridOrigin, track.isGridLocked)
  library.tracks.setExtras(id, settled.extras)
}
