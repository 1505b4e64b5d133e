// Brings the library in agreement with the files of a plan: reads, analyses and records each, one by one.
import {existsSync} from 'node:fs'
import {basename} from 'node:path'
import type {ScannedFile} from '../../adapters/files/scan.js'
import {ANALYSIS_VERSION} from '../../analysis/version.js'
import type {ProgressTask} from '../../core/environment.js'
import {CrateError, crateErrorFrom, type ErrorCode, type ItemFailure, itemFailure} from '../../core/errors.js'
import type {Findings} from '../../core/findings.js'
import type {Tags, TrackId} from '../../core/track.js'
import type {AnalysisPool} from '../../host/analysis/pool.js'
import type {ProbeResult} from '../../host/analysis/worker.js'
import type {Library} from '../../store/library.js'
import type {FileState} from '../../store/scan.js'
import {settleTrack} from '../library/settle.js'
import type {SyncPlan} from './plan.js'

export interface UpdateResult {
  readonly added: TrackId[]
  readonly changed: TrackId[]
  readonly moved: TrackId[]
  /** Tracks whose audio was decoded and analysed now. */
  readonly analyzed: TrackId[]
  readonly missing: TrackId[]
  readonly failures: ItemFailure[]
  /** Length of the audio that was analysed. */
  readonly analyzedMs: number
}

export interface UpdateOptions {
  readonly library: Library
  readonly pool: AnalysisPool
  readonly signal: AbortSignal
  readonly task: ProgressTask
  /** What a manifest says of a file; it wins over the file's own tags. */
  readonly tagsFor: (path: string) => Partial<Tags> | undefined
  /** Analyse again also what was analysed by the present version. */
  readonly force: boolean
}

