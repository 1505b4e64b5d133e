// Files written beside their place and renamed at the end: a reader sees the old file or the new one, never half.
import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {type FileHandle, mkdir, open, rename, rm, stat} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {fileError} from './errors.js'

export type Chunks = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>

const TEMPORARY = '.crate-part'
/** Small chunks are gathered up to this size before they reach the disk. */
const BUFFER_BYTES = 1 << 18

export interface StagedFile {
  readonly path: string
  readonly bytes: number
  /** SHA-256 of the content, in hex. */
  readonly digest: string
}

/**
 * Several files that become visible together: `stage` each, then `commit` all, or `discard`.
 *
 * A kill between two renames of `commit` leaves whole files, some of them old; before `commit` everything is old.
 */
export class StagedWrite {
  readonly #staged = new Map<string, string>()

  /** Writes the content beside `path` and flushes it to the disk. */
  async stage(path: string, chunks: Chunks, signal?: AbortSignal): Promise<StagedFile> {
    const temporary = join(dirname(path), `.${basename(path).slice(0, 180)}.${process.pid}${TEMPORARY}`)
    try {
      await mkdir(dirname(path), {recursive: true})
      const mode = await stat(path).then(
        (old) => old.mode & 0o777,
        () => 0o644,
      )
      this.#staged.set(path, temporary)
      const handle = await open(temporary, 'w', mode)
      try {
        const written = await writeChunks(handle, chunks, signal)
        await handle.sync()
        return {path, ...written}
      } finally {
        await handle.close()
      }
    } catch (error) {
      await rm(temporary, {force: true}).catch(() => undefined)
      this.#staged.delete(path)
      signal?.throwIfAborted()
      throw fileError(error, path, 'write')
    }
  }

  /** Takes one file back. */
  async drop(path: string): Promise<void> {
    const temporary = this.#staged.get(path)
    if (temporary !== undefined) await rm(temporary, {force: true})
    this.#staged.delete(path)
  }

  async commit(): Promise<void> {
    const folders = new Set<string>()
    for (const [path, temporary] of this.#staged) {
      try {
        await rename(temporary, path)
      } catch (error) {
        throw fileError(error, path, 'write')
      }
      this.#staged.delete(path)
      folders.add(dirname(path))
    }
    for (const folder of folders) await syncFolder(folder)
  }

  async discard(): Promise<void> {
    for (const temporary of this.#staged.values()) await rm(temporary, {force: true}).catch(() => undefined)
    this.#staged.clear()
  }
}

/** One file, atomically. */
export async function writeFileAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const staged = new StagedWrite()
  await staged.stage(path, [content])
  await staged.commit()
}

async function writeChunks(
  handle: FileHandle,
  chunks: Chunks,
  signal: AbortSignal | undefined,
): Promise<{bytes: number; digest: string}> {
  const hash = createHash('sha256')
  let written = 0
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  const flush = async () => {
    if (waitingBytes === 0) return
    const block = Buffer.concat(waiting, waitingBytes)
    waiting = []
    waitingBytes = 0
    for (let offset = 0; offset < block.length; ) offset += (await handle.write(block, offset)).bytesWritten
  }
  for await (const chunk of chunks) {
    signal?.throwIfAborted()
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk
    written += bytes.length
    hash.update(bytes)
    waiting.push(bytes)
    waitingBytes += bytes.length
    if (waitingBytes >= BUFFER_BYTES) await flush()
  }
  await flush()
  return {bytes: written, digest: hash.digest('hex')}
}

/** What `stage` would tell of this content, without writing any of it. */
export async function measureChunks(path: string, chunks: Chunks, signal?: AbortSignal): Promise<StagedFile> {
  const hash = createHash('sha256')
  let length = 0
  for await (const chunk of chunks) {
    signal?.throwIfAborted()
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk
    length += bytes.length
    hash.update(bytes)
  }
  return {path, bytes: length, digest: hash.digest('hex')}
}

/** SHA-256 of a file in hex; null where there is none. */
export async function digestOfFile(path: string): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw fileError(error, path, 'read')
  }
  return hash.digest('hex')
}

/** Makes the renames last through a power cut; systems that cannot open folders do it by themselves. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  if (handle === null) return
  await handle.sync().catch(() => undefined)
  await handle.close()
}
