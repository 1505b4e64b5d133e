// Finds the files of missing tracks again: by a mapped path, by audio, by name and size, by name and tags.
import {existsSync} from 'node:fs'
import {resolve} from 'node:path'
import {expandHome, readConfig} from '../../adapters/config/config-file.js'
import {type ScannedFile, scanMusic} from '../../adapters/files/scan.js'
import {isMadeByPerson} from '../../core/cue.js'
import type {Environment} from '../../core/environment.js'
import {CrateError, type ItemFailure, itemFailure} from '../../core/errors.js'
import {fileNameOf, mapPath, type PathMapping, stemOf} from '../../core/music-path.js'
import {fold} from '../../core/query/fold.js'
import type {Track, TrackId} from '../../core/track.js'
import {createAnalysisPool} from '../../host/analysis/pool.js'
import type {ProbeResult} from '../../host/analysis/worker.js'
import type {Library} from '../../store/library.js'
import {parsePathMappings} from '../path-mappings.js'
import {filesByAudio, type ProbeCache, probeCache} from './hear-files.js'
import {settleTrack} from './settle.js'

export interface RelocateRequest {
  /** Folders to look in; empty means the config's music folders. */
  readonly folders: readonly string[]
  /** `/Volumes/USB=E:/Music`. */
  readonly mappings: readonly string[]
  readonly isDryRun: boolean
}

export type RelocateReason = 'mapped path' | 'same audio' | 'same name and size' | 'same name and tags'

export interface Relocation {
  readonly trackId: TrackId
  readonly from: string
  readonly to: string
  readonly reason: RelocateReason
}

export interface RelocateReport {
  readonly found: readonly Relocation[]
  /** Missing tracks for which nothing fits, or several files do. */
  readonly lost: readonly {readonly path: string; readonly candidates: readonly string[]}[]
  readonly failures: readonly ItemFailure[]
  readonly isDryRun: boolean
}

/** Names that agree need this much agreement in length to be the same recording without a hash to compare. */
const SAME_LENGTH_MS = 2000

export async function relocate(
  environment: Environment,
  library: Library,
  request: RelocateRequest,
): Promise<RelocateReport> {
  const {configFile, signal, reporter} = environment
  const config = await readConfig(configFile)
  const mappings = parsePathMappings(request.mappings)
  const folders =
    request.folders.length > 0 ? request.folders.map((folder) => resolve(expandHome(folder))) : config.music
  const states = library.scan.states()
  const missing = states
    .filter(({isMissing, path}) => isMissing || !existsSync(path))
    .map(({trackId}) => library.tracks.get(trackId))
  const scanned = scanMusic(folders, signal)
  const failures: ItemFailure[] = [...scanned.failures]
  const finder = fileFinder(scanned.files)
  const pool = createAnalysisPool({
    jobs: config.jobs,
    ffmpeg: config.tools.ffmpeg,
    cueScheme: config.cues,
    dataFolder: environment.dataFolder,
    signal,
  })
  const probes = probeCache(pool)
  const task = reporter.task('Finding', missing.length)
  const found: Relocation[] = []
  const isListed = listedTracks(library)
  const open: {track: Track; candidates: string[]}[] = []
  const take = async (track: Track, {path, reason}: FoundFile) => {
    try {
      if (!request.isDryRun) await takePlace(library, track, path, {probes, isListed})
      found.push({trackId: track.id, from: track.file.path, to: path, reason})
    } catch (error) {
      failures.push(itemFailure(track.file.path, error))
    }
  }
  try {
    for (const [index, track] of missing.entries()) {
      signal.throwIfAborted()
      task.update(index, fileNameOf(track.file.path))
      const match = mappedFile(track, mappings) ?? (await bestFile(track, finder, probes))
      if (match === null || 'candidates' in match) open.push({track, candidates: match?.candidates ?? []})
      else await take(track, match)
    }
    task.finish()
    // Renamed and tagged anew, only the audio is as it was: files that the library does not know yet are heard through.
    const isKnown = new Set(states.filter(({isMissing}) => !isMissing).map(({path}) => path))
    const unknown = scanned.files.filter(({path}) => !isKnown.has(path))
    const heard = await filesByAudio(
      open.flatMap(({track}) => (track.audioHash === null ? [] : [track])),
      unknown,
      {probes, jobs: pool.jobs, signal, task: (total) => reporter.task('Comparing audio', total)},
    )
    for (const {track} of open) {
      const path = heard.get(track.audioHash ?? '')
      if (path !== undefined) await take(track, {path, reason: 'same audio'})
    }
    const lost = open
      .filter(({track}) => !heard.has(track.audioHash ?? ''))
      .map(({track, candidates}) => ({path: track.file.path, candidates}))
    return {found, lost, failures, isDryRun: request.isDryRun}
  } finally {
    task.finish()
    await pool.close()
  }
}

interface FoundFile {
  readonly path: string
  readonly reason: RelocateReason
}

type Match = FoundFile | {readonly candidates: string[]}

