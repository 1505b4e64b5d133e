// The archive in a bucket. A write names the generation that it replaces (0: none), so that nothing is overwritten by
// accident, and carries its checksum, so that Google refuses what arrives damaged.
import type {Context, StoredObject, Uploader, UploadSession} from 'crate-dj/plugin'
import {type ClientSettings, openBucket, type RemoteBucket} from './client.js'
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
  return {
    async *list(): AsyncIterable<StoredObject> {
      try {
        for await (const {name, metadata} of bucket.getFilesStream({prefix})) {
          if (name.endsWith('/')) continue
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
    async store({path, name, sizeBytes, crc32c, contentType}, {overwrite, onProgress}) {
      context.signal.throwIfAborted()
      try {
        await bucket.upload(path, {
          destination: prefix + name,
          resumable: sizeBytes >= RESUMABLE_FROM_BYTES,
          validation: 'crc32c',
          ...(overwrite ? {} : {preconditionOpts: {ifGenerationMatch: 0}}),
          metadata: {contentType, crc32c},
          onUploadProgress: ({bytesWritten = 0}) => onProgress(bytesWritten),
        })
      } catch (error) {
        throw translate(error, name)
      }
    },
    async restore(object, toPath) {
      context.signal.throwIfAborted()
      try {
        await bucket.file(prefix + object.name).download({destination: toPath, validation: 'crc32c'})
      } catch (error) {
        throw translate(error, object.name)
      }
    },
    async close() {},
  }
}

interface ServiceError {
  readonly code?: number | string
  readonly message?: string
}

function errorFor(error: unknown, name: string, {error: makeError}: Context): Error {
  const {code, message = String(error)} = error as ServiceError
  const options = (hint: string) => ({hints: [hint], details: {name, code: code ?? null}, cause: error})
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
