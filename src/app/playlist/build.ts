// A set by rule: chosen and ordered along an energy curve, kept as a playlist.
import {readFile} from 'node:fs/promises'
import {expandHome} from '../../adapters/config/config-file.js'
import {fileError} from '../../adapters/files/errors.js'
import type {Environment} from '../../core/environment.js'
import {CrateError} from '../../core/errors.js'
import {parseQuery} from '../../core/query/parse.js'
import type {TrackId} from '../../core/track.js'
import {prepareCandidates} from '../../mixing/candidates.js'
import type {CurvePoint, EnergyCurve} from '../../mixing/energy-curve.js'
import {type BuiltSet, buildSet} from '../../mixing/set-builder.js'
import type {Library} from '../../store/library.js'
import {findTrack} from '../library/show.js'
import {candidateTable} from '../mixing/candidate-table.js'
import {storedModel} from '../mixing/learnt-model.js'
import {createPlaylist} from './edit.js'

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

const NAMED_CURVES = ['warm-up', 'peak', 'journey'] as const

/** @throws CONFLICT saying which wishes exclude each other, TRACK_NOT_FOUND, QUERY_INVALID, USAGE */
export async function buildPlaylist(
  environment: Environment,
  library: Library,
  request: BuildRequest,
): Promise<{set: BuiltSet; playlistId: string | null}> {
  const {nowMs} = environment
  const energy = await energyCurve(request.energy)
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
  return {set, playlistId: request.name === null ? null : keep(environment, library, request.name, set, request.force)}
}

function keep(environment: Environment, library: Library, name: string, set: BuiltSet, force: boolean): string {
  const tracks = set.entries.map(({track}) => track.id as TrackId)
  const known = library.playlists.find(name)
  if (known !== null) {
    if (!force || known.kind !== 'list')
      throw new CrateError('CONFLICT', `there is a playlist "${name}" already`, {
        hints: ['Replace it: --force', 'Or choose another name: --name'],
      })
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

/** A file holds `[{"at": 0, "energy": 3}, …]`, or a line `share,energy` each; shares run from 0 to 1 or to 100 %. */
async function energyCurve(text: string): Promise<EnergyCurve> {
  const named = NAMED_CURVES.find((name) => name === text)
  if (named !== undefined) return named
  const path = expandHome(text)
  let content: string
  try {
    content = await readFile(path, 'utf8')
  } catch (error) {
    throw fileError(error, path, 'read')
  }
  const points = content.trimStart().startsWith('[') ? pointsFromJson(content, path) : pointsFromLines(content, path)
  const scale = points.some(({at}) => at > 1) ? 100 : 1
  return points.map(({at, energy}) => ({at: at / scale, energy}))
}

function pointsFromJson(content: string, path: string): CurvePoint[] {
  try {
    const points = JSON.parse(content) as CurvePoint[]
    if (points.every(({at, energy}) => typeof at === 'number' && typeof energy === 'number')) return points
  } catch {
    // Told below, like a list of other things.
  }
  throw notACurve(path)
}

function pointsFromLines(content: string, path: string): CurvePoint[] {
  const points = content
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !/^\s*(#|[a-z])/i.test(line))
    .map((line) => line.split(/[,;\t]/).map(Number))
    .map(([at = Number.NaN, energy = Number.NaN]) => ({at, energy}))
  if (points.length === 0 || points.some(({at, energy}) => Number.isNaN(at) || Number.isNaN(energy)))
    throw notACurve(path)
  return points
}

function notACurve(path: string): CrateError {
  return new CrateError('FORMAT_INVALID', `${path} is no energy curve`, {
    hints: ['Write lines like 0,3 and 100,8 (share of the set, energy from 1 to 10), or use warm-up, peak or journey.'],
  })
}
