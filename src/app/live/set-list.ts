// The playlist of the night: what was accepted, kept in the library and in files that DJ programs read while they play.
import type {Environment, ProgressTask} from '../../core/environment.js'
import {crateErrorFrom} from '../../core/errors.js'
import type {TrackId} from '../../core/track.js'
import type {Library} from '../../store/library.js'
import {exportPlaylist} from '../export/export-once.js'
import {createPlaylist} from '../playlist/edit.js'
import {writeLiveCrate} from './live-crate.js'

export interface SetList {
  /** `Folder/Name`. */
  readonly path: string
  tracks(): readonly TrackId[]
  add(track: TrackId): void
  /** Waits for the exports that are under way. */
  close(): Promise<void>
}

export interface SetListOptions {
  readonly environment: Environment
  readonly library: Library
  readonly path: string
  /** `m3u8=FOLDER`, `serato=FOLDER`, and any other format as in `crate export`. */
  readonly exports: readonly string[]
  notice(level: 'info' | 'warn', message: string): void
}

const SILENT_TASK: ProgressTask = {update: () => {}, setTotal: () => {}, finish: () => {}}

/** Two acceptances in a row make one export. */
const GATHER_MS = 200

export function openSetList({environment: given, library, path, exports, notice}: SetListOptions): SetList {
  // The screen has no room for bars, and what was accepted last is written also when the night ends by Ctrl-C.
  const environment: Environment = {
    ...given,
    signal: new AbortController().signal,
    reporter: {...given.reporter, task: () => SILENT_TASK},
  }
  let timer: NodeJS.Timeout | null = null
  let running: Promise<void> = Promise.resolve()
  const list = () => library.playlists.find(path)
  const tracks = () => {
    const known = list()
    return known === null ? [] : library.playlists.tracks(known.id)
  }
  const write = async () => {
    for (const target of exports) {
      try {
        if (target.startsWith('serato='))
          await writeLiveCrate(environment, library, {path, tracks: tracks(), target: target.slice('serato='.length)})
        else {
          const report = await exportPlaylist(environment, library, target, path)
          for (const {message} of report.failures) notice('warn', message)
        }
      } catch (error) {
        notice('warn', `the playlist could not be written: ${crateErrorFrom(error).message}`)
      }
    }
  }
  const later = () => {
    timer ??= setTimeout(() => {
      timer = null
      running = running.then(write)
    }, GATHER_MS)
  }
  return {
    path,
    tracks,
    add(track) {
      const known = list() ?? createPlaylist(environment, library, {path, query: null, isFolder: false, tracks: []})
      library.playlists.addTracks(known.id, [track])
      if (exports.length > 0) later()
    },
    async close() {
      if (timer !== null) {
        clearTimeout(timer)
        timer = null
        running = running.then(write)
      }
      await running
    },
  }
}
