// Uploaders: an archive of audio somewhere else, written once and never overwritten unasked.
import type {Context} from './context.js'
import type {Contribution} from './contribution.js'

export interface UploadItem {
  /** Absolute path of the file here. */
  readonly path: string
  /** Name in the archive, `/` between names; never leads out of it. */
  readonly name: string
  readonly sizeBytes: number
  /** CRC-32C (Castagnoli) of the content, base64 of four bytes big-endian, as Google Cloud Storage writes it. */
  readonly crc32c: string
  /** MIME type. */
  readonly contentType: string
}

export interface StoredObject {
  readonly name: string
  readonly sizeBytes: number
  readonly crc32c: string | null
}

export interface StoreOptions {
  /** False: fails with FILE_EXISTS where the name is taken, also by someone else at the same moment. */
  readonly overwrite: boolean
  /** What `keepToken` was last given for this content under this name, and did not arrive; null where nothing was. */
  readonly resumeToken: string | null
  /** Keeps what a later run needs to go on with this transfer, also when crate is killed in it; forgotten when it is stored. */
  keepToken(token: string): void
  /** Bytes of this file so far. */
  onProgress(bytes: number): void
}

export interface UploadSession {
  /** What is there under the prefix, in the order of names. */
  list(): AsyncIterable<StoredObject>
  /**
   * Stores one file whole, or throws and leaves nothing under its name. Goes on with an interrupted transfer where the
   * service can.
   *
   * @throws FILE_EXISTS, NETWORK_FAILED, FORMAT_INVALID (checksum differs), NOT_AVAILABLE (no permission, no such bucket)
   */
  store(item: UploadItem, options: StoreOptions): Promise<void>
  /** Writes an object into a new local file, its checksum verified. @throws as `store` */
  restore(object: StoredObject, toPath: string, options: {onProgress(bytes: number): void}): Promise<void>
  /** May be called again. */
  close(): Promise<void>
}

export interface Uploader {
  /**
   * @param target as the person wrote it: `gs://bucket/prefix`
   * @throws USAGE for a target that is not of this kind, NOT_AVAILABLE, NETWORK_FAILED
   */
  open(target: string, context: Context): Promise<UploadSession>
}

export interface UploaderContribution extends Contribution<Uploader> {
  /** Shown to people: `Google Cloud Storage`. */
  readonly name: string
  /** How its targets begin: `gs://`. */
  readonly scheme: string
}
