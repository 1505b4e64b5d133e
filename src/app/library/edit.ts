// A person's word on tracks: tags, rating, colour, key, tempo, grid; analysis and later syncs leave it alone.

import {join} from 'node:path'
import {backupStore} from '../../adapters/backups/backup-store.js'
import {readRawTags} from '../../adapters/tags/raw-tags.js'
import {writeTags} from '../../adapters/tags/write-tags.js'
import {rgbFromHex} from '../../core/color.js'
import type {Environment} from '../../core/environment.js'
import {CrateError, type ItemFailure, itemFailure} from '../../core/errors.js'
import {parseKey} from '../../core/key.js'
import {parseQuery} from '../../core/query/parse.js'
import {EMPTY_TAGS, type Tags, type Track} from '../../core/track.js'
import type {Library} from '../../store/library.js'
import {findTrack} from './show.js'

export interface EditRequest {
  /** Ids, paths, or words; each names one track. */
  readonly tracks: readonly string[]
  /** All tracks that match, beside those named. */
  readonly query: string | null
  /** `title=New title`; an empty value empties the tag. */
  readonly tags: Readonly<Record<string, string>>
  /** 0 to 5, or `none`. */
  readonly rating: string | null
  /** `#RRGGBB`, or `none`. */
  readonly color: string | null
  /** Any notation, or `none` for what analysis says. */
  readonly key: string | null
  /** A number, `double`, `half`, or `none` for what analysis says. */
  readonly tempo: string | null
  /** Moves the whole grid. */
  readonly shiftGridMs: number | null
  /** Also into the audio files. */
  readonly canWriteTags: boolean
  /** Take the track out of the library; its file stays. */
  readonly remove: boolean
}

export interface EditReport {
  readonly edited: readonly Track[]
  readonly removed: number
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
  const {nowMs} = environment
  const named = request.tracks.map((text) => findTrack(library, text))
  const matching =
    request.query === null ? [] : library.tracks.list({query: parseQuery(request.query, {nowMs: nowMs()})})
  const tracks = [...new Map([...named, ...matching].map((track) => [track.id, track])).values()]
  if (tracks.length === 0)
    throw new CrateError('USAGE', 'no track is named', {hints: ["Name one, or use --query 'genre:techno'."]})
  const tags = parseTagEdits(request.tags)
  const marks = parseMarks(request)
  if (request.remove) {
    library.tracks.remove(tracks.map(({id}) => id))
    return {edited: [], removed: tracks.length, failures: [], backup: null}
  }
  library.transaction(() => {
    for (const track of tracks) applyMarks(library, track, tags, marks, request)
  })
  const written =
    request.canWriteTags && Object.keys(tags).length > 0
      ? await writeIntoFiles(environment, library, tracks, tags)
      : {failures: [], backup: null}
  return {edited: tracks.map(({id}) => library.tracks.get(id)), removed: 0, ...written}
}

const NUMBER_TAGS: readonly (keyof Tags)[] = ['year', 'trackNumber', 'trackTotal', 'discNumber', 'tempoBpm']

function parseTagEdits(texts: Readonly<Record<string, string>>): Partial<Tags> {
  const edits: Record<string, string | number | null> = {}
  for (const [name, text] of Object.entries(texts)) {
    if (!(name in EMPTY_TAGS))
      throw new CrateError('USAGE', `there is no tag "${name}"`, {
        hints: [`There are: ${Object.keys(EMPTY_TAGS).join(', ')}.`],
      })
    const isNumber = NUMBER_TAGS.includes(name as keyof Tags)
    if (isNumber && text !== '' && !Number.isFinite(Number(text)))
      throw new CrateError('USAGE', `${name} is a number, "${text}" is none`)
    edits[name] = text === '' ? null : isNumber ? Number(text) : text
  }
  return edits as Partial<Tags>
}

type Marks = ReturnType<typeof parseMarks>

