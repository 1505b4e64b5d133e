// What a sync has to know of every file to tell new, changed, moved and gone ones without opening any.
import type {ErrorCode, ItemFailure} from '../core/errors.js'
import type {TrackId} from '../core/track.js'
import type {SqliteFile} from './sqlite.js'

export interface FileState {
  readonly trackId: TrackId
  readonly path: string
  readonly sizeBytes: number | null
  readonly modifiedAtMs: number | null
  readonly audioHash: string | null
  readonly isMissing: boolean
  /** Of the built-in analysis that is stored for this audio; null where there is none. */
  readonly analysisVersion: number | null
}

/** A file that could not be used, as it was then. */
export interface RememberedFailure extends ItemFailure {
  readonly sizeBytes: number | null
  readonly modifiedAtMs: number | null
}

export interface ScanRepository {
  /** All files of the library, in order of addition. */
  states(): FileState[]
  failures(): RememberedFailure[]
  /** Until `forgetFailure`, or until facts of a file or an analysis are saved for this path. */
  rememberFailure(failure: RememberedFailure): void
  forgetFailure(path: string): void
}

export function scanRepository(db: SqliteFile): ScanRepository {
  type StateRow = [TrackId, string, number | null, number | null, string | null, number | null, number | null]
  type FailureRow = {
    path: string
    sizeBytes: number | null
    modifiedAtMs: number | null
    code: ErrorCode
    message: string
    hints: string
  }
  const selectStates = db.prepareRaw<StateRow>(
    `SELECT id, path, size_bytes, modified_at_ms, audio_hash, missing_since_ms, analysis_version
     FROM tracks ORDER BY row`,
  )
  const selectFailures = db.prepare<FailureRow>(
    `SELECT path, size_bytes AS sizeBytes, modified_at_ms AS modifiedAtMs, code, message, hints FROM failures
     ORDER BY path`,
  )
  const putFailure = db.prepare(
    `INSERT OR REPLACE INTO failures (path, size_bytes, modified_at_ms, code, message, hints) VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const deleteFailure = db.prepare('DELETE FROM failures WHERE path = ?')
  return {
    states: () =>
      selectStates
        .all()
        .map(([trackId, path, sizeBytes, modifiedAtMs, audioHash, missingSinceMs, analysisVersion]) => ({
          trackId,
          path,
          sizeBytes,
          modifiedAtMs,
          audioHash,
          isMissing: missingSinceMs !== null,
          analysisVersion,
        })),
    failures: () => selectFailures.all().map((row) => ({...row, hints: JSON.parse(row.hints) as string[]})),
    rememberFailure({path, sizeBytes, modifiedAtMs, code, message, hints}) {
      putFailure.run(path, sizeBytes, modifiedAtMs, code, message, JSON.stringify(hints))
    },
    forgetFailure(path) {
      deleteFailure.run(path)
    },
  }
}
