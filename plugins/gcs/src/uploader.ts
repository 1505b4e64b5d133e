// The archive in a bucket. A write names the generation that it replaces (0: none), so that nothing is overwritten by
// accident, and carries its checksum, so that Google refuses what arrives damaged.
import {createReadStream, createWriteStream} from 'node:fs'
import {Transform} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import type {Context, StoredObject, Uploader, UploadItem, UploadSession} from 'crate-dj/plugin'
import {type ClientSettings, openBucket, type RemoteBucket, type RemoteFile, type WriteOptions} from './client.js'
import {parseTarget} from './target.js'

/** Larger files go in pieces that are resumed after a broken connection. */
const RESUMABLE_FROM_BYTES = 5 * 1024 * 1024

export const uploader: Uploader = {
  async open(target, context) {
    const place = parseTarget(target)
    if (place === null)
      throw context.error('USAGE', `"${target}" is not a bucket`, {hints: ['Write gs://BUCKET or gs://BUCKET/FOLDER.']})
    const bucket = await openBucket(place.bucket, clientSettings(context))
    return createSession(bucket, place.prefix, context)
  },
}

function clientSettings({config}: Context): ClientSettings {
  const text = (key: string) => (typeof config[key] === 'string' ? {[key]: config[key]} : {})
  return {
    ...text('projectId'),
    ...text('keyFilename'),
    ...text('apiEndpoint'),
    retryOptions: {autoRetry: true, maxRetries: 5, retryDelayMultiplier: 2, totalTimeout: 600},
  }
}

function createSession(bucket: RemoteBucket, prefix: string, context: Context): UploadSession {
  const translate = (error: unknown, name: string) => errorFor(error, name, context)
  /** Name → generation when it was listed: what an overwrite replaces is what was looked at, nothing newer. */
  const generations = new Map<string, number | string>()
  return {
    async *list(): AsyncIterable<StoredObject> {
      try {
        for await (const {name, metadata} of bucket.getFilesStream({prefix})) {
          if (name.endsWith('/')) continue
          if (metadata.generation !== undefined) generations.set(name, metadata.generation)
          yield {
            name: name.slice(prefix.length),
            sizeBytes: Number(metadata.size ?? 0),
            crc32c: metadata.crc32c ?? null,
          }
        }
      } catch (error) {
        throw translate(error, prefix)
      }
    },
    async store(item, {overwrite, resumeToken, keepToken, onProgress}) {
      context.signal.throwIfAborted()
      const remote = bucket.file(prefix + item.name)
      const options: WriteOptions = {
        resumable: item.sizeBytes >= RESUMABLE_FROM_BYTES,
        validation: 'crc32c',
        preconditionOpts: {ifGenerationMatch: overwrite ? (generations.get(prefix + item.name) ?? 0) : 0},
        metadata: {contentType: item.contentType, crc32c: item.crc32c},
      }
      const send = (uri: string | null) =>
        pipeline(
          createReadStream(item.path),
          remote
            .createWriteStream(uri === null ? options : {...options, uri})
            .on('uri', keepToken)
            .on('progress', ({bytesWritten = 0}: {bytesWritten?: number}) => onProgress(bytesWritten)),
          {signal: context.signal},
        )
      try {
        const isResumed = resumeToken !== null && options.resumable
        await send(isResumed ? resumeToken : null).catch((error: unknown) => {
          if (isResumed && isForgotten(error)) return send(null)
          throw error
        })
      } catch (error) {
        context.signal.throwIfAborted()
        // The file may have arrived and only the answer been lost: then the next try finds it there.
        if ((error as ServiceError).code === 412 && (await isStored(remote, item))) return
        throw translate(error, item.name)
      }
    },
    async restore(object, toPath, {onProgress}) {
      context.signal.throwIfAborted()
      let bytes = 0
      const counted = new Transform({
        transform(chunk: Uint8Array, _encoding, next) {
          bytes += chunk.length
          onProgress(bytes)
          next(null, chunk)
        },
      })
      try {
        const source = bucket.file(prefix + object.name).createReadStream({validation: 'crc32c'})
        await pipeline(source, counted, createWriteStream(toPath), {signal: context.signal})
      } catch (error) {
        context.signal.throwIfAborted()
        throw translate(error, object.name)
      }
    },
    async close() {},
  }
}

/** The service no longer knows a transfer that was begun: they last a week, and end when the file is stored. */
function isForgotten(error: unknown): boolean {
  const {code} = error as ServiceError
  return code === 404 || code === 410 || code === 400 || code === 'ERR_OUT_OF_RANGE' || error instanceof RangeError
}

async function isStored(remote: RemoteFile, {sizeBytes, crc32c}: UploadItem): Promise<boolean> {
  try {
    const [{size, crc32c: stored}] = await remote.getMetadata()
    return Number(size) === sizeBytes && stored === crc32c
  } catch {
    return false
  }
}

interface ServiceError {
  readonly code?: number | string
  readonly syscall?: string
  readonly message?: string
}

function errorFor(error: unknown, name: string, {error: makeError}: Context): Error {
  const {code, syscall, message = String(error)} = error as ServiceError
  const options = (hint: string) => ({hints: [hint], details: {name, code: code ?? null}, cause: error})
  if (code === 'ENOSPC') return makeError('DISK_FULL', 'the disk is full', options('Free some space and run it again.'))
  if (syscall === 'open' || syscall === 'read')
    return makeError('FILE_UNREADABLE', message, {details: {name}, cause: error})
  if (code === 412)
    return makeError(
      'FILE_EXISTS',
      'someone else has put a file of this name there',
      options('Look at it, or replace it: --overwrite'),
    )
  if (code === 401 || code === 403 || /could not load the default credentials/i.test(message))
    return makeError(
      'NOT_AVAILABLE',
      `Google does not let you in: ${message}`,
      options('Log in: gcloud auth application-default login'),
    )
  if (code === 404)
    return makeError(
      'NOT_AVAILABLE',
      `it is not there: ${message}`,
      options('Make the bucket in the Google Cloud console, or check its name.'),
    )
  if (
    code === 'CONTENT_DOWNLOAD_MISMATCH' ||
    code === 'FILE_NO_UPLOAD' ||
    code === 'FILE_NO_UPLOAD_DELETE' ||
    /crc32c/i.test(message)
  )
    return makeError('NETWORK_FAILED', `it arrived damaged: ${message}`, options('Run the command again.'))
  return makeError('NETWORK_FAILED', message, options('Run the command again; what is stored is skipped.'))
}
