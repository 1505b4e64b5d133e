// Putting an edited audio file in the place of the old one: whole or not at all, and only where the audio is the same.
import {randomBytes} from 'node:crypto'
import {type FileHandle, open, realpath, rename, rm, stat} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {CrateError} from '../../core/errors.js'
import type {ByteSource} from '../audio/bytes.js'
import {hashAudioPayload} from '../audio/hash.js'
import {withAudioFile} from '../audio/open-audio.js'
import {layoutOf} from '../audio/sniff.js'
import {type Piece, renderPieces} from './splice.js'

export interface Edit {
  readonly pieces: Iterable<Piece>
  /** Throws where the written file does not hold what it should. */
  check(written: ByteSource): void
}

/**
 * Writes the edit beside the file, compares the audio, and renames it over the file. Mode and owner are kept.
 *
 * @throws FILE_UNWRITABLE, DISK_FULL, FILE_UNSTABLE, CONFLICT where the audio would change
 */
export async function replaceFile(
  path: string,
  options: {readonly keepsModifiedTime?: boolean; readonly signal?: AbortSignal},
  makeEdit: (source: ByteSource) => Edit,
): Promise<void> {
  const target = await realpath(path).catch(() => path)
  const temporary = join(
    dirname(target),
    `.${basename(target).slice(0, 100)}.${randomBytes(6).toString('hex')}.crate-tmp`,
  )
  try {
    await withAudioFile(target, async ({source}) => {
      const edit = makeEdit(source)
      const hashBefore = await hashAudioPayload(source, layoutOf(source), options.signal)
      await writeNew(temporary, target, renderPieces(source, edit.pieces), options)
      await withAudioFile(temporary, async ({source: written}) => {
        const hashAfter = await hashAudioPayload(written, layoutOf(written), options.signal)
        if (hashAfter !== hashBefore)
          throw new CrateError(
            'CONFLICT',
            `${path}: changing its tags would change its audio; the file was left as it is`,
            {
              hints: ['The file is laid out in a way that crate does not know. Please report it.'],
              details: {path},
            },
          )
        edit.check(written)
      })
    })
    // Between the last look at the old file and this line lies no waiting but the rename itself.
    await rename(temporary, target)
    await syncFolder(dirname(target))
  } catch (error) {
    throw writeError(path, error)
  } finally {
    await rm(temporary, {force: true})
  }
}

async function writeNew(
  temporary: string,
  target: string,
  chunks: Iterable<Uint8Array>,
  {keepsModifiedTime, signal}: {readonly keepsModifiedTime?: boolean; readonly signal?: AbortSignal},
): Promise<void> {
  const old = await stat(target)
  const handle = await open(temporary, 'wx', old.mode & 0o777)
  try {
    for (const chunk of chunks) {
      signal?.throwIfAborted()
      await writeFully(handle, chunk)
    }
    // The mode of `open` is cut by the umask.
    await handle.chmod(old.mode & 0o777).catch(() => undefined)
    const {uid, gid} = await handle.stat()
    // Only root may give files away; for others the new file is theirs as everything they write.
    if (uid !== old.uid || gid !== old.gid) await handle.chown(old.uid, old.gid).catch(() => undefined)
    if (keepsModifiedTime === true) await handle.utimes(old.atime, old.mtime)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function writeFully(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length; ) done += (await handle.write(chunk, done)).bytesWritten
}

/** So that the rename survives a power cut; not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  if (handle === null) return
  await handle.sync().catch(() => undefined)
  await handle.close()
}

function writeError(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error && 'syscall' in error ? String(error.code) : ''
  const details = {path, systemCode: code}
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new CrateError('DISK_FULL', `no room on the disk for the new tags of ${path}; the file was left as it is`, {
      hints: ['Free some space: the size of the file is needed for a moment.'],
      details,
      cause: error,
    })
  if (['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'ETXTBSY'].includes(code))
    return new CrateError('FILE_UNWRITABLE', `${path} cannot be changed (${code})`, {
      hints: ['Check the permissions of the file and its folder, and that no other program holds it open.'],
      details,
      cause: error,
    })
  return error
}
