// Opening a file of the DJ's: what cannot be read is said plainly, and a file that changes meanwhile is noticed.
import {constants, type Stats} from 'node:fs'
import {type FileHandle, open, stat} from 'node:fs/promises'
import {CrateError} from '../../core/errors.js'
import {type ByteSource, fileBytes} from './bytes.js'

export interface OpenAudio {
  readonly path: string
  readonly handle: FileHandle
  readonly source: ByteSource
  readonly sizeBytes: number
  readonly modifiedAtMs: number
}

/** For what is empty, damaged or cut off. */
const COPY_AGAIN = 'Copy or download it again.'

/**
 * Opens a file for `use` and closes it after, whatever happens.
 *
 * @throws FILE_NOT_FOUND, FILE_UNREADABLE; AUDIO_EMPTY for a file without bytes; FILE_UNSTABLE where its size or time
 *   changed while `use` was reading
 */
export async function withAudioFile<T>(path: string, use: (audio: OpenAudio) => Promise<T> | T): Promise<T> {
  const before = await stat(path).catch((error: unknown) => Promise.reject(readError(path, error)))
  if (before.isDirectory()) throw unreadable(path, 'it is a folder', 'Rename it, or move it out of the way.')
  // A pipe or device would block for ever.
  if (!before.isFile()) throw unreadable(path, 'it is no ordinary file', 'Take it out of the music folder.')
  if (before.size === 0) throw new CrateError('AUDIO_EMPTY', `${path} is empty`, {hints: [COPY_AGAIN], details: {path}})
  const handle = await open(path, constants.O_RDONLY).catch((error: unknown) => Promise.reject(readError(path, error)))
  try {
    const {size, mtimeMs} = before
    const audio = {path, handle, source: fileBytes(handle.fd, size), sizeBytes: size, modifiedAtMs: mtimeMs}
    const result = await use(audio)
    await assertUnchanged(path, before)
    return result
  } catch (error) {
    // A half-written file fails in odd ways: that it is being written is what the person needs to know.
    await assertUnchanged(path, before)
    throw withPath(path, error)
  } finally {
    await handle.close()
  }
}

async function assertUnchanged(path: string, before: Stats): Promise<void> {
  const after = await stat(path).catch((error: unknown) => Promise.reject(readError(path, error)))
  if (after.size === before.size && after.mtimeMs === before.mtimeMs && after.ino === before.ino) return
  throw new CrateError('FILE_UNSTABLE', `${path} is being written: it changed while it was read`, {
    hints: ['Wait until the copy or download has finished, then run it again.'],
    details: {path, sizeBefore: before.size, sizeAfter: after.size},
  })
}

function readError(path: string, error: unknown): CrateError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const details = {path, systemCode: code}
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new CrateError('FILE_NOT_FOUND', `${path} does not exist`, {
      hints: ['Check the path; a drive may not be plugged in.'],
      details,
      cause: error,
    })
  if (code === 'EACCES' || code === 'EPERM')
    return unreadable(path, 'you have no permission to read it', 'Change its permissions, then run it again.', error)
  if (code === 'ELOOP') return unreadable(path, 'it is a link that leads back to itself', 'Delete the link.', error)
  return unreadable(path, error instanceof Error ? error.message : String(error), 'Check the disk.', error)
}

function unreadable(path: string, reason: string, hint: string, cause?: unknown): CrateError {
  return new CrateError('FILE_UNREADABLE', `${path} cannot be read: ${reason}`, {hints: [hint], details: {path}, cause})
}

/** Errors of the parsers say what is wrong with "this WAV"; the person also needs to know which, and what to do. */
function withPath(path: string, error: unknown): unknown {
  if (error instanceof CrateError && !('path' in error.details))
    return new CrateError(error.code, `${path}: ${error.message}`, {
      hints: error.hints.length === 0 && error.code === 'AUDIO_UNDECODABLE' ? [COPY_AGAIN] : error.hints,
      details: {...error.details, path},
      cause: error.cause,
    })
  // Only what reading itself reports: a full disk while writing beside the file is not the file's fault.
  return error instanceof Error && 'syscall' in error && error.syscall === 'read' ? readError(path, error) : error
}
