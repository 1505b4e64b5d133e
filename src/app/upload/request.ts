// What `crate upload` is asked for, and what came of it.
import type {ItemFailure} from '../../core/errors.js'

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
