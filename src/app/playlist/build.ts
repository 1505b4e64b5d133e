// A set by rule: chosen and ordered along an energy curve, kept as a playlist.
import type {Environment} from '../../core/environment.js'
import {CrateError} from '../../core/errors.js'
import {parseQuery} from '../../core/query/parse.js'
import type {TrackId} from '../../core/track.js'
import {prepareCandidates} from '../../mixing/candidates.js'
import {type BuiltSet, buildSet} from '../../mixing/set-builder.js'
import type {Library} from '../../store/library.js'
import {findTrack} from '../library/show.js'
import {candidateTable} from '../mixing/candidate-table.js'
import {storedModel} from '../mixing/learnt-model.js'
import {createPlaylist} from './edit.js'
import {readEnergyCurve} from './energy-file.js'

export interface BuildRequest {
  /** `Folder/Name` to keep it under; null only shows it. */
  readonly name: string | null
  readonly durationMinutes: number
  /** A named curve, or a file with one. */
  readonly energy: string
  readonly start: string | null
  readonly end: string | null
  readonly must: readonly string[]
  readonly without: readonly string[]
  /** `3=TRACK`: this track at this place, from 1. */
  readonly locked: readonly string[]
  readonly query: string | null
  /** A playlist of this name is replaced. */
  readonly force: boolean
}

/** @throws CONFLICT saying which wishes exclude each other, TRACK_NOT_FOUND, QUERY_INVALID, USAGE */
export async function buildPlaylist(
  environment: Environment,
  library: Library,
  request: BuildRequest,
): Promise<{set: BuiltSet; playlistId: string | null}> {
  const {nowMs} = environment
  if (request.name !== null) checkName(library, request.name, request.force)
  const energy = await readEnergyCurve(request.energy)
  const idOf = (text: string) => findTrack(library, text).id
  const named = {
    start: request.start === null ? null : idOf(request.start),
    end: request.end === null ? null : idOf(request.end),
    must: request.must.map(idOf),
    without: request.without.map(idOf),
    locked: request.locked.map((text) => parseLocked(text, idOf)),
  }
  const all = candidateTable(library)
  const wanted = new Set<string>(
    [named.start, named.end, ...named.must, ...named.locked.map(({id}) => id)].filter((id) => id !== null),
  )
  const matching =
    request.query === null
      ? null
      : new Set<string>(library.tracks.ids({query: parseQuery(request.query, {nowMs: nowMs()})}))
  const table =
    matching === null ? all : prepareCandidates(all.tracks.filter(({id}) => matching.has(id) || wanted.has(id)))
  const set = buildSet(table, {
    durationMs: request.durationMinutes * 60_000,
    energy,
    ...named,
    weights: storedModel(library).weights,
  })
  return {set, playlistId: request.name === null ? null : keep(environment, library, request.name, set)}
}

/** Before the work, so that nobody waits for a set that cannot be kept. */
function checkName(library: Library, name: string, force: boolean): void {
  const known = library.playlists.find(name)
  if (known === null || (force && known.kind === 'list')) return
  const what = {list: 'playlist', smart: 'smart playlist', folder: 'folder'}[known.kind]
  throw new CrateError('CONFLICT', `there is a ${what} "${name}" already`, {
    hints: [...(known.kind === 'list' ? ['Replace it: --force'] : []), 'Choose another name: --name'],
  })
}

function keep(environment: Environment, library: Library, name: string, set: BuiltSet): string {
  const tracks = set.entries.map(({track}) => track.id as TrackId)
  const known = library.playlists.find(name)
  if (known !== null) {
    library.playlists.replaceTracks(known.id, tracks)
    return known.id
  }
  return library.transaction(() => {
    const playlist = createPlaylist(environment, library, {path: name, query: null, isFolder: false, tracks: []})
    library.playlists.addTracks(playlist.id, tracks)
    return playlist.id
  })
}

function parseLocked(text: string, idOf: (text: string) => TrackId): {position: number; id: TrackId} {
  const match = /^(\d+)=(.+)$/.exec(text)
  if (match?.[1] === undefined || match[2] === undefined)
    throw new CrateError('USAGE', `"${text}" is not of the form PLACE=TRACK`, {hints: ['For example --lock 5=3f2a']})
  return {position: Number(match[1]), id: idOf(match[2])}
}
