// The library as mixing sees it: one table, made once for a command or a night.
import {type CandidateTable, prepareCandidates} from '../../mixing/candidates.js'
import {mixTrackFromTrack} from '../../mixing/mix-track.js'
import type {Library} from '../../store/library.js'

/** Tracks whose file is gone cannot be played and are left out. */
export function candidateTable(library: Library): CandidateTable {
  const missing = new Set(
    library.scan
      .states()
      .filter(({isMissing}) => isMissing)
      .map(({trackId}) => trackId),
  )
  const tracks = []
  for (const track of library.tracks.iterate()) {
    if (missing.has(track.id)) continue
    const vector = track.audioHash === null ? null : (library.analyses.embedding(track.audioHash)?.vector ?? null)
    tracks.push(mixTrackFromTrack(track, vector))
  }
  return prepareCandidates(tracks)
}
