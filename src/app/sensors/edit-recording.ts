// Trims, labels and exports recordings. Trimming and labelling append to the file: nothing that was recorded is lost.
import {appendFile} from 'node:fs/promises'
import {encodeEvent, encodeTrim, type Recording} from '../../../sensors/replay/codec.js'
import {csvLines, labelEvent, recordingToJson} from '../../../sensors/replay/edit.js'
import {StagedWrite} from '../../adapters/files/staged-write.js'
import {CrateError} from '../../core/errors.js'
import {readRecording} from './recordings.js'

/** Span in seconds from the beginning of the recording, as the person reads it. */
export interface Span {
  readonly fromSeconds: number
  readonly toSeconds: number
}

function startOf({frames, events}: Recording): number {
  return Math.min(frames[0]?.frame.atMs ?? Number.POSITIVE_INFINITY, events[0]?.atMs ?? Number.POSITIVE_INFINITY)
}

async function spanOf(libraryFolder: string, text: string, {fromSeconds, toSeconds}: Span) {
  const {path, recording} = await readRecording(libraryFolder, text)
  if (!(toSeconds > fromSeconds))
    throw new CrateError('USAGE', `the span from ${fromSeconds} s to ${toSeconds} s has no length`)
  const startMs = startOf(recording)
  if (!Number.isFinite(startMs)) throw new CrateError('USAGE', `the recording ${text} is empty`)
  return {path, fromMs: startMs + fromSeconds * 1000, toMs: startMs + toSeconds * 1000}
}

/** @throws FILE_NOT_FOUND, USAGE */
export async function trimKept(libraryFolder: string, text: string, span: Span): Promise<void> {
  const {path, fromMs, toMs} = await spanOf(libraryFolder, text, span)
  await appendFile(path, encodeTrim(fromMs, toMs))
}

/** @throws FILE_NOT_FOUND, USAGE */
export async function labelKept(libraryFolder: string, text: string, gesture: string, span: Span): Promise<void> {
  const {path, fromMs, toMs} = await spanOf(libraryFolder, text, span)
  await appendFile(path, encodeEvent(labelEvent(gesture, fromMs, toMs)))
}

/** @throws FILE_NOT_FOUND, FILE_UNWRITABLE */
export async function exportRecording(
  libraryFolder: string,
  text: string,
  format: 'csv' | 'json',
  to: string,
): Promise<number> {
  const {recording} = await readRecording(libraryFolder, text)
  const staged = new StagedWrite()
  const lines = function* () {
    for (const line of csvLines(recording)) yield `${line}\r\n`
  }
  await staged.stage(to, format === 'csv' ? lines() : [`${JSON.stringify(recordingToJson(recording))}\n`])
  await staged.commit()
  return recording.frames.length
}
