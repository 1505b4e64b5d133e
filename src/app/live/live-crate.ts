// The playlist of the night as one crate of Serato, while Serato is open.
import {join, resolve} from 'node:path'
import {decodeCrate, encodeCrate, withTracks} from '../../../exporters/serato/crate.js'
import {crateFileName, sanitizeCrateName} from '../../../exporters/serato/crate-name.js'
import {drivePathKey, drivePathOf, knownDriveRoot, seratoPlace} from '../../../exporters/serato/drive.js'
import {backupStore} from '../../adapters/backups/backup-store.js'
import {expandHome} from '../../adapters/config/config-file.js'
import {fileAccess} from '../../adapters/files/file-access.js'
import type {Environment} from '../../core/environment.js'
import {CrateError} from '../../core/errors.js'
import type {TrackId} from '../../core/track.js'
import type {Library} from '../../store/library.js'
import {digestsIn} from '../export/export-library.js'
import {writePieces} from '../export/write-pieces.js'

export interface LiveCrate {
  /** Of the playlist in the library: `Folder/Name`. */
  readonly path: string
  readonly tracks: readonly TrackId[]
  /** The `_Serato_` folder or the one that holds it, as the person gave it. */
  readonly target: string
}

/**
 * Writes one crate beside the others: Serato reads crates that it has not loaded itself, and overwrites none of another
 * name. The whole export would have to wait until it is closed. A crate of this name that is there gets the new tracks at
 * its end, after a copy of it went to the backups.
 *
 * @throws FILE_UNREADABLE, FORMAT_INVALID where there is a crate of this name that cannot be read: it stays as it is
 */
export async function writeLiveCrate(
  {nowMs, reporter, signal}: Environment,
  library: Library,
  {path, tracks, target}: LiveCrate,
): Promise<void> {
  const {prefix, parent} = seratoPlace(resolve(expandHome(target)))
  const root = join(parent, prefix === '' ? '_Serato_' : prefix)
  const name = crateFileName(path.split('/').map(sanitizeCrateName))
  if (name === null) return
  const file = `Subcrates/${name}`
  const bytes = await fileAccess(root).read(file)
  const known = bytes === null ? null : decodeCrate(bytes)
  if (known !== null && known.brokenAt !== null)
    throw new CrateError('FORMAT_INVALID', `${file} is damaged at byte ${known.brokenAt} and is left as it is`, {
      hints: ['Give the set another name: crate live --playlist NAME'],
    })
  const drive = knownDriveRoot(parent) ?? '/'
  const theirs = known?.paths ?? []
  const seen = new Set(theirs.map(drivePathKey))
  const ours = tracks.flatMap((id) => drivePathOf(drive, library.tracks.get(id).file.path) ?? [])
  const crate = withTracks(known, [...theirs, ...ours.filter((path) => !seen.has(drivePathKey(path)))])
  await writePieces(
    oneFile(file, encodeCrate(crate)),
    {
      formatId: 'serato',
      root,
      isDryRun: false,
      backups: backupStore(join(library.folder, 'backups'), nowMs),
      writtenBefore: digestsIn(library),
    },
    {signal},
    reporter.task('Writing the crate of the night', 1),
  )
}

async function* oneFile(path: string, bytes: Uint8Array) {
  yield {kind: 'file' as const, path, chunks: [bytes]}
}
