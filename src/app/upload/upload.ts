// `crate upload`: music into an archive, each file once and whole, and back again.
import {existsSync, statSync} from 'node:fs'
import {mkdir, rename, rm} from 'node:fs/promises'
import {dirname, join, resolve, sep} from 'node:path'
import {expandHome, readConfig} from '../../adapters/config/config-file.js'
import {crc32cOfFile} from '../../adapters/files/checksum.js'
import {fileError} from '../../adapters/files/errors.js'
import {scanMusic} from '../../adapters/files/scan.js'
import type {StoredObject, UploadSession} from '../../api/uploader.js'
import {MOST_TRIES, pauseBefore} from '../../core/download/back-off.js'
import type {Environment, ProgressTask} from '../../core/environment.js'
import {CrateError, crateErrorFrom, type ItemFailure, itemFailure} from '../../core/errors.js'
import {audioFormatOf} from '../../core/music-path.js'
import {archiveName, isSafeArchiveName} from '../../core/upload/archive-name.js'
import {createContext} from '../../host/context.js'
import {createRegistry} from '../../host/registry.js'
import {createHostQueue} from '../download/host-queue.js'

export interface UploadRequest {
  /** Folders and files; empty means the config's music folders. */
  readonly paths: readonly string[]
  /** `gs://bucket/prefix`. */
  readonly target: string
  readonly overwrite: boolean
  readonly jobs: number
  readonly isDryRun: boolean
  readonly firstPauseMs: number
  /** Bring the archive back into this folder instead. */
  readonly restoreTo: string | null
}

export interface UploadSummary {
  readonly found: number
  readonly stored: number
  /** There already, the same to the bit. */
  readonly unchanged: number
  readonly failed: number
  readonly bytes: number
  readonly elapsedMs: number
}

export interface UploadResult {
  /** Names in the archive. */
  readonly stored: readonly string[]
  readonly failures: readonly ItemFailure[]
  readonly summary: UploadSummary
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  wav: 'audio/wav',
  aiff: 'audio/aiff',
  flac: 'audio/flac',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
}

/** @throws USAGE where no plugin knows the target or there is nothing to upload; what befalls single files is in the result */
export async function upload(environment: Environment, request: UploadRequest): Promise<UploadResult> {
  const config = await readConfig(environment.configFile)
  const uploaders = (await createRegistry(environment).list('uploaders')).map(({contribution}) => contribution)
  const uploader = uploaders.find(({scheme}) => request.target.startsWith(scheme))
  if (uploader === undefined) {
    const known = uploaders.map(({scheme, name}) => `${scheme}… (${name})`).join(', ')
    throw new CrateError('USAGE', `nothing here can upload to "${request.target}"`, {
      hints: [
        known === '' ? 'For Google Cloud Storage: crate plugins install crate-plugin-gcs' : `There is: ${known}.`,
      ],
    })
  }
  const context = createContext(environment, uploader.name, config.plugins[uploader.id] ?? {})
  const session = await (await uploader.load()).open(request.target, context)
  try {
    return request.restoreTo === null
      ? await store(environment, session, request, request.paths.length > 0 ? request.paths : config.music)
      : await restore(environment, session, request, resolve(expandHome(request.restoreTo)))
  } finally {
    await session.close()
  }
}

