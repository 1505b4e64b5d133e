// Brings the library in agreement with the files of a plan: reads, analyses and records each, one by one.
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
import {trackIdentities} from './identity.js'
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
/**
 * What the file itself is at fault for, so that reading it again as it is would be in vain. Anything else (a drive that
 * went away, a permission, a full disk) is tried again by the next run.
 */
const REMEMBERED: ReadonlySet<ErrorCode> = new Set([
  'AUDIO_EMPTY',
  'AUDIO_UNDECODABLE',
  'AUDIO_TOO_LONG',
  'TOOL_MISSING',
])

export async function updateLibrary(plan: SyncPlan, options: UpdateOptions): Promise<UpdateResult> {
  const {library, pool, signal, task, tagsFor, force} = options
  const identities = trackIdentities(library, plan.gone)
  const result = {added: [], changed: [], moved: [], analyzed: [], missing: [], failures: [], analyzedMs: 0} as {
    -readonly [Key in keyof UpdateResult]: UpdateResult[Key]
  }
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

  const countAnalyzed = (trackId: TrackId, findings: Findings | null) => {
    if (findings === null) return
    result.analyzed.push(trackId)
    result.analyzedMs += findings.durationMs
  }

  const fail = (file: ScannedFile | FileState, error: unknown) => {
    const failure = itemFailure(file.path, error)
    result.failures.push(failure)
    if (REMEMBERED.has(failure.code))
      library.scan.rememberFailure({...failure, sizeBytes: file.sizeBytes, modifiedAtMs: file.modifiedAtMs})
  }

  const countDone = ({path}: {readonly path: string}) => task.update(++done, basename(path))

  const record = async (file: ScannedFile, probed: ProbeResult) => {
    let findings: Findings | null = null
    let analysisError: unknown = null
    try {
      findings = await findingsFor(probed.audioHash, file.path)
    } catch (error) {
      if (!KEPT_WITHOUT_ANALYSIS.has(crateErrorFrom(error).code)) throw error
      analysisError = error
    }
    const {trackId, kind} = library.transaction(() => {
      const recorded = identities.record(file.path, probed)
      const edits = tagsFor(file.path)
      if (edits !== undefined) library.tracks.editTags(recorded.trackId, edits)
      settleTrack(library, recorded.trackId)
      if (findings !== null) library.analyses.put(probed.audioHash, findings)
      library.scan.forgetFailure(file.path)
      return recorded
    })
    result[kind].push(trackId)
    countAnalyzed(trackId, findings)
    if (analysisError !== null) fail(file, analysisError)
    countDone(file)
  }

  const readNew = async (file: ScannedFile) => record(file, await pool.probe(file.path))

  /** Other audio at a known path: recorded once all known paths have been looked at. */
  const replaced: {readonly file: ScannedFile; readonly probed: ProbeResult}[] = []

  const readKnown = async (file: ScannedFile) => {
    let probed: ProbeResult
    try {
      probed = await pool.probe(file.path)
    } catch (error) {
      if (crateErrorFrom(error).code.startsWith('AUDIO_')) identities.found(file.path, null)
      throw error
    }
    identities.found(file.path, probed.audioHash)
    if (identities.isAsKnown(file.path, probed.audioHash)) return record(file, probed)
    replaced.push({file, probed})
  }

  const analyzeFile = async (state: FileState) => {
    const {audioHash} = state
    if (audioHash === null)
      return readNew({path: state.path, sizeBytes: state.sizeBytes ?? 0, modifiedAtMs: state.modifiedAtMs ?? 0})
    const findings = await findingsFor(audioHash, state.path)
    library.transaction(() => {
      if (findings !== null) library.analyses.put(audioHash, findings)
      library.scan.forgetFailure(state.path)
    })
    countAnalyzed(state.trackId, findings)
    countDone(state)
  }

  const workThrough = (items: readonly Item[]) =>
    inParallel(items, pool.jobs * 2, signal, async ({file, work}) => {
      try {
        await work()
      } catch (error) {
        signal.throwIfAborted()
        fail(file, error)
        countDone(file)
      }
    })

  await workThrough(plan.changed.map((file) => ({file, work: () => readKnown(file)})))
  await workThrough([
    ...replaced.map(({file, probed}) => ({file, work: () => record(file, probed)})),
    ...plan.added.map((file) => ({file, work: () => readNew(file)})),
    ...plan.toAnalyze.map((file) => ({file, work: () => analyzeFile(file)})),
  ])

  const missing = identities.missing()
  library.tracks.markMissing(missing)
  result.missing = missing
  return result
}

interface Item {
  readonly file: ScannedFile | FileState
  readonly work: () => Promise<void>
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
