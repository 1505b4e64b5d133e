// The playlist of the night: what was accepted, kept in the library and in files that DJ programs read while they play.
import {readFile} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {decodeCrate, encodeCrate, withTracks} from '../../../exporters/serato/crate.js'
import {crateFileName, sanitizeCrateName} from '../../../exporters/serato/crate-name.js'
import {drivePathOf, knownDriveRoot, seratoPlace} from '../../../exporters/serato/drive.js'
import {expandHome} from '../../adapters/config/config-file.js'
import {writeFileAtomically} from '../../adapters/files/staged-write.js'
import type {Environment} from '../../core/environment.js'
import {crateErrorFrom} from '../../core/errors.js'
import type {TrackId} from '../../core/track.js'
import type {Library} from '../../store/library.js'
import {exportPlaylist} from '../export/export-once.js'
import {createPlaylist} from '../playlist/edit.js'

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

/** Two acceptances in a row make one export. */
const GATHER_MS = 200

export function openSetList({environment, library, path, exports, notice}: SetListOptions): SetList {
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
          await writeSeratoCrate(library, path, tracks(), target.slice('serato='.length))
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

/**
 * One crate beside the others, while Serato is open: it reads crates that it has not loaded itself, and overwrites none
 * of another name. The whole export would have to wait until it is closed.
 */
async function writeSeratoCrate(
  library: Library,
  path: string,
  ids: readonly TrackId[],
  target: string,
): Promise<void> {
  const {prefix, parent} = seratoPlace(resolve(expandHome(target)))
  const root = knownDriveRoot(parent) ?? '/'
  const name = crateFileName(path.split('/').map(sanitizeCrateName))
  if (name === null) return
  const file = join(parent, prefix === '' ? '_Serato_' : prefix, 'Subcrates', name)
  const known = await readFile(file).catch(() => null)
  const paths = ids.flatMap((id) => drivePathOf(root, library.tracks.get(id).file.path) ?? [])
  await writeFileAtomically(file, encodeCrate(withTracks(known === null ? null : decodeCrate(known), paths)))
}
