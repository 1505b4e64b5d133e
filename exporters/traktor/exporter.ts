// Crate → Traktor's collection: a new file, or the one that is there with crate's tracks and lists in it.
import type {Exporter, ExportPiece, ExportRequest, ExportWarning} from '../../src/api/format.js'
import {shiftBetween} from '../../src/core/position-shift.js'
import type {Track, TrackId} from '../../src/core/track.js'
import {withoutKeptRules} from '../shared/smart-losses.js'
import {bytesFromByteText} from './byte-text.js'
import {encodeEntry} from './codec.js'
import {applyEdits, setAttribute} from './edit.js'
import {mergeEntry} from './entry-merge.js'
import {lossesOfVersion} from './index.js'
import {parseTag} from './markup.js'
import {type ExportOptions, parseOptions} from './options.js'
import {ENTRY_PATH, type Piece, piecesOf} from './pieces.js'
import {createPlaylistMerger, planPlaylists, renderPlaylists, renderRoot} from './playlist-merge.js'
import {smartRuleOf} from './playlist-write.js'
import {isInTraktorsTime} from './residue.js'
import {surveyTarget, type TargetSurvey, trackOfEntry, versionOfTarget} from './target.js'
import {indexTracks, type TracksIndex, trackOfKey} from './tracks-index.js'

interface Job {
  readonly request: ExportRequest
  readonly options: ExportOptions
  readonly index: TracksIndex
  readonly signal: AbortSignal
  readonly onTrack: () => void
}

export const exporter: Exporter = {
  loses: async ({library, target, options}) => {
    const {version} = parseOptions(options)
    const loses = lossesOfVersion((await versionOfTarget(target)) ?? version)
    return withoutKeptRules(loses, library, (node) => smartRuleOf(node) !== null)
  },
  async *export(request, context): AsyncGenerator<ExportPiece> {
    const options = parseOptions(request.options)
    const index = await indexTracks(request.library, options.bootVolume, context.signal)
    yield* index.warnings
    const survey = await surveyTarget(request.target, index, context.signal)
    let done = 0
    const onTrack = () => context.progress.update(++done, index.keys.size, 'Traktor')
    const job: Job = {request, options, index, signal: context.signal, onTrack}
    const refused: string[] = []
    const text = survey === null ? newFile(job) : mergedFile(job, survey, refused)
    yield {kind: 'file', path: '', chunks: batched(text)}
    if (refused.length > 0) yield refusedGrids(refused)
  },
}

function refusedGrids(paths: readonly string[]): ExportWarning {
  return {
    kind: 'warning',
    subject: paths[0] ?? '',
    message: `${paths.length} tracks keep the grid that is locked in Traktor; --option grid=replace writes crate's`,
  }
}

const BATCH_LENGTH = 1 << 17

async function* batched(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let waiting: string[] = []
  let length = 0
  for await (const text of texts) {
    waiting.push(text)
    length += text.length
    if (length < BATCH_LENGTH) continue
    yield bytesFromByteText(waiting.join(''))
    waiting = []
    length = 0
  }
  if (length > 0) yield bytesFromByteText(waiting.join(''))
}

function shiftOf(track: Track, request: ExportRequest): number {
  if (!request.shiftsPositions || isInTraktorsTime(track.extras)) return 0
  return shiftBetween('crate', 'traktor', track.file).shiftMs
}

async function* newFile(job: Job): AsyncGenerator<string> {
  const {index, options, request} = job
  yield '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n'
  const program = options.version >= 20 ? 'Traktor Pro 4' : 'Traktor'
  yield `<NML VERSION="${options.version}"><HEAD COMPANY="www.native-instruments.com" PROGRAM="${program}"></HEAD>\n`
  yield '<MUSICFOLDERS></MUSICFOLDERS>\n'
  yield* collection(job, options.version)
  yield '<SETS ENTRIES="0"></SETS>\n'
  const keyOf = (id: TrackId) => index.keys.get(id) ?? null
  yield* renderPlaylists(request.library.playlists(), {keyOf, version: options.version})
  yield '<INDEXING></INDEXING>\n</NML>\n'
}

async function* collection(job: Job, version: number): AsyncGenerator<string> {
  yield `<COLLECTION ENTRIES="${job.index.keys.size}">`
  yield* newEntries(job, version, new Map())
  yield '</COLLECTION>\n'
}

