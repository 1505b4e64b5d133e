// The one error class of crate: a code for programs, a message and hints for the person.

/** Every way in which crate can fail; scripts and tests rely on these, never on the text. */
export type ErrorCode =
  | 'ABORTED'
  | 'AUDIO_EMPTY'
  | 'AUDIO_TOO_LONG'
  | 'AUDIO_UNDECODABLE'
  | 'CONFIG_INVALID'
  | 'CONFLICT'
  | 'DEVICE_MISSING'
  | 'DISK_FULL'
  | 'FILE_EXISTS'
  | 'FILE_NOT_FOUND'
  | 'FILE_UNREADABLE'
  | 'FILE_UNSTABLE'
  | 'FILE_UNWRITABLE'
  | 'FORMAT_INVALID'
  | 'FORMAT_UNSUPPORTED'
  | 'INTERNAL'
  | 'LIBRARY_BUSY'
  | 'LIBRARY_DAMAGED'
  | 'LIBRARY_NEWER'
  | 'MANIFEST_INVALID'
  | 'NETWORK_FAILED'
  | 'NOT_AVAILABLE'
  | 'PLAYLIST_NOT_FOUND'
  | 'PLUGIN_FAILED'
  | 'PLUGIN_INVALID'
  | 'QUERY_INVALID'
  | 'TARGET_RUNNING'
  | 'TOOL_FAILED'
  | 'TOOL_MISSING'
  | 'TRACK_NOT_FOUND'
  | 'USAGE'

export interface CrateErrorOptions {
  /** What the person can do now, each a sentence or a command that can be pasted. */
  readonly hints?: readonly string[]
  /** The values behind the message, for --json and for tests. */
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

export class CrateError extends Error {
  override readonly name = 'CrateError'
  readonly code: ErrorCode
  readonly hints: readonly string[]
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: CrateErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : {cause: options.cause})
    this.code = code
    this.hints = options.hints ?? []
    this.details = options.details ?? {}
  }
}

/** True for crate's own errors, also those of a second copy of this module (a plugin's, a worker's). */
export function isCrateError(error: unknown): error is CrateError {
  return (
    error instanceof Error && error.name === 'CrateError' && typeof (error as Partial<CrateError>).code === 'string'
  )
}

/** Any thrown value as a CrateError: crate's own pass through, the rest become `fallback` with the old one as cause. */
export function crateErrorFrom(error: unknown, fallback: ErrorCode = 'INTERNAL'): CrateError {
  if (isCrateError(error)) return error
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError'))
    return new CrateError('ABORTED', 'stopped before the end', {cause: error})
  const message = error instanceof Error ? error.message : String(error)
  return new CrateError(fallback, message, {cause: error})
}

/** A failure of one item among many: the rest goes on. */
export interface ItemFailure {
  /** The path, link or name of the item as the person knows it. */
  readonly path: string
  readonly code: ErrorCode
  readonly message: string
  readonly hints: readonly string[]
}

export function itemFailure(path: string, error: unknown): ItemFailure {
  const {code, message, hints} = crateErrorFrom(error)
  return {path, code, message, hints}
}