/** The music is fine, only this machine cannot analyse it: such a track is kept without an analysis. */
const KEPT_WITHOUT_ANALYSIS: ReadonlySet<ErrorCode> = new Set(['TOOL_MISSING', 'AUDIO_TOO_LONG'])
/** A failure that says nothing of the file itself is not remembered, so that the next run tries again. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['FILE_UNSTABLE', 'ABORTED', 'DISK_FULL', 'LIBRARY_BUSY'])

export async function updateLibrary(plan: SyncPlan, options: UpdateOptions): Promise<UpdateResult> {
  const {library, pool, signal, task, tagsFor, force} = options
  const goneByHash = groupByHash(plan.gone)
  const result = {added: [], changed: [], moved: [], analyzed: [], missing: [], failures: [], analyzedMs: 0} as {
    -readonly [Key in keyof UpdateResult]: UpdateResult[Key]
  }
  const movedAway = new Set<TrackId>()
  const analyses = new Map<string, Promise<Findings | null>>()
  let done = 0

  library.tracks.markFound(plan.back.map(({trackId}) => trackId))

  /** Findings for this audio, or null where the library has them; copies wait for one analysis. */
  const findingsFor = (audioHash: string, path: string): Promise<Findings | null> => {
    const running = analyses.get(audioHash)
    if (running !== undefined) return running.then(() => null)
    const version = library.analyses.version(audioHash)
    if (!force && version !== null && version >= ANALYSIS_VERSION) return Promise.resolve(null)
    const analysis = pool.analyze(path).then((analyzed) => {
      if (analyzed.audioHash === audioHash) return analyzed.findings
      throw new CrateError('FILE_UNSTABLE', `${path} changed while it was read`, {
        hints: ['Run the sync again when the copy has finished.'],
      })
    })
    analyses.set(audioHash, analysis)
    return analysis
  }

  const recordFindings = (trackId: TrackId, audioHash: string, findings: Findings | null) => {
    if (findings === null) return
    library.analyses.put(audioHash, findings)
    result.analyzed.push(trackId)
    result.analyzedMs += findings.durationMs
  }

  const fail = (file: ScannedFile | FileState, error: unknown) => {
    const failure = itemFailure(file.path, error)
    result.failures.push(failure)
    if (!PASSING.has(failure.code))
      library.scan.rememberFailure({...failure, sizeBytes: file.sizeBytes, modifiedAtMs: file.modifiedAtMs})
  }

  const readFile = async (file: ScannedFile) => {
    const probed = await pool.probe(file.path)
    const {tags} = probed
    let findings: Findings | null = null
    let analysisError: unknown = null
    try {
      findings = await findingsFor(probed.audioHash, file.path)
    } catch (error) {
      if (!KEPT_WITHOUT_ANALYSIS.has(crateErrorFrom(error).code)) throw error
      analysisError = error
    }
    library.transaction(() => {
      const trackId = recordFile(file.path, probed, tags)
      const edits = tagsFor(file.path)
      if (edits !== undefined) library.tracks.editTags(trackId, edits)
      settleTrack(library, trackId)
      recordFindings(trackId, probed.audioHash, findings)
      library.scan.forgetFailure(file.path)
      if (analysisError !== null) fail(file, analysisError)
    })
  }

  /** The track of this file: the one at its path, else one of the same audio whose file is gone, else a new one. */
  const recordFile = (path: string, {file, audioHash}: ProbeResult, tags: Tags): TrackId => {
    const atPath = library.tracks.byPath(path)
    if (atPath !== null) {
      library.tracks.saveFile(atPath.id, file, audioHash, tags)
      library.tracks.markFound([atPath.id])
      result.changed.push(atPath.id)
      return atPath.id
    }
    const trackId = takeMoved(path, audioHash)
    if (trackId !== null) {
      library.tracks.move(trackId, path)
      library.tracks.saveFile(trackId, file, audioHash, tags)
      library.tracks.markFound([trackId])
      movedAway.add(trackId)
      result.moved.push(trackId)
      return trackId
    }
    const added = library.tracks.add({file, audioHash, tags})
    result.added.push(added)
    return added
  }

  const takeMoved = (path: string, audioHash: string): TrackId | null => {
    const gone = (goneByHash.get(audioHash) ?? []).filter(({trackId}) => !movedAway.has(trackId))
    const sameName = gone.find((file) => basename(file.path) === basename(path))
    const found = sameName ?? gone[0]
    if (found !== undefined) return found.trackId
    const lost = library.tracks
      .byAudioHash(audioHash)
      .find((track) => !movedAway.has(track.id) && !existsSync(track.file.path))
    return lost?.id ?? null
  }

  const analyzeFile = async (state: FileState) => {
    const {audioHash} = state
    if (audioHash === null)
      return readFile({path: state.path, sizeBytes: state.sizeBytes ?? 0, modifiedAtMs: state.modifiedAtMs ?? 0})
    const findings = await findingsFor(audioHash, state.path)
    library.transaction(() => {
      recordFindings(state.trackId, audioHash, findings)
      library.scan.forgetFailure(state.path)
    })
  }

  const items: {file: ScannedFile | FileState; work: () => Promise<void>}[] = [
    ...plan.toRead.map((file) => ({file, work: () => readFile(file)})),
    ...plan.toAnalyze.map((file) => ({file, work: () => analyzeFile(file)})),
  ]
  await inParallel(items, pool.jobs * 2, signal, async ({file, work}) => {
    try {
      await work()
    } catch (error) {
      signal.throwIfAborted()
      fail(file, error)
    }
    task.update(++done, basename(file.path))
  })

  const missing = plan.gone.filter(({trackId}) => !movedAway.has(trackId)).map(({trackId}) => trackId)
  library.tracks.markMissing(missing)
  result.missing = missing
  return result
}

function groupByHash(files: readonly FileState[]): Map<string, FileState[]> {
  const groups = new Map<string, FileState[]>()
  for (const file of files) {
    if (file.audioHash === null) continue
    const group = groups.get(file.audioHash)
    if (group === undefined) groups.set(file.audioHash, [file])
    else group.push(file)
  }
  return groups
}

/** Works through the items in order, `width` at a time; the first error ends it after those that are running. */
async function inParallel<T>(
  items: readonly T[],
  width: number,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0
  const lane = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) {
      signal.throwIfAborted()
      await work(item)
    }
  }
  const lanes = await Promise.allSettled(Array.from({length: Math.min(width, items.length)}, lane))
  const failed = lanes.find(({status}) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}
