// The rehearsals of a library: one file each, by name.
import {readdir, readFile, stat} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {decodeRecording, RECORDING_EXTENSION, type Recording} from '../../../sensors/replay/codec.js'
import {fileError} from '../../adapters/files/errors.js'
import {CrateError} from '../../core/errors.js'

export interface ListedRecording {
  readonly name: string
  readonly path: string
  readonly startedAt: string
  readonly durationMs: number
  readonly frames: number
  readonly sensors: readonly string[]
  readonly marks: number
  readonly gestures: number
  readonly bytes: number
}

/** @throws USAGE for a name that is no file name */
export function recordingPath(libraryFolder: string, name: string): string {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u.test(name))
    throw new CrateError('USAGE', `"${name}" cannot be the name of a recording`, {
      hints: ['Use letters, digits, blanks, dots and dashes.'],
    })
  return join(libraryFolder, 'rehearsals', `${name}${RECORDING_EXTENSION}`)
}

/** A name of the library's, or a path. @throws FILE_NOT_FOUND, FORMAT_INVALID */
export async function readRecording(
  libraryFolder: string,
  text: string,
): Promise<{path: string; recording: Recording}> {
  const path = text.endsWith(RECORDING_EXTENSION) ? resolve(text) : recordingPath(libraryFolder, text)
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new CrateError('FILE_NOT_FOUND', `there is no recording ${text}`, {
        hints: ['crate sensors list shows what there is.'],
        details: {path},
      })
    throw fileError(error, path, 'read')
  }
  return {path, recording: decodeRecording(bytes)}
}

/** The latest first; files that cannot be read are left out. */
export async function listRecordings(libraryFolder: string): Promise<ListedRecording[]> {
  const folder = join(libraryFolder, 'rehearsals')
  const names = await readdir(folder).catch(() => [] as string[])
  const found: ListedRecording[] = []
  for (const file of names.filter((name) => name.endsWith(RECORDING_EXTENSION))) {
    const path = join(folder, file)
    try {
      const {header, frames, events} = decodeRecording(await readFile(path))
      const times = [...frames.map(({frame}) => frame.atMs), ...events.map(({atMs}) => atMs)]
      const span = times.reduce(
        ({fromMs, toMs}, atMs) => ({fromMs: Math.min(fromMs, atMs), toMs: Math.max(toMs, atMs)}),
        {fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY},
      )
      found.push({
        name: file.slice(0, -RECORDING_EXTENSION.length),
        path,
        startedAt: header.startedAt,
        durationMs: times.length === 0 ? 0 : span.toMs - span.fromMs,
        frames: frames.length,
        sensors: header.sensors.map(({id}) => id),
        marks: events.filter(({kind}) => kind === 'mark').length,
        gestures: events.filter(({kind}) => kind === 'gesture').length,
        bytes: (await stat(path)).size,
      })
    } catch {
      // A file that is no recording does not hide the others.
    }
  }
  return found.sort((a, b) => b.startedAt.localeCompare(a.startedAt))
}