async function* newEntries(
  {request, options, index, signal, onTrack}: Job,
  version: number,
  matched: ReadonlyMap<TrackId, string>,
): AsyncGenerator<string> {
  for await (const track of request.library.tracks()) {
    signal.throwIfAborted()
    if (!index.keys.has(track.id) || matched.has(track.id)) continue
    const shiftMs = shiftOf(track, request)
    yield encodeEntry(track, {version, shiftMs, bootVolume: options.bootVolume}) ?? ''
    onTrack()
  }
}

async function* mergedFile(job: Job, survey: TargetSurvey, refused: string[]): AsyncGenerator<string> {
  const {request, index, options, signal} = job
  const {version, matched} = survey
  const added = index.keys.size - matched.size
  const keyOf = (id: TrackId) => matched.get(id) ?? index.keys.get(id) ?? null
  const idOf = (key: string) => trackOfKey(index, key)
  const nodes = request.library.playlists()
  const plan = planPlaylists(survey.roots, nodes)
  const mergePlaylists = createPlaylistMerger(plan, {keyOf, idOf, version, rule: options.playlists})
  const insertMissing = createSectionInserter(
    !survey.hasCollection && added > 0 ? () => collection(job, version) : null,
    !survey.hasPlaylists && nodes.length > 0 ? () => renderPlaylists(nodes, {keyOf, version}) : null,
  )
  const seen = new Set<TrackId>()
  for await (const pieces of piecesOf(request.target.stream(''))) {
    signal.throwIfAborted()
    for (const piece of pieces) {
      const {path, kind, text} = piece
      yield* insertMissing(piece)
      if (kind === 'element' && path === ENTRY_PATH) yield await mergedEntry(job, text, version, seen, refused)
      else if (path === 'NML/COLLECTION' && kind !== 'text' && added > 0) {
        if (kind === 'open') yield openCollection(piece, survey.entryCount + added)
        if (kind === 'close' || piece.isSelfClosing) {
          yield* newEntries(job, version, matched)
          yield piece.isSelfClosing ? '</COLLECTION>' : text
        }
      } else if (path === 'NML/PLAYLISTS' && kind !== 'text' && plan.unplaced.length > 0) {
        yield piece.isSelfClosing ? `${text.slice(0, -2)}>` : kind === 'open' ? text : ''
        if (kind === 'close' || piece.isSelfClosing) {
          yield* renderRoot(plan.unplaced, {keyOf, version})
          yield piece.isSelfClosing ? '</PLAYLISTS>' : text
        }
      } else if (path.startsWith('NML/PLAYLISTS/')) yield* mergePlaylists(piece)
      else yield text
    }
  }
}

function openCollection({text, isSelfClosing}: Piece, count: number): string {
  const counted = applyEdits(text, [setAttribute(parseTag(text), 'ENTRIES', String(count))])
  return isSelfClosing ? `${counted.slice(0, -2)}>` : counted
}

async function mergedEntry(
  {request, options, index, onTrack}: Job,
  text: string,
  version: number,
  seen: Set<TrackId>,
  refused: string[],
): Promise<string> {
  const match = trackOfEntry(text, index)
  if (match === null || seen.has(match.id)) return text
  seen.add(match.id)
  const track = await request.library.track(match.id)
  if (track === null) return text
  onTrack()
  const {cues, grid} = options
  const merged = mergeEntry(text, track, {version, shiftMs: shiftOf(track, request), cues, grid})
  if (merged.isGridRefused) refused.push(track.file.path)
  return merged.text
}

type Section = (() => AsyncIterable<string> | Iterable<string>) | null

/** Sections that the file does not have, each put where Traktor writes it: before the first section that comes later. */
function createSectionInserter(collection: Section, playlists: Section): (piece: Piece) => AsyncGenerator<string> {
  const waiting = [
    {render: collection, before: /^NML(?:\/(?:SETS|PLAYLISTS|INDEXING|SORTING_ORDER))?$/},
    {render: playlists, before: /^NML(?:\/(?:INDEXING|SORTING_ORDER))?$/},
  ].filter(({render}) => render !== null)
  return async function* ({kind, path}) {
    const isPlace = (before: RegExp) => before.test(path) && (path === 'NML' ? kind === 'close' : kind === 'open')
    for (let first = waiting[0]; first !== undefined && isPlace(first.before); first = waiting[0]) {
      waiting.shift()
      if (first.render !== null) yield* first.render()
    }
  }
}