function parseMarks({rating, color, key, tempo}: EditRequest) {
  const invalid = (what: string, value: string, hint: string) =>
    new CrateError('USAGE', `"${value}" is no ${what}`, {hints: [hint]})
  const stars = rating === null || rating === 'none' ? null : Number(rating)
  if (stars !== null && !(stars >= 0 && stars <= 5)) throw invalid('rating', String(rating), 'Use 0 to 5, or none.')
  const colorRgb = color === null || color === 'none' ? null : rgbFromHex(color)
  if (color !== null && color !== 'none' && colorRgb === null)
    throw invalid('colour', color, 'Write it as #RRGGBB, or none.')
  const musicalKey = key === null || key === 'none' ? null : parseKey(key)
  if (key !== null && key !== 'none' && musicalKey === null)
    throw invalid('key', key, 'Write it as 8A, 1m or Am, or none.')
  const factor = tempo === 'double' ? 2 : tempo === 'half' ? 0.5 : null
  const tempoBpm = tempo === null || tempo === 'none' || factor !== null ? null : Number(tempo)
  if (tempoBpm !== null && !(tempoBpm > 20 && tempoBpm < 400))
    throw invalid('tempo', String(tempo), 'Use BPM between 20 and 400, double, half, or none.')
  return {stars, colorRgb, musicalKey, factor, tempoBpm}
}

function applyMarks(library: Library, track: Track, tags: Partial<Tags>, marks: Marks, request: EditRequest): void {
  const {tracks} = library
  if (Object.keys(tags).length > 0) tracks.editTags(track.id, tags)
  if (request.rating !== null) tracks.setRating(track.id, marks.stars, 'user')
  if (request.color !== null) tracks.setColor(track.id, marks.colorRgb, 'user')
  if (request.key !== null) tracks.setKey(track.id, marks.musicalKey, 'user')
  if (request.tempo !== null) setTempo(library, track, marks)
  if (request.shiftGridMs !== null && track.beatGrid.length > 0) {
    const by = request.shiftGridMs
    tracks.setGrid(
      track.id,
      track.beatGrid.map((marker) => ({...marker, positionMs: marker.positionMs + by})),
      'user',
      track.isGridLocked,
    )
  }
}

/** A grid follows its tempo: doubled and halved about its first beat, else drawn anew from there. */
function setTempo(library: Library, track: Track, {factor, tempoBpm}: Marks): void {
  const {tracks} = library
  if (factor === null && tempoBpm === null) {
    tracks.setTempo(track.id, null)
    tracks.setGrid(track.id, null)
    return
  }
  if (factor !== null) {
    if (track.tempoBpm === null)
      throw new CrateError('USAGE', `the tempo of ${track.file.path} is not known, so it cannot be doubled or halved`)
    tracks.setTempo(track.id, track.tempoBpm * factor, 'user')
    const grid = track.beatGrid.map((marker) => ({...marker, tempoBpm: marker.tempoBpm * factor}))
    if (grid.length > 0) tracks.setGrid(track.id, grid, 'user', track.isGridLocked)
    return
  }
  const first = track.beatGrid[0]
  tracks.setTempo(track.id, tempoBpm, 'user')
  if (first !== undefined && tempoBpm !== null)
    tracks.setGrid(track.id, [{...first, tempoBpm}], 'user', track.isGridLocked)
}

/** What the files said before is kept, for `crate library restore`. */
async function writeIntoFiles(
  {nowMs, signal}: Environment,
  library: Library,
  tracks: readonly Track[],
  tags: Partial<Tags>,
): Promise<{failures: ItemFailure[]; backup: string | null}> {
  const failures: ItemFailure[] = []
  const before = []
  for (const {file} of tracks) {
    const raw = await readRawTags(file.path).catch(() => null)
    if (raw !== null)
      before.push({
        path: file.path,
        isWhole: true,
        set: raw.tags.map(({key, bytes}) => ({key, base64: Buffer.from(bytes).toString('base64')})),
      })
  }
  const backup = await backupStore(join(library.folder, 'backups'), nowMs).create({
    reason: 'library edit',
    paths: [],
    tags: before,
  })
  for (const {file} of tracks) {
    signal.throwIfAborted()
    try {
      await writeTags(file.path, tags)
    } catch (error) {
      failures.push(itemFailure(file.path, error))
    }
  }
  return {failures, backup: backup.id}
}
