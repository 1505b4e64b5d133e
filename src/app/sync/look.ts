// The first half of a sync: what is on disk beside what the library knows, and so what there is to do.
import {FFMPEG_HINT} from '../../adapters/audio/ffmpeg.js'
import {type ScannedFile, type ScanResult, scanMusic} from '../../adapters/files/scan.js'
import {FFMPEG, locate} from '../../adapters/programs/find-program.js'
import {ANALYSIS_VERSION} from '../../analysis/version.js'
import type {CrateConfig} from '../../core/config.js'
import type {Environment} from '../../core/environment.js'
import type {ItemFailure} from '../../core/errors.js'
import type {Library} from '../../store/library.js'
import type {FileState} from '../../store/scan.js'
import type {FetchedSources} from './fetch-sources.js'
import {planSync, type SyncPlan} from './plan.js'
import {kindOfSource, type LocalMusic, resolveLocalMusic} from './sources.js'

/** What a sync would do, by path. */
export interface PlannedWork {
  readonly new: readonly string[]
  readonly changed: readonly string[]
  /** As far as size and time tell: new files that are as a vanished one was. */
  readonly moved: readonly string[]
  readonly missing: readonly string[]
  /** Known and unchanged, and analysed again, because nothing of the present version is stored. */
  readonly analyzed: readonly string[]
}

export interface Look {
  readonly local: LocalMusic
  readonly scanned: ScanResult
  readonly plan: SyncPlan
  readonly failures: readonly ItemFailure[]
}

/** What is on disk beside what the library knows; no audio is read. */
export async function look(
  {signal, reporter}: Environment,
  library: Library,
  config: CrateConfig,
  request: {readonly sources: readonly string[]; readonly force: boolean},
  fetched: FetchedSources,
): Promise<Look> {
  const localSources = request.sources.filter((source) => kindOfSource(source) !== 'fetched')
  const local = await resolveLocalMusic(fetched.folder === null ? localSources : [...localSources, fetched.folder])

  const scanTask = reporter.task('Looking', null)
  const scanned = scanMusic(local.paths, signal, (count) => scanTask.update(count))
  scanTask.finish()

  const remembered = library.scan.failures()
  const hasFfmpeg = remembered.some(mayNeedFfmpeg) ? (await locate(config.tools.ffmpeg ?? FFMPEG.name)) !== null : false
  const plan = planSync({
    scanned: scanned.files,
    known: library.scan.states(),
    failures: remembered,
    isScanned: scanned.covers,
    analysisVersion: ANALYSIS_VERSION,
    mayRetry: (failure) => hasFfmpeg && mayNeedFfmpeg(failure),
    force: request.force,
  })
  return {
    local,
    scanned,
    plan,
    failures: [...fetched.failures, ...local.failures, ...scanned.failures, ...plan.stillFailing],
  }
}

/** Whether it was told then that ffmpeg may read it. */
function mayNeedFfmpeg({code, hints}: ItemFailure): boolean {
  return code === 'TOOL_MISSING' || code === 'AUDIO_TOO_LONG' || hints.includes(FFMPEG_HINT)
}

/** The plan for a person to read before it is done. */
export function plannedWork(plan: SyncPlan): PlannedWork {
  const facts = ({sizeBytes, modifiedAtMs}: ScannedFile | FileState) => `${sizeBytes} ${modifiedAtMs}`
  const gone = new Set(plan.gone.map(facts))
  const looksMoved = (file: ScannedFile) => gone.has(facts(file))
  const paths = (files: readonly {readonly path: string}[]) => files.map(({path}) => path)
  const moved = plan.added.filter(looksMoved)
  const movedFrom = new Set(moved.map(facts))
  return {
    new: paths(plan.added.filter((file) => !looksMoved(file))),
    changed: paths(plan.changed),
    moved: paths(moved),
    missing: paths(plan.gone.filter((file) => !movedFrom.has(facts(file)))),
    analyzed: paths(plan.toAnalyze),
  }
}
