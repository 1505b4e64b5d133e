// The archive back into a folder: each file beside its place first, checked, and then renamed.
import {existsSync, statSync} from 'node:fs'
import {mkdir, rename, rm} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {crc32cOfFile} from '../../adapters/files/checksum.js'
import {fileError} from '../../adapters/files/errors.js'
import type {StoredObject, UploadSession} from '../../api/uploader.js'
import type {Environment} from '../../core/environment.js'
import {CrateError} from '../../core/errors.js'
import {isSafeArchiveName} from '../../core/upload/archive-name.js'
import {forEachFile} from './each-file.js'
import type {UploadRequest, UploadResult} from './request.js'

export async function restoreFiles(
  environment: Environment,
  session: UploadSession,
  request: UploadRequest,
  folder: string,
): Promise<UploadResult> {
  const {signal, nowMs} = environment
  const startedMs = nowMs()
  const objects: StoredObject[] = []
  for await (const object of session.list()) objects.push(object)
  const stored: string[] = []
  let unchanged = 0
  let bytes = 0
  const failures = await forEachFile('Restoring', objects, environment, request, async (object, onBytes) => {
    if (!isSafeArchiveName(object.name)) throw new CrateError('FORMAT_INVALID', 'the name leads out of the folder')
    const path = join(folder, ...object.name.split('/'))
    if (existsSync(path)) {
      if (statSync(path).size === object.sizeBytes && (await crc32cOfFile(path, signal)) === object.crc32c) {
        unchanged++
        return
      }
      if (!request.overwrite)
        throw new CrateError('FILE_EXISTS', `${path} is there and is another file`, {
          hints: ['Replace it: --overwrite'],
        })
    }
    if (!request.isDryRun) await restoreOne(session, object, path, signal, onBytes)
    stored.push(object.name)
    bytes += object.sizeBytes
  })
  return {
    stored,
    failures,
    summary: {
      found: objects.length,
      stored: stored.length,
      unchanged,
      failed: failures.length,
      bytes,
      elapsedMs: nowMs() - startedMs,
    },
  }
}

async function restoreOne(
  session: UploadSession,
  object: StoredObject,
  path: string,
  signal: AbortSignal,
  onProgress: (bytes: number) => void,
): Promise<void> {
  const temporary = `${path}.crate-part`
  try {
    await mkdir(dirname(path), {recursive: true})
    await session.restore(object, temporary, {onProgress})
    if (object.crc32c !== null && (await crc32cOfFile(temporary, signal)) !== object.crc32c)
      throw new CrateError('NETWORK_FAILED', 'what came has another checksum than what is stored')
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, {force: true})
    signal.throwIfAborted()
    throw error instanceof Error && 'syscall' in error ? fileError(error, path, 'write') : error
  }
}
