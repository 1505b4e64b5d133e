// Music into the archive: what is there already to the bit is skipped, what differs is never overwritten unasked.
import {resolve, sep} from 'node:path'
import {expandHome} from '../../adapters/config/config-file.js'
import {crc32cOfFile} from '../../adapters/files/checksum.js'
import {scanMusic} from '../../adapters/files/scan.js'
import type {StoredObject, UploadSession} from '../../api/uploader.js'
import type {Environment} from '../../core/environment.js'
import {CrateError, type ItemFailure} from '../../core/errors.js'
import {audioFormatOf} from '../../core/music-path.js'
import {archiveName} from '../../core/upload/archive-name.js'
import {forEachFile} from './each-file.js'
import type {UploadRequest, UploadResult} from './request.js'
import {transferNotes} from './transfer-notes.js'

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

export async function storeFiles(
  environment: Environment,
  session: UploadSession,
  request: UploadRequest,
  paths: readonly string[],
): Promise<UploadResult> {
  const {signal, nowMs} = environment
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
  const failed = await forEachFile('Uploading', files, environment, request, async (file, onBytes) => {
    const {path, sizeBytes, name} = file
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
      const notes = transferNotes(environment.dataFolder, request.target, {name, sizeBytes, crc32c}, nowMs)
      await session.store(
        {path, name, sizeBytes, crc32c, contentType},
        {overwrite: request.overwrite, resumeToken: notes.read(), keepToken: notes.write, onProgress: onBytes},
      )
      notes.remove()
    }
    stored.push(name)
    bytes += sizeBytes
  })
  failures.push(...failed)
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
