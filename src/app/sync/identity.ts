// Which track a file is: known by its audio, so that files which change names with each other keep what is theirs.
import {existsSync} from 'node:fs'
import {basename} from 'node:path'
import type {TrackId} from '../../core/track.js'
import type {ProbeResult} from '../../host/analysis/worker.js'
import type {Library} from '../../store/library.js'
import type {FileState} from '../../store/scan.js'

export interface RecordedFile {
  readonly trackId: TrackId
  readonly kind: 'added' | 'changed' | 'moved'
}

export interface TrackIdentities {
  /**
   * Tells what a file holds now. All files at known places must be told before the first one of other audio, or a new
   * one, is recorded: only then is it known which tracks have lost their file.
   *
   * @param audioHash null for what is no audio any more
   */
  found(path: string, audioHash: string | null): void
  /** Whether the library has this audio at this path. */
  isAsKnown(path: string, audioHash: string): boolean
  /** Saves the file to its track: the one that has lost a file of this audio, else the one at its path, else a new one. */
  record(path: string, probed: ProbeResult): RecordedFile
  /** Tracks whose file is not there any more, once all files are recorded. */
  missing(): TrackId[]
}

/** @param gone files that were known and are not there */
export function trackIdentities({tracks}: Library, gone: readonly FileState[]): TrackIdentities {
  const holds = new Map<string, string | null>()
  /** Tracks without a file, so far. */
  const lost = new Set<TrackId>(gone.map(({trackId}) => trackId))
  /** Tracks that stood where another one's file is now. */
  const displaced = new Set<TrackId>()

  const hasLostItsFile = (id: TrackId, path: string, audioHash: string) =>
    lost.has(id) || !existsSync(path) || (holds.has(path) && holds.get(path) !== audioHash)

  const ownerOf = (path: string, audioHash: string): TrackId | null => {
    const candidates = tracks
      .byAudioHash(audioHash)
      .filter(({id, file}) => file.path !== path && hasLostItsFile(id, file.path, audioHash))
    const sameName = candidates.find(({file}) => basename(file.path) === basename(path))
    return (sameName ?? candidates[0])?.id ?? null
  }

  /** The track that stood at the path gets the place that its successor has left, and is missing until it is found. */
  const moveTo = (path: string, owner: TrackId, standing: TrackId | null) => {
    if (standing === null) return tracks.move(owner, path)
    tracks.exchangePaths(owner, standing)
    tracks.markMissing([standing])
    lost.add(standing)
    displaced.add(standing)
  }

  return {
    found: (path, audioHash) => void holds.set(path, audioHash),
    isAsKnown: (path, audioHash) => tracks.byPath(path)?.audioHash === audioHash,
    record(path, {file, audioHash, tags}) {
      const standing = tracks.byPath(path)
      const owner = standing?.audioHash === audioHash ? null : ownerOf(path, audioHash)
      if (owner !== null) moveTo(path, owner, standing?.id ?? null)
      const trackId = owner ?? standing?.id
      if (trackId === undefined) return {trackId: tracks.add({file, audioHash, tags}), kind: 'added'}
      tracks.saveFile(trackId, file, audioHash, tags)
      tracks.markFound([trackId])
      lost.delete(trackId)
      return {trackId, kind: owner !== null || displaced.has(trackId) ? 'moved' : 'changed'}
    },
    missing: () => [...lost],
  }
}
