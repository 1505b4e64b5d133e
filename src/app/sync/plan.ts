// What a sync has to do, from what is on disk and what the library knows: no audio is touched to find out.
import type {ScannedFile} from '../../adapters/files/scan.js'
import type {FileState, RememberedFailure} from '../../store/scan.js'

export interface SyncPlan {
  readonly unchanged: readonly FileState[]
  /** Broken before and the same since: reported again, not read again. */
  readonly stillFailing: readonly RememberedFailure[]
  /** At paths that the library does not know. */
  readonly added: readonly ScannedFile[]
  /** At known paths, and changed since the library saw them. */
  readonly changed: readonly ScannedFile[]
  /** As they were, but without an analysis of the present version. */
  readonly toAnalyze: readonly FileState[]
  /** Known below the roots and not there any more; the old place of a moved file is among them. */
  readonly gone: readonly FileState[]
  /** Marked missing before, and here again as they were. */
  readonly back: readonly FileState[]
}

export interface PlanInput {
  readonly scanned: readonly ScannedFile[]
  readonly known: readonly FileState[]
  readonly failures: readonly RememberedFailure[]
  /** Whether a path lies below one of the roots that were scanned. */
  readonly isScanned: (path: string) => boolean
  /** Of the built-in analysis; results of a lower one are out of date. */
  readonly analysisVersion: number
  /** Whether a file that failed like this may succeed now (a tool has been installed, say). */
  readonly mayRetry: (failure: RememberedFailure) => boolean
  /** Read everything again. */
  readonly force: boolean
}

export function planSync({scanned, known, failures, isScanned, analysisVersion, mayRetry, force}: PlanInput): SyncPlan {
  const knownByPath = new Map(known.map((file) => [file.path, file]))
  const failureByPath = new Map(failures.map((failure) => [failure.path, failure]))
  const unchanged: FileState[] = []
  const back: FileState[] = []
  const stillFailing: RememberedFailure[] = []
  const added: ScannedFile[] = []
  const changed: ScannedFile[] = []
  const toAnalyze: FileState[] = []
  const seen = new Set<string>()
  for (const file of scanned) {
    seen.add(file.path)
    const old = knownByPath.get(file.path)
    const failure = failureByPath.get(file.path)
    if (!force && failure !== undefined && isSame(failure, file) && !mayRetry(failure)) {
      stillFailing.push(failure)
      continue
    }
    if (old === undefined) {
      added.push(file)
      continue
    }
    if (force || !isSame(old, file)) {
      changed.push(file)
      continue
    }
    if (old.isMissing) back.push(old)
    if (old.analysisVersion === null || old.analysisVersion < analysisVersion) toAnalyze.push(old)
    else unchanged.push(old)
  }
  const gone = known.filter(({path, isMissing}) => !isMissing && !seen.has(path) && isScanned(path))
  return {unchanged, stillFailing, added, changed, toAnalyze, gone, back}
}

function isSame(
  old: {readonly sizeBytes: number | null; readonly modifiedAtMs: number | null},
  file: ScannedFile,
): boolean {
  return old.sizeBytes === file.sizeBytes && old.modifiedAtMs === file.modifiedAtMs
}
