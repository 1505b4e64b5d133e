// Takes in what a DJ made in another program: tracks are matched to the library's, marks are laid over, playlists merged.
import {existsSync} from 'node:fs'
import {resolve} from 'node:path'
import {readMp3Header} from '../../adapters/audio/mp3-header.js'
import {expandHome} from '../../adapters/config/config-file.js'
import {fileAccess} from '../../adapters/files/file-access.js'
import {readRawTags} from '../../adapters/tags/raw-tags.js'
import type {AudioTagAccess, ImportedTrack} from '../../api/format.js'
import type {CrateConfig} from '../../core/config.js'
import type {Environment} from '../../core/environment.js'
import {CrateError, crateErrorFrom, type ItemFailure, itemFailure} from '../../core/errors.js'
import {mapPath, pathKey} from '../../core/music-path.js'
import {mapPlaylistTracks, type PlaylistNode, walkPlaylists} from '../../core/playlist.js'
import {EMPTY_TAGS, type Tags, type TrackId} from '../../core/track.js'
import {createContext} from '../../host/context.js'
import {type CountedLoss, lossTally} from '../../host/losses.js'
import type {Registry} from '../../host/registry.js'
import type {Library} from '../../store/library.js'
import {checkOptions} from '../format-options.js'
import {parsePathMappings} from '../path-mappings.js'
import {itemsOfFirst, possibleSources} from './sources.js'

export interface ImportRequest {
  readonly formatId: string
  readonly source: string
  readonly config: CrateConfig
  /** How paths of the other machine are called here: `/Volumes/USB=E:/Music`. */
  readonly mappings?: readonly string[]
  readonly options?: Readonly<Record<string, string>>
  readonly shiftsPositions?: boolean
  /** Tags of the program win over those of the files, and over edits. */
  readonly takesTags?: boolean
  readonly isDryRun?: boolean
}

export interface ImportReport {
  readonly format: string
  readonly name: string
  readonly source: string
  readonly tracks: number
  /** Tracks that the library did not have. */
  readonly added: number
  /** Of all imported tracks, those whose file is not on this machine. */
  readonly absentFiles: number
  readonly cues: number
  readonly grids: number
  readonly playlists: number
  /** Tracks of which the program says other tags than the library does. */
  readonly otherTags: number
  /** Whether they were taken. */
  readonly hasTakenTags: boolean
  /** What the other program has and the import cannot read, counted. */
  readonly losses: readonly CountedLoss[]
  readonly warnings: readonly {readonly subject: string; readonly message: string}[]
  readonly failures: readonly ItemFailure[]
  readonly isDryRun: boolean
}

/** Others may read and write between batches of this many tracks. */
const BATCH_TRACKS = 200