/** Work on many names, each tried again while that may help. */
async function forEach<T extends {readonly name: string}>(
  {signal, nowMs}: Environment,
  {jobs, firstPauseMs}: UploadRequest,
  task: ProgressTask,
  items: readonly T[],
  failures: ItemFailure[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = createHostQueue({jobs, perHost: jobs}, {signal, nowMs})
  let done = 0
  task.setTotal(items.length)
  const add = (item: T, attempt: number) =>
    queue.add('', async () => {
      try {
        await work(item)
      } catch (error) {
        signal.throwIfAborted()
        const failure = crateErrorFrom(error, 'NETWORK_FAILED')
        const pauseMs =
          failure.code === 'NETWORK_FAILED' && attempt < MOST_TRIES
            ? pauseBefore(attempt + 1, firstPauseMs, Math.random())
            : null
        if (pauseMs !== null) {
          queue.pause('', pauseMs)
          add(item, attempt + 1)
          return
        }
        failures.push(itemFailure(item.name, failure))
      }
      task.update(++done, item.name)
    })
  for (const item of items) add(item, 1)
  await queue.drain()
}

async function store(
  environment: Environment,
  session: UploadSession,
  request: UploadRequest,
  paths: readonly string[],
): Promise<UploadResult> {
  const {signal, reporter, nowMs} = environment
  const startedMs = nowMs()
  if (paths.length === 0)
    throw new CrateError('USAGE', 'there is nothing to upload', {
      hints: ['Name your music: crate upload ~/Music --to gs://BUCKET', 'Or set it once: crate init'],
    })
  const roots = paths.map((path) => resolve(expandHome(path)))
  const scanned = scanMusic(roots, signal)
  const failures: ItemFailure[] = [...scanned.failures]
  const slashed = (path: string) => path.split(sep).join('/')
  const files = scanned.files.map(({path, sizeBytes}) => ({
    path,
    sizeBytes,
    name: archiveName(slashed(path), roots.map(slashed)) ?? slashed(path),
  }))
  const there = new Map<string, StoredObject>()
  for await (const object of session.list()) there.set(object.name, object)
  const stored: string[] = []
  let unchanged = 0
  let bytes = 0
  const task = reporter.task('Uploading', files.length)
  try {
    await forEach(environment, request, task, files, failures, async ({path, sizeBytes, name}) => {
      const old = there.get(name)
      const crc32c = await crc32cOfFile(path, signal)
      if (old !== undefined && old.sizeBytes === sizeBytes && old.crc32c === crc32c) {
        unchanged++
        return
      }
      if (old !== undefined && !request.overwrite)
        throw new CrateError('FILE_EXISTS', 'the archive has another file of this name', {
          hints: ['Replace it: --overwrite'],
        })
      if (!request.isDryRun) {
        const contentType = CONTENT_TYPES[audioFormatOf(path) ?? ''] ?? 'application/octet-stream'
        await session.store(
          {path, name, sizeBytes, crc32c, contentType},
          {overwrite: request.overwrite, onProgress: () => undefined},
        )
      }
      stored.push(name)
      bytes += sizeBytes
    })
  } finally {
    task.finish()
  }
  return {
    stored,
    failures,
    summary: {
      found: files.length,
      stored: stored.length,
      unchanged,
      failed: failures.length,
      bytes,
      elapsedMs: nowMs() - startedMs,
    },
  }
}

async function restore(
  environment: Environment,
  session: UploadSession,
  request: UploadRequest,
  folder: string,
): Promise<UploadResult> {
  const {signal, reporter, nowMs} = environment
  const startedMs = nowMs()
  const objects: StoredObject[] = []
  for await (const object of session.list()) objects.push(object)
  const failures: ItemFailure[] = []
  const stored: string[] = []
  let unchanged = 0
  let bytes = 0
  const task = reporter.task('Restoring', objects.length)
  try {
    await forEach(environment, request, task, objects, failures, async (object) => {
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
      if (!request.isDryRun) await restoreOne(session, object, path, signal)
      stored.push(object.name)
      bytes += object.sizeBytes
    })
  } finally {
    task.finish()
  }
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

/** Beside its place first, checked, and then renamed. */
async function restoreOne(
  session: UploadSession,
  object: StoredObject,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const temporary = `${path}.crate-part`
  try {
    await mkdir(dirname(path), {recursive: true})
    await session.restore(object, temporary, {onProgress: () => undefined})
    if (object.crc32c !== null && (await crc32cOfFile(temporary, signal)) !== object.crc32c)
      throw new CrateError('NETWORK_FAILED', 'what came has another checksum than what is stored')
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, {force: true})
    signal.throwIfAborted()
    throw error instanceof Error && 'syscall' in error ? fileError(error, path, 'write') : error
  }
}
