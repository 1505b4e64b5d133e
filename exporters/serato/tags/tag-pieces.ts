// The changes inside audio files that an export makes with --write-tags, file by file.
import type {Context} from '../../../src/api/context.js'
import type {ExportPiece, ExportRequest} from '../../../src/api/format.js'
import {crateErrorFrom, isCrateError} from '../../../src/core/errors.js'
import {chooseOption} from '../../shared/options.js'
import type {DriveTracks} from '../exporter.js'
import {tagChanges} from './changes.js'

export async function* tagPieces(
  request: ExportRequest,
  context: Context,
  tracks: DriveTracks,
): AsyncGenerator<ExportPiece> {
  const options = {
    shiftsPositions: request.shiftsPositions,
    fillsPads: chooseOption(request.options, 'memory-cues', ['pads', 'drop'], 'drop') === 'pads',
  }
  let done = 0
  for await (const track of request.library.tracks()) {
    context.signal.throwIfAborted()
    if (!tracks.pathOf.has(track.id)) continue
    const audioPath = track.file.path
    try {
      const raw = await request.audioTags.read(audioPath)
      const {set, changes, warnings} =
        raw === null ? {set: [], changes: [], warnings: ['has no place for tags']} : tagChanges(track, raw, options)
      if (set.length > 0) yield {kind: 'tags', audioPath, set, changes}
      for (const message of warnings) yield {kind: 'warning', subject: audioPath, message}
    } catch (error) {
      if (!isCrateError(error)) throw error
      const {message} = crateErrorFrom(error)
      yield {kind: 'warning', subject: audioPath, message: `keeps its tags as they are: ${message}`}
    }
    context.progress.update(++done, request.library.trackCount, 'tags')
  }
}
