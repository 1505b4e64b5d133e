// A person's word on tracks: tags, rating, colour, key, tempo, grid; analysis and later syncs leave it alone.
import {join} from 'node:path'
import {backupStore, type TagChange} from '../../adapters/backups/backup-store.js'
import {readRawTags} from '../../adapters/tags/raw-tags.js'
import {writeTags} from '../../adapters/tags/write-tags.js'
import type {Environment} from '../../core/environment.js'
import {CrateError, type ItemFailure, itemFailure} from '../../core/errors.js'
import {parseQuery} from '../../core/query/parse.js'
import type {Tags, Track} from '../../core/track.js'
import type {Library} from '../../store/library.js'
import {findTrack} from './show.js'
import {type EditWords, hasNoEdits, parseTrackEdits, type TrackEdits} from './track-edits.js'

export interface EditRequest extends EditWords {
  /** Ids, paths, or words; each names one track. */
  readonly tracks: readonly string[]
  /** All tracks that match, beside those named. */
  readonly query: string | null
  /** Also into the audio files. */
  readonly canWriteTags: boolean
  /** Take the track out of the library; its file stays. */
  readonly remove: boolean
  /** Only say which tracks it would be. */
  readonly isDryRun: boolean
}

export interface EditReport {
  /** As they are now; of a dry run, those that would be edited. */
  readonly edited: readonly Track[]
  /** Taken out, or of a dry run, those that would be. */
  readonly removed: readonly Track[]
  readonly failures: readonly ItemFailure[]
  /** Of tags inside files; null where none were written. */
  readonly backup: string | null
}

/** @throws TRACK_NOT_FOUND, QUERY_INVALID; USAGE for a value that cannot be understood: then nothing is changed */
export async function editTracks(
  environment: Environment,
  library: Library,
  request: EditRequest,
): Promise<EditReport> {
  const edits = parseTrackEdits(request)
  checkWishes(edits, request)
  const tracks = tracksOf(environment, library, request)
  const unwritten = {failures: [], backup: null}
  if (request.remove) {
    if (!request.isDryRun) library.tracks.remove(tracks.map(({id}) => id))
    return {edited: [], removed: tracks, ...unwritten}
  }
  if (request.isDryRun) return {edited: tracks, removed: [], ...unwritten}
  library.transaction(() => {
    for (const track of tracks) applyEdits(library, track, edits)
  })
  const written = request.canWriteTags ? await writeIntoFiles(environment, library, tracks, edits.tags) : unwritten
  return {edited: tracks.map(({id}) => library.tracks.get(id)), removed: [], ...written}
}

function checkWishes(edits: TrackEdits, {remove, canWriteTags}: EditRequest): void {
  const isNothing = hasNoEdits(edits)
  if (remove && (!isNothing || canWriteTags))
    throw new CrateError('USAGE', 'a track is either removed or edited', {hints: ['Leave --remove or the others out.']})
  if (!remove && isNothing)
    throw new CrateError('USAGE', 'nothing is said that should change', {
      hints: ['For example --tag genre=Techno or --rating 4; --help lists the flags.'],
    })
  if (canWriteTags && Object.keys(edits.tags).length === 0)
    throw new CrateError('USAGE', '--write-tags writes what --tag says, and there is no --tag', {
      hints: ['For example --tag genre=Techno --write-tags'],
    })
}

function tracksOf({nowMs}: Environment, library: Library, {tracks, query}: EditRequest): Track[] {
  const named = tracks.map((text) => findTrack(library, text))
  const matching = query === null ? [] : library.tracks.list({query: parseQuery(query, {nowMs: nowMs()})})
  const wanted = [...new Map([...named, ...matching].map((track) => [track.id, track])).values()]
  if (wanted.length > 0) return wanted
  throw query === null
    ? new CrateError('USAGE', 'no track is named', {hints: ["Name one, or use --query 'genre:techno'."]})
    : new CrateError('TRACK_NOT_FOUND', `no track matches ${query}`, {
        hints: [`See what there is: crate library list '${query}'`],
      })
}

function applyEdits(library: Library, track: Track, edits: TrackEdits): void {
  const {tracks} = library
  const {tags, ratingStars, colorRgb, key, tempo, shiftGridMs} = edits
  if (Object.keys(tags).length > 0) tracks.editTags(track.id, tags)
  if (ratingStars !== null) tracks.setRating(track.id, ratingStars.value, 'user')
  if (colorRgb !== null) tracks.setColor(track.id, colorRgb.value, 'user')
  if (key !== null) tracks.setKey(track.id, key.value, 'user')
  if (tempo !== null) setTempo(library, track, tempo.value)
  if (shiftGridMs !== null) shiftGrid(library, track, shiftGridMs)
}

/** After a new tempo, the grid that it made is moved. */
function shiftGrid(library: Library, {id}: Track, byMs: number): void {
  const {beatGrid, isGridLocked} = library.tracks.get(id)
  if (beatGrid.length === 0) return
  const moved = beatGrid.map((marker) => ({...marker, positionMs: marker.positionMs + byMs}))
  library.tracks.setGrid(id, moved, 'user', isGridLocked)
}

/** A grid follows its tempo: doubled and halved about its first beat, else drawn anew from there. */
function setTempo({tracks}: Library, track: Track, tempo: NonNullable<TrackEdits['tempo']>['value']): void {
  if (tempo === null) {
    tracks.setTempo(track.id, null)
    tracks.setGrid(track.id, null)
    return
  }
  if ('factor' in tempo) {
    const {factor} = tempo
    if (track.tempoBpm === null)
      throw new CrateError('USAGE', `the tempo of ${track.file.path} is not known, so it cannot be doubled or halved`, {
        hints: ['Say it as a number: --tempo 128'],
      })
    tracks.setTempo(track.id, track.tempoBpm * factor, 'user')
    const grid = track.beatGrid.map((marker) => ({...marker, tempoBpm: marker.tempoBpm * factor}))
    if (grid.length > 0) tracks.setGrid(track.id, grid, 'user', track.isGridLocked)
    return
  }
  const first = track.beatGrid[0]
  tracks.setTempo(track.id, tempo.bpm, 'user')
  if (first !== undefined) tracks.setGrid(track.id, [{...first, tempoBpm: tempo.bpm}], 'user', track.isGridLocked)
}

/** What the files said before is kept, for `crate library restore`; a file of which it cannot be kept is left alone. */
async function writeIntoFiles(
  {nowMs, signal}: Environment,
  library: Library,
  tracks: readonly Track[],
  tags: Partial<Tags>,
): Promise<{failures: ItemFailure[]; backup: string | null}> {
  const failures: ItemFailure[] = []
  const before: TagChange[] = []
  for (const {file} of tracks) {
    signal.throwIfAborted()
    try {
      const raw = await readRawTags(file.path)
      const set = raw?.tags.map(({key, bytes}) => ({key, base64: Buffer.from(bytes).toString('base64')})) ?? []
      before.push({path: file.path, isWhole: true, set})
    } catch (error) {
      failures.push(itemFailure(file.path, error))
    }
  }
  if (before.length === 0) return {failures, backup: null}
  const backups = backupStore(join(library.folder, 'backups'), nowMs)
  const backup = await backups.create({reason: 'library edit', paths: [], tags: before})
  for (const {path} of before) {
    signal.throwIfAborted()
    try {
      await writeTags(path, tags)
    } catch (error) {
      failures.push(itemFailure(path, error))
    }
  }
  return {failures, backup: backup.id}
}
