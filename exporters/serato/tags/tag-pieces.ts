// The changes inside audio files that an export makes with --write-tags, file by file.
import type {Context} from '../../../src/api/context.js'
import type {ExportPiece, ExportRequest} from '../../../src/api/format.js'
import {crateErrorFrom, isCrateError} from '../../../src/core/errors.js'
import type {DriveTracks} from '../exporter.js'
import {tagChanges} from './changes.js'

export async function* tagPieces(
  request: ExportRequest,
  context: Context,
  tracks: DriveTracks,
): AsyncGenerator<ExportPiece> {
  let unwritten = 0
  let done = 0
  for await (const track of request.library.tracks()) {
    context.signal.throwIfAborted()
    if (!tracks.pathOf.has(track.id)) continue
    if (!request.canWriteTags) {
      if (track.cues.length > 0 || track.beatGrid.length > 0) unwritten++
      continue
    }
    const audioPath = track.file.path
    try {
      const raw = await request.audioTags.read(audioPath)
      const {set, warnings} =
        raw === null ? {set: [], warnings: ['has no place for tags']} : tagChanges(track, raw, request.shiftsPositions)
      if (set.length > 0) yield {kind: 'tags', audioPath, set}
      for (const message of warnings) yield {kind: 'warning', subject: audioPath, message}
    } catch (error) {
      if (!isCrateError(error)) throw error
      const {message} = crateErrorFrom(error)
      yield {kind: 'warning', subject: audioPath, message: `keeps its tags as they are: ${message}`}
    }
    context.progress.update(++done, request.library.trackCount, 'tags')
  }
  if (unwritten > 0) {
    const message = `${unwritten} tracks have cues or grids, which Serato reads from the audio files alone; --write-tags puts them there`
    yield {kind: 'warning', subject: 'cues and grids', message}
  }
}
