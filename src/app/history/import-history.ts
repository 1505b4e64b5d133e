// What a DJ really played, out of the programs' own histories: suggestions learn from it.
import {existsSync} from 'node:fs'
import {basename, resolve} from 'node:path'
import {expandHome} from '../../adapters/config/config-file.js'
import type {Environment} from '../../core/environment.js'
import {CrateError, type ItemFailure, itemFailure} from '../../core/errors.js'
import type {Library} from '../../store/library.js'
import type {Play} from '../../store/plays.js'
import {parsePathMappings} from '../path-mappings.js'
import {historyFiles, readPlays} from './history-files.js'
import {listsOfLibrary} from './library-lists.js'
import {playMatcher} from './play-matcher.js'
import {playsOfLists} from './played-list.js'
import type {HistorySource} from './recorded-play.js'

export interface HistoryReport {
  readonly source: HistorySource
  readonly path: string
  readonly sessions: number
  readonly plays: number
  /** Plays that the library did not know yet. */
  readonly added: number
  /** Plays of tracks that the library holds. */
  readonly joined: number
  readonly failures: readonly ItemFailure[]
}

export interface HistoryRequest {
  readonly source: HistorySource
  /** The program's folder or one file; of `playlists`, a playlist or folder of the library. */
  readonly path: string
  readonly mappings: readonly string[]
  /** `Folder/Name` of playlists of a file that were sets. */
  readonly playlists: readonly string[]
}

/** @throws FILE_NOT_FOUND, PLAYLIST_NOT_FOUND, USAGE for a wrong mapping; files that cannot be read are failures */
export async function importHistory(
  environment: Environment,
  library: Library,
  request: HistoryRequest,
): Promise<HistoryReport> {
  return request.source === 'playlists'
    ? importPlaylists(environment, library, request.path)
    : importFiles(environment, library, {...request, source: request.source})
}

/** Where each session of a source starts as far as it was imported before. */
function knownStarts(library: Library, source: HistorySource): Map<string, number> {
  const known = library.plays.sessions().filter((session) => session.source === source)
  return new Map(known.map(({session, startMs}) => [session, startMs]))
}

function importPlaylists({nowMs}: Environment, library: Library, path: string): HistoryReport {
  const {lists, trackIds} = listsOfLibrary(library, path)
  const plays = playsOfLists(lists, nowMs(), knownStarts(library, 'playlists')).map(
    (play, index): Play => ({...play, source: 'playlists', trackId: trackIds[index] ?? null}),
  )
  const added = library.plays.add(plays)
  return {
    source: 'playlists',
    path,
    sessions: lists.length,
    plays: plays.length,
    added,
    joined: plays.length,
    failures: [],
  }
}

async function importFiles(
  {reporter, signal}: Environment,
  library: Library,
  {source, ...request}: HistoryRequest & {readonly source: Exclude<HistorySource, 'playlists'>},
): Promise<HistoryReport> {
  const path = resolve(expandHome(request.path))
  if (!existsSync(path))
    throw new CrateError('FILE_NOT_FOUND', `${path} does not exist`, {
      hints: ['Check the path; a drive may not be plugged in.'],
    })
  const find = playMatcher(library, parsePathMappings(request.mappings))
  const options = {playlists: request.playlists, knownStarts: knownStarts(library, source)}
  const files = await historyFiles(source, path)
  const task = reporter.task('Reading history', files.length)
  const failures: ItemFailure[] = []
  const sessions = new Set<string>()
  const counts = {plays: 0, added: 0, joined: 0}
  for (const [index, file] of files.entries()) {
    signal.throwIfAborted()
    try {
      const plays = (await readPlays(source, file, options)).map(
        (play): Play => ({...play, source, trackId: find(play)}),
      )
      for (const {session} of plays) sessions.add(session)
      counts.plays += plays.length
      counts.joined += plays.filter(({trackId}) => trackId !== null).length
      counts.added += library.plays.add(plays)
    } catch (error) {
      if (files.length === 1) throw error
      failures.push(itemFailure(file, error))
    }
    task.update(index + 1, basename(file))
  }
  task.finish()
  return {source, path, sessions: sessions.size, ...counts, failures}
}
