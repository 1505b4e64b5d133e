// Writes a `_Serato_` folder, or merges into the one that is there: crates, their order, the track list, and tags.
import type {Context} from '../../src/api/context.js'
import type {Exporter, ExportPiece, ExportRequest} from '../../src/api/format.js'
import type {TrackId} from '../../src/core/track.js'
import {withoutKeptRules} from '../shared/smart-losses.js'
import {cratePieces, isSmartThere} from './crate-export.js'
import {databasePiece, type PresentRows, presentRows} from './database-export.js'
import {drivePathKey, drivePathOf, driveRootOfPath, driveRootOption, knownDriveRoot, seratoPlace} from './drive.js'
import {seratoExporter} from './index.js'
import {tagPieces} from './tags/tag-pieces.js'

export const seratoExport: Exporter = {
  loses: async ({library}) => withoutKeptRules(seratoExporter.loses, library, isSmartThere),
  export: exportSerato,
}

/** The tracks of the library that are on the drive of the target, by the names that Serato has for them. */
export interface DriveTracks {
  readonly pathOf: ReadonlyMap<TrackId, string>
  /** By `drivePathKey`. */
  readonly idOf: ReadonlyMap<string, TrackId>
}

async function* exportSerato(request: ExportRequest, context: Context): AsyncGenerator<ExportPiece> {
  const place = seratoPlace(request.target.resolve(''))
  const present = await presentRows(request.target, place)
  const libraryPaths = new Map<TrackId, string>()
  let marked = 0
  let remembered = 0
  for await (const track of request.library.tracks()) {
    context.signal.throwIfAborted()
    libraryPaths.set(track.id, track.file.path)
    if (track.cues.length > 0 || track.beatGrid.length > 0) marked++
    if (track.cues.some((cue) => cue.kind === 'memory' && cue.lengthMs === null)) remembered++
  }
  const told = driveRootOption(request.options) ?? knownDriveRoot(place.parent)
  const root = told ?? likelyRoot(place.parent, [...libraryPaths.values()], present)

  const pathOf = new Map<TrackId, string>()
  const idOf = new Map<string, TrackId>()
  for (const [id, path] of libraryPaths) {
    const drivePath = drivePathOf(root, path)
    if (drivePath === null) yield otherDrive(path, root)
    else {
      const key = drivePathKey(drivePath)
      pathOf.set(id, present.pathOf.get(key) ?? drivePath)
      if (!idOf.has(key)) idOf.set(key, id)
    }
  }
  const tracks: DriveTracks = {pathOf, idOf}
  yield* cratePieces(request, place, tracks)
  yield* databasePiece(request, context, place, present, tracks)
  if (request.canWriteTags && remembered > 0 && request.options['memory-cues'] === undefined)
    yield memoryCues(remembered)
  if (request.canWriteTags) yield* tagPieces(request, context, tracks)
  else if (marked > 0) yield unwrittenMarks(marked)
}

function otherDrive(path: string, root: string): ExportPiece {
  const message = `is not on the drive of this library (${root}); export once more to the _Serato_ folder of its own drive`
  return {kind: 'warning', subject: path, message}
}

function unwrittenMarks(count: number): ExportPiece {
  const message = `${count} tracks have cues or grids, which Serato reads from the audio files alone; --write-tags puts them there`
  return {kind: 'warning', subject: 'cues and grids', message}
}

function memoryCues(count: number): ExportPiece {
  const message = `${count} tracks have memory cues, which Serato does not know; --option memory-cues=pads puts them on free pads`
  return {kind: 'warning', subject: 'memory cues', message}
}

/**
 * Where the place alone does not tell: the root below which Serato has our tracks already, the folder itself where
 * tracks are in it, else the drive that most of them are on.
 */
function likelyRoot(parent: string, paths: readonly string[], present: PresentRows): string {
  const matches = (root: string) =>
    paths.filter((path) => {
      const drivePath = drivePathOf(root, path)
      return drivePath !== null && present.pathOf.has(drivePathKey(drivePath))
    }).length
  const [below, top] = present.pathOf.size === 0 ? [0, 0] : [matches(parent), matches('/')]
  if (below !== top) return below > top ? parent : '/'
  if (paths.some((path) => drivePathOf(parent, path) !== null)) return parent
  const counts = new Map<string, number>()
  for (const path of paths) counts.set(driveRootOfPath(path), (counts.get(driveRootOfPath(path)) ?? 0) + 1)
  const [most] = [...counts].sort(([, a], [, b]) => b - a)
  return most?.[0] ?? '/'
}
