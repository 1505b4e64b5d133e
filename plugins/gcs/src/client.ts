// The part of @google-cloud/storage that is used, as types of our own: crate's tree is checked without it installed.
// Source: googleapis.dev/nodejs/storage/latest (version 7).

export interface StoredMetadata {
  readonly generation?: string | number
  readonly size?: string | number
  readonly crc32c?: string
}

export interface RemoteFile {
  readonly name: string
  readonly metadata: StoredMetadata
  getMetadata(): Promise<readonly [StoredMetadata, ...unknown[]]>
  createWriteStream(options: WriteOptions): NodeJS.WritableStream
  createReadStream(options: {validation: 'crc32c'}): NodeJS.ReadableStream
}

export interface WriteOptions {
  readonly resumable: boolean
  /** Address of a transfer that was begun; the client asks how far it came and goes on from there. */
  readonly uri?: string
  readonly validation: 'crc32c'
  readonly preconditionOpts: {readonly ifGenerationMatch: number | string}
  readonly metadata: {readonly contentType: string; readonly crc32c: string}
}

export interface RemoteBucket {
  file(name: string): RemoteFile
  getFilesStream(options: {prefix: string}): AsyncIterable<RemoteFile>
}

export interface ClientSettings {
  readonly projectId?: string
  readonly keyFilename?: string
  /** Another server that speaks the same protocol. */
  readonly apiEndpoint?: string
  readonly retryOptions: {
    readonly autoRetry: boolean
    readonly maxRetries: number
    readonly retryDelayMultiplier: number
    readonly totalTimeout: number
  }
}

interface Client {
  bucket(name: string): RemoteBucket
}

/** Credentials are found as Google's own tools find them: GOOGLE_APPLICATION_CREDENTIALS, gcloud's login, the machine's. */
export async function openBucket(name: string, settings: ClientSettings): Promise<RemoteBucket> {
  const packageName: string = '@google-cloud/storage'
  const {Storage} = (await import(packageName)) as {Storage: new (settings: ClientSettings) => Client}
  return new Storage(settings).bucket(name)
}
