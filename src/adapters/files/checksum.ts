// The CRC-32C of a file, read in pieces.
import {createReadStream} from 'node:fs'
import {crc32c, crc32cText} from '../../core/upload/crc32c.js'
import {fileError} from './errors.js'

/** Base64, as object stores compare it. @throws FILE_NOT_FOUND, FILE_UNREADABLE, ABORTED */
export async function crc32cOfFile(path: string, signal: AbortSignal): Promise<string> {
  let crc = 0
  try {
    for await (const piece of createReadStream(path, {highWaterMark: 1 << 20, signal}))
      crc = crc32c(piece as Uint8Array, crc)
  } catch (error) {
    signal.throwIfAborted()
    throw fileError(error, path, 'read')
  }
  return crc32cText(crc)
}
