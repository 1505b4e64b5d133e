// Genres suggested from what the DJ has labelled; written only when told to.

import type {Environment} from '../../core/environment.js'
import {CrateError} from '../../core/errors.js'
import {type TrackId, trackName} from '../../core/track.js'
import {type GenreAccuracy, type LabelledTrack, leaveOneOut, prepareVoters, suggestGenre} from '../../mixing/genre.js'
import type {Library} from '../../store/library.js'

export interface GenreProposal {
  readonly id: TrackId
  readonly name: string
  readonly current: string | null
  readonly genre: string
  readonly confidence: number
  /** Names of the labelled tracks that it sounds like. */
  readonly like: readonly string[]
}

export interface GenreReport {
  readonly labelled: number
  readonly accuracy: GenreAccuracy
  /** Surest first. */
  readonly proposals: readonly GenreProposal[]
  readonly written: number
}

export interface GenreRequest {
  /** Suggestions that are less sure are left out, 0 to 1. */
  readonly minimum: number
  /** Keep the suggestions as the tracks' genre in the library. */
  readonly write: boolean
}

/** So many labelled tracks are tried at most: enough for the first decimal. */
const MOST_TRIED = 2000

/** @throws USAGE when too few tracks have a genre to learn from */
export function suggestGenres(
  {reporter, signal}: Environment,
  library: Library,
  {minimum, write}: GenreRequest,
): GenreReport {
  const labelled: LabelledTrack[] = []
  const open: {id: TrackId; name: string; vector: Float32Array}[] = []
  const names = new Map<string, string>()
  for (const track of library.tracks.iterate()) {
    const vector = track.audioHash === null ? null : (library.analyses.embedding(track.audioHash)?.vector ?? null)
    if (vector === null) continue
    names.set(track.id, trackName(track))
    const {genre} = track.tags
    if (genre === null || genre.trim() === '') open.push({id: track.id, name: trackName(track), vector})
    else labelled.push({id: track.id, genre, vector})
  }
  const voters = prepareVoters(labelled)
  if (new Set(voters.groups).size < 2)
    throw new CrateError('USAGE', `${labelled.length} analysed tracks have a genre: that is too little to learn from`, {
      hints: ['Label at least three tracks of each of two genres: crate library edit TRACK --tag genre=Techno'],
    })
  const accuracy = leaveOneOut(voters, MOST_TRIED)
  const task = reporter.task('Listening', open.length)
  const proposals: GenreProposal[] = []
  for (const [index, {id, name, vector}] of open.entries()) {
    signal.throwIfAborted()
    task.update(index, name)
    const suggestion = suggestGenre(voters, vector)
    if (suggestion === null || suggestion.confidence < minimum) continue
    const {genre, confidence, because} = suggestion
    proposals.push({
      id,
      name,
      current: null,
      genre,
      confidence,
      like: because.slice(0, 3).map((other) => names.get(other) ?? other),
    })
  }
  task.finish()
  proposals.sort((a, b) => b.confidence - a.confidence || a.name.localeCompare(b.name, 'en'))
  if (write)
    library.transaction(() => {
      for (const {id, genre} of proposals) library.tracks.editTags(id, {genre})
    })
  return {labelled: labelled.length, accuracy, proposals, written: write ? proposals.length : 0}
}
