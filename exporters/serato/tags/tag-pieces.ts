// The changes inside audio files that an export makes with --write-tags, file by file.
import type {Context} from '../../../src/api/context.js'
import type {ExportPiece, ExportRequest} from '../../../src/api/format.js'
import {CrateError, crateErrorFrom, isCrateError} from '../../../src/core/errors.js'
import type {DriveTracks} from '../exporter.js'
import {tagChanges} from './changes.js'

export async function* tagPieces(
  request: ExportRequest,
  context: Context,
  tracks: DriveTracks,
): AsyncGenerator<ExportPiece> {
  const options = {shiftsPositions: request.shiftsPositions, fillsPads: fillsPads(request.options)}
  let done = 0
  for await (const track of request.library.tracks()) {
    context.signal.throwIfAborted()
    if (!tracks.pathOf.has(track.id)) continue
    const audioPath = track.file.path
    try {
      const raw = await request.audioTags.read(audioPath)
      const {set, warnings} =
        raw === null ? {set: [], warnings: ['has no place for tags']} : tagChanges(track, raw, options)
      if (set.length > 0) yield {kind: 'tags', audioPath, set}
      for (const message of warnings) yield {kind: 'warning', subject: audioPath, message}
    } catch (error) {
      if (!isCrateError(error)) throw error
      const {message} = crateErrorFrom(error)
      yield {kind: 'warning', subject: audioPath, message: `keeps its tags as they are: ${message}`}
    }
    context.progress.update(++done, request.library.trackCount, 'tags')
  }
}

/** Option `memory-cues`: `pads` puts them on free pads, `drop` (as without the option) leaves them out. */
function fillsPads(options: Readonly<Record<string, string>>): boolean {
  const wanted = options['memory-cues'] ?? 'drop'
  if (wanted === 'pads' || wanted === 'drop') return wanted === 'pads'
  throw new CrateError('USAGE', `option memory-cues="${wanted}" is neither pads nor drop`)
}
