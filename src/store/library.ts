// The library of a DJ: one folder, opened once, with a repository per noun.
import {randomBytes} from 'node:crypto'
import {join} from 'node:path'
import {CrateError, isCrateError} from '../core/errors.js'
import {parseQuery} from '../core/query/parse.js'
import type {TrackId} from '../core/track.js'
import {type AnalysisRepository, analysisRepository} from './analyses.js'
import {type DownloadRepository, downloadRepository} from './downloads.js'
import {type ImportRepository, importRepository, type SettingRepository, settingRepository} from './notes.js'
import {openDatabase} from './open-database.js'
import {type PlaylistRepository, playlistRepository, playlistRowsWhere} from './playlists.js'
import {type PlayRepository, playRepository} from './plays.js'
import {QUERY_FUNCTIONS} from './query-sql.js'
import {type ScanRepository, scanRepository} from './scan.js'
import type {SqliteFile} from './sqlite.js'
import {trackIndex} from './track-index.js'
import {type TrackRepository, trackRepository} from './tracks.js'
import {type VectorRepository, vectorRepository} from './vectors.js'

export interface LibraryOptions {
  /** Milliseconds since 1970. */
  readonly nowMs?: () => number
  /** A fresh, short, random text. */
  readonly newId?: () => string
  /** Nothing is written, also not for the sake of reading; the library must be there. */
  readonly readOnly?: boolean
  /** Where the vector index is, when one machine is outgrown: `s3://bucket/path`, `gs://…`; `vectors/` if left out. */
  readonly vectorsUri?: string
  /** From how many vectors on the index answers instead of a comparison of all; EXACT_BELOW if left out. */
  readonly vectorIndexFrom?: number
}

export interface Library {
  readonly folder: string
  readonly isReadOnly: boolean
  readonly tracks: TrackRepository
  readonly scan: ScanRepository
  readonly analyses: AnalysisRepository
  readonly playlists: PlaylistRepository
  readonly plays: PlayRepository
  readonly downloads: DownloadRepository
  readonly settings: SettingRepository
  readonly imports: ImportRepository
  readonly vectors: VectorRepository
  /** Smart playlists get the tracks that their queries match now; a query with an error leaves its list and is reported. */
  refreshSmartPlaylists(): {readonly refreshed: number; readonly failures: readonly {name: string; error: CrateError}[]}
  /** All or nothing, and much faster than one by one: a hundred changes or so at a time let others write between. */
  transaction<T>(work: () => T): T
  /** A whole, consistent copy of the database, while others read and write. @throws DISK_FULL, FILE_UNWRITABLE */
  backup(toPath: string): Promise<void>
  /** What SQLite's own check finds wrong; empty for a sound library. */
  findDamage(): string[]
  /** May be called again. */
  close(): void
}

export const DATABASE_NAME = 'library.db'

/**
 * Opens a library, making it where there is none.
 *
 * @param folder of the library; it is made where it is missing
 * @throws LIBRARY_NEWER, LIBRARY_DAMAGED, LIBRARY_BUSY, DISK_FULL, FILE_NOT_FOUND (only reading), FILE_UNREADABLE,
 *   FILE_UNWRITABLE, TOOL_FAILED (SQLite was installed for another Node.js)
 */
export function openLibrary(folder: string, options: LibraryOptions = {}): Library {
  const clock = {nowMs: options.nowMs ?? Date.now, newId: options.newId ?? randomId}
  const db = openDatabase(join(folder, DATABASE_NAME), {isReadOnly: options.readOnly ?? false})
  for (const [name, body] of Object.entries(QUERY_FUNCTIONS)) db.define(name, body)

  const playlistRows = (isWanted: (path: string) => boolean) => playlistRowsWhere(db, isWanted)
  const index = trackIndex(db)
  const tracks = trackRepository(db, index, playlistRows, clock)
  const playlists = playlistRepository(db, clock)
  const settings = settingRepository(db)
  const {vectorsUri: uri, vectorIndexFrom: indexFrom} = options
  const vectors = vectorRepository(db, settings, playlistRows, {folder, uri, indexFrom, ...clock})

  return {
    folder,
    isReadOnly: db.isReadOnly,
    tracks,
    scan: scanRepository(db),
    analyses: analysisRepository(db, index, clock),
    playlists,
    plays: playRepository(db),
    downloads: downloadRepository(db, clock),
    settings,
    imports: importRepository(db, clock),
    vectors,
    refreshSmartPlaylists: () => refreshSmart(playlists, tracks, clock.nowMs()),
    transaction: (work) => db.transaction(work),
    backup: (toPath) => db.backup(toPath),
    findDamage: () => findDamage(db),
    close() {
      vectors.close()
      db.close()
    },
  }
}

function findDamage(db: SqliteFile): string[] {
  try {
    const lines = db.prepareRaw<[string]>('PRAGMA integrity_check').all()
    return lines.map(([line]) => line).filter((line) => line !== 'ok')
  } catch (error) {
    if (isCrateError(error) && error.code === 'LIBRARY_DAMAGED') return [error.message]
    throw error
  }
}

/** 60 bits in 12 letters and digits without those that look alike: no clash is likely below a thousand million tracks. */
function randomId(): string {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
  return [...randomBytes(12)].map((byte) => alphabet[byte % 32]).join('')
}

function refreshSmart(playlists: PlaylistRepository, tracks: TrackRepository, nowMs: number) {
  const failures: {name: string; error: CrateError}[] = []
  let refreshed = 0
  for (const {id, kind, query, names} of playlists.list()) {
    if (kind !== 'smart' || query === null) continue
    try {
      const matching: TrackId[] = tracks.ids({query: parseQuery(query, {nowMs})})
      playlists.replaceTracks(id, matching)
      refreshed++
    } catch (error) {
      if (!(error instanceof CrateError) || error.code !== 'QUERY_INVALID') throw error
      failures.push({name: names.join('/'), error})
    }
  }
  return {refreshed, failures}
}