function mappedFile(track: Track, mappings: readonly PathMapping[]): FoundFile | null {
  const mapped = mapPath(track.file.path, mappings)
  if (mapped === track.file.path) return null
  // Names travel from Macs in parts (NFD) or composed (NFC); other systems keep the two apart.
  const path = [mapped, mapped.normalize('NFC'), mapped.normalize('NFD')].find((form) => existsSync(form))
  return path === undefined ? null : {path, reason: 'mapped path'}
}

interface FileFinder {
  bySize(sizeBytes: number | null): readonly ScannedFile[]
  byName(name: string): readonly ScannedFile[]
}

function fileFinder(files: readonly ScannedFile[]): FileFinder {
  const sizes = groupBy(files, ({sizeBytes}) => sizeBytes)
  const names = groupBy(files, ({path}) => fold(stemOf(path)))
  return {
    bySize: (sizeBytes) => (sizeBytes === null ? [] : (sizes.get(sizeBytes) ?? [])),
    byName: (name) => names.get(fold(name)) ?? [],
  }
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}

/** Only files that share a name or a size are opened: hashing a whole drive would take hours. */
async function bestFile(track: Track, finder: FileFinder, probes: ProbeCache): Promise<Match | null> {
  const name = stemOf(track.file.path)
  const candidates = [...new Set([...finder.byName(name), ...finder.bySize(track.file.sizeBytes)])]
  const probed = (await Promise.all(candidates.map(({path}) => probes.get(path)))).filter((probe) => probe !== null)
  if (track.audioHash !== null) {
    const same = probed.filter(({audioHash}) => audioHash === track.audioHash)
    if (same.length > 0) return {path: preferName(same, name).file.path, reason: 'same audio'}
    // Another encoding may start elsewhere, which only the person can judge.
    const alike = probed.filter((probe) => fold(stemOf(probe.file.path)) === fold(name) && hasSameTags(track, probe))
    return alike.length === 0 ? null : {candidates: alike.map(({file}) => file.path)}
  }
  const named = probed.filter(({file}) => fold(stemOf(file.path)) === fold(name))
  const sized = named.filter(({file}) => file.sizeBytes === track.file.sizeBytes)
  if (sized.length === 1 && sized[0] !== undefined) return {path: sized[0].file.path, reason: 'same name and size'}
  const tagged = named.filter((probe) => hasSameTags(track, probe))
  if (tagged.length === 1 && tagged[0] !== undefined) return {path: tagged[0].file.path, reason: 'same name and tags'}
  const open = tagged.length > 1 ? tagged : sized
  return open.length > 1 ? {candidates: open.map(({file}) => file.path)} : null
}

function preferName(probes: readonly ProbeResult[], name: string): ProbeResult {
  const best = probes.find(({file}) => fold(stemOf(file.path)) === fold(name)) ?? probes[0]
  if (best === undefined) throw new CrateError('INTERNAL', 'no file to choose from')
  return best
}

function hasSameTags({tags, file}: Track, probe: ProbeResult): boolean {
  const isSame = (a: string | null, b: string | null) => a === null || b === null || fold(a) === fold(b)
  const isAsLong =
    file.durationMs === null ||
    probe.file.durationMs === null ||
    Math.abs(file.durationMs - probe.file.durationMs) < SAME_LENGTH_MS
  return isAsLong && isSame(tags.title, probe.tags.title) && isSame(tags.artist, probe.tags.artist)
}

/** A sync may have added the file as a track of its own: that one gives way, unless somebody has worked with it. */
async function takePlace(
  library: Library,
  track: Track,
  path: string,
  {probes, isListed}: {readonly probes: ProbeCache; isListed(id: TrackId): boolean},
): Promise<void> {
  const probe = await probes.get(path)
  if (probe === null) throw new CrateError('FILE_UNREADABLE', `${path} cannot be read`)
  library.transaction(() => {
    const other = library.tracks.byPath(path)
    if (other !== null && other.id !== track.id) {
      if (hasMarks(other) || isListed(other.id))
        throw new CrateError(
          'CONFLICT',
          `${path} is another track of the library, which has cues, marks or playlists of its own`,
          {
            hints: [`Remove one of the two: crate library edit ${other.id} --remove`],
          },
        )
      library.tracks.remove([other.id])
    }
    if (track.file.path !== path) library.tracks.move(track.id, path)
    library.tracks.saveFile(track.id, probe.file, probe.audioHash, probe.tags)
    library.tracks.markFound([track.id])
    settleTrack(library, track.id)
  })
}

function hasMarks({cues, gridOrigin, ratingStars, colorRgb, playCount}: Track): boolean {
  const isMarked = cues.some(({origin}) => isMadeByPerson(origin)) || isMadeByPerson(gridOrigin)
  return isMarked || ratingStars !== null || colorRgb !== null || playCount > 0
}

/** Whether a track stands in an ordinary playlist; the lists are read once, when it is first asked. */
function listedTracks({playlists}: Library): (id: TrackId) => boolean {
  let listed: ReadonlySet<TrackId> | null = null
  return (id) => {
    listed ??= new Set(
      playlists.list().flatMap((playlist) => (playlist.kind === 'list' ? playlists.tracks(playlist.id) : [])),
    )
    return listed.has(id)
  }
}