/** @throws USAGE for an unknown format or mapping, FILE_NOT_FOUND, FORMAT_INVALID where nothing can be read */
export async function importLibrary(
  environment: Environment,
  library: Library,
  registry: Registry,
  request: ImportRequest,
): Promise<ImportReport> {
  const {reporter, signal} = environment
  const {formatId, config, isDryRun = false} = request
  const format = await registry.find('importers', formatId)
  checkOptions(format, request.options ?? {})
  const source = resolve(expandHome(request.source))
  if (!existsSync(source))
    throw new CrateError('FILE_NOT_FOUND', `${source} does not exist`, {
      hints: ['Check the path; a drive may not be plugged in.'],
    })
  const mappings = parsePathMappings(request.mappings ?? [])
  const importer = await format.load()
  const task = reporter.task(`Importing ${format.name}`, null)
  const fileNameOf = async () => {
    const exporters = await registry.list('exporters')
    return exporters.find(({contribution}) => contribution.id === format.id)?.contribution.fileName ?? null
  }
  const context = createContext(environment, format.id, config.plugins[format.id])
  const items = itemsOfFirst(await possibleSources(source, format.source, fileNameOf), (path) =>
    importer.import(
      {
        source: fileAccess(path),
        audioTags: audioTagsThrough(mappings),
        shiftsPositions: request.shiftsPositions ?? true,
        options: request.options ?? {},
      },
      context,
    ),
  )

  const match = trackMatcher(library)
  const idByRef = new Map<string, TrackId>()
  const counts = {tracks: 0, added: 0, absentFiles: 0, cues: 0, grids: 0, playlists: 0, otherTags: 0}
  const warnings: {subject: string; message: string}[] = []
  const failures: ItemFailure[] = []
  const tally = lossTally(format.loses)
  let batch: ImportedTrack[] = []

  const takeTrack = (imported: ImportedTrack) => {
    const path = mapPath(imported.file.path, mappings)
    counts.tracks++
    tally.addTrack(imported)
    counts.cues += imported.cues.length
    if (imported.beatGrid.length > 0) counts.grids++
    const isThere = existsSync(path)
    if (!isThere) counts.absentFiles++
    const known = match.find(path)
    if (known === null) counts.added++
    const tags = known === null ? null : otherTags(library.tracks.find(known)?.tags ?? EMPTY_TAGS, imported.tags)
    if (tags !== null) counts.otherTags++
    if (isDryRun) return
    const id =
      known ??
      library.tracks.add({
        file: {...imported.file, path},
        audioHash: null,
        addedAt: imported.addedAt,
      })
    if (known === null) {
      match.add(path, id)
      if (!isThere) library.tracks.markMissing([id])
    }
    library.tracks.merge(id, imported, `import:${format.id}`)
    if (tags !== null && request.takesTags === true) library.tracks.editTags(id, tags)
    idByRef.set(imported.ref, id)
  }
  const flush = () => {
    library.transaction(() => {
      for (const track of batch) {
        try {
          takeTrack(track)
        } catch (error) {
          if (crateErrorFrom(error).code === 'DISK_FULL') throw error
          failures.push(itemFailure(track.file.path, error))
        }
      }
    })
    batch = []
    task.update(counts.tracks)
  }
  const takePlaylists = (nodes: readonly PlaylistNode<string>[]) => {
    tally.addPlaylists(nodes)
    for (const {node} of walkPlaylists(nodes)) if (node.kind !== 'folder') counts.playlists++
    if (!isDryRun) library.playlists.merge(mapPlaylistTracks(nodes, (ref) => idByRef.get(ref) ?? null))
  }

  try {
    for await (const item of items) {
      signal.throwIfAborted()
      if (item.kind === 'warning') warnings.push({subject: item.subject, message: item.message})
      else if (item.kind === 'track') {
        batch.push(item.track)
        if (batch.length >= BATCH_TRACKS) flush()
      } else {
        flush()
        takePlaylists(item.nodes)
      }
    }
    flush()
  } finally {
    task.finish()
  }
  const losses = tally.result()
  const report: ImportReport = {
    format: format.id,
    name: format.name,
    source,
    ...counts,
    hasTakenTags: request.takesTags === true && !isDryRun,
    losses,
    warnings,
    failures,
    isDryRun,
  }
  if (!isDryRun) library.imports.record({format: format.id, source, summary: {...counts, warnings: warnings.length}})
  return report
}

/** The tags that say something else there than here; null where there are none. Key and tempo have rules of their own. */
function otherTags(current: Tags, incoming: Tags): Partial<Tags> | null {
  const {key: _key, tempoBpm: _tempoBpm, ...tags} = incoming
  const text = (value: string | number | null) => String(value ?? '').trim()
  const differing = Object.entries(tags).filter(([name, value]) => {
    const own = text(current[name as keyof Tags])
    return text(value) !== '' && own !== '' && text(value) !== own
  })
  return differing.length === 0 ? null : (Object.fromEntries(differing) as Partial<Tags>)
}

/** Audio files as the import names them, looked up where they are on this machine. */
function audioTagsThrough(mappings: ReturnType<typeof parsePathMappings>): AudioTagAccess {
  const mp3Header = (path: string) => readMp3Header(mapPath(path, mappings))
  return {
    read: (path) => readRawTags(mapPath(path, mappings)),
    mp3HeaderCase: async (path) => (await mp3Header(path))?.headerCase ?? null,
    mp3Header,
  }
}

/** Finds tracks by path as the systems compare paths: composed or decomposed, without case where the system has none. */
function trackMatcher(library: Library): {find(path: string): TrackId | null; add(path: string, id: TrackId): void} {
  const byKey = new Map(library.scan.states().map(({path, trackId}) => [pathKey(path), trackId]))
  return {
    find: (path) => byKey.get(pathKey(path)) ?? null,
    add: (path, id) => byKey.set(pathKey(path), id),
  }
}
