// Files heard through for the audio of tracks that are missing: the nearest in size first, until all are found.
import type {ScannedFile} from '../../adapters/files/scan.js'
import type {ProgressTask} from '../../core/environment.js'
import {extensionOf, fileNameOf} from '../../core/music-path.js'
import type {Track} from '../../core/track.js'
import type {AnalysisPool} from '../../host/analysis/pool.js'
import type {ProbeResult} from '../../host/analysis/worker.js'

/** What is inside files, each opened once. */
export interface ProbeCache {
  /** Null for a file that cannot be read. */
  get(path: string): Promise<ProbeResult | null>
}

export function probeCache(pool: AnalysisPool): ProbeCache {
  const probes = new Map<string, Promise<ProbeResult | null>>()
  return {
    get: (path) => {
      const known = probes.get(path) ?? pool.probe(path).catch(() => null)
      probes.set(path, known)
      return known
    },
  }
}

interface Hearing {
  readonly probes: ProbeCache
  readonly jobs: number
  readonly signal: AbortSignal
  task(total: number): ProgressTask
}

/**
 * Which of the files sounds as which track, by audio hash. Reads until each track is found, files of the same format and of
 * the nearest size first: tags add or take a few kilobytes.
 */
export async function filesByAudio(
  tracks: readonly Track[],
  files: readonly ScannedFile[],
  {probes, jobs, signal, task}: Hearing,
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set(tracks.map(({audioHash}) => audioHash))
  const extensions = new Set(tracks.map(({file}) => extensionOf(file.path)))
  const sizes = Float64Array.from(tracks.flatMap(({file}) => file.sizeBytes ?? [])).sort()
  const queue = files
    .filter(({path}) => extensions.has(extensionOf(path)))
    .map((file) => ({path: file.path, distance: distanceToNearest(sizes, file.sizeBytes)}))
    .sort((a, b) => a.distance - b.distance)
  const heard = new Map<string, string>()
  if (wanted.size === 0 || queue.length === 0) return heard
  const progress = task(queue.length)
  let at = 0
  const listen = async () => {
    for (let next = queue[at++]; next !== undefined && heard.size < wanted.size; next = queue[at++]) {
      signal.throwIfAborted()
      progress.update(at, fileNameOf(next.path))
      const probe = await probes.get(next.path)
      if (probe !== null && wanted.has(probe.audioHash) && !heard.has(probe.audioHash))
        heard.set(probe.audioHash, next.path)
    }
  }
  try {
    await Promise.all(Array.from({length: jobs}, listen))
  } finally {
    progress.finish()
  }
  return heard
}

/** @param sorted rising; infinite for none */
function distanceToNearest(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) < value) low = middle + 1
    else high = middle
  }
  const above = (sorted[low] ?? Number.POSITIVE_INFINITY) - value
  const below = value - (sorted[low - 1] ?? Number.NEGATIVE_INFINITY)
  return Math.min(above, below)
}
