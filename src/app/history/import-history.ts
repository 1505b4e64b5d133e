// What a DJ really played, out of the programs' own histories: suggestions learn from it.
import {existsSync, statSync} from 'node:fs'
import {readdir, readFile} from 'node:fs/promises'
import {basename, join, resolve} from 'node:path'
import {decodeSession} from '../../../exporters/serato/session.js'
import {decodeHistory} from '../../../exporters/traktor/history.js'
import {expandHome} from '../../adapters/config/config-file.js'
import {fileError} from '../../adapters/files/errors.js'
import type {Environment} from '../../core/environment.js'
import {CrateError, type ItemFailure, itemFailure} from '../../core/errors.js'
import {mapPath, type PathMapping, pathKey} from '../../core/music-path.js'
import {fold} from '../../core/query/fold.js'
import type {TrackId} from '../../core/track.js'
import type {Library} from '../../store/library.js'
import type {Play} from '../../store/plays.js'
import {parsePathMappings} from '../path-mappings.js'
import {readMixxxHistory} from './mixxx-history.js'
import {readSerato4History} from './serato4-history.js'

export const HISTORY_SOURCES = ['serato', 'traktor', 'mixxx'] as const

export type HistorySource = (typeof HISTORY_SOURCES)[number]

/** A play as a program recorded it, before it is joined to the library. */
export type RecordedPlay = Omit<Play, 'source' | 'trackId'>

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
  readonly path: string
  readonly mappings: readonly string[]
}

/** @throws FILE_NOT_FOUND, USAGE for a wrong mapping; single files that cannot be read are failures */
export async function importHistory(
  {reporter, signal}: Environment,
  library: Library,
  request: HistoryRequest,
): Promise<HistoryReport> {
  const path = resolve(expandHome(request.path))
  if (!existsSync(path))
    throw new CrateError('FILE_NOT_FOUND', `${path} does not exist`, {
      hints: ['Check the path; a drive may not be plugged in.'],
    })
  const mappings = parsePathMappings(request.mappings)
  const files = await historyFiles(request.source, path)
  const find = playMatcher(library, mappings)
  const task = reporter.task('Reading history', files.length)
  const failures: ItemFailure[] = []
  const sessions = new Set<string>()
  const counts = {plays: 0, added: 0, joined: 0}
  for (const [index, file] of files.entries()) {
    signal.throwIfAborted()
    try {
      const plays = (await readPlays(request.source, file)).map((play) => ({
        ...play,
        source: request.source,
        trackId: find(play),
      }))
      for (const {session} of plays) sessions.add(session)
      counts.plays += plays.length
      counts.joined += plays.filter(({trackId}) => trackId !== null).length
      counts.added += library.plays.add(plays)
    } catch (error) {
      failures.push(itemFailure(file, error))
    }
    task.update(index + 1, basename(file))
  }
  task.finish()
  return {source: request.source, path, sessions: sessions.size, ...counts, failures}
}

/** The person may point at the program's folder, its history folder, or one file. */
async function historyFiles(source: HistorySource, path: string): Promise<string[]> {
  if (statSync(path).isFile()) return [path]
  const places = {
    serato: ['_Serato_/History/Sessions', 'History/Sessions', 'Sessions', '.', 'Library'],
    traktor: ['History', '.'],
    mixxx: ['.'],
  }[source]
  const isHistory = {
    serato: (name: string) => /\.session$/i.test(name) || name === 'master.sqlite',
    traktor: (name: string) => /^history_.*\.nml$/i.test(name),
    mixxx: (name: string) => name === 'mixxxdb.sqlite',
  }[source]
  const files: string[] = []
  for (const place of places) {
    const folder = join(path, place)
    const names = await readdir(folder).catch(() => [] as string[])
    files.push(...names.filter(isHistory).map((name) => join(folder, name)))
  }
  if (files.length > 0) return files.sort((a, b) => a.localeCompare(b, 'en', {numeric: true}))
  throw new CrateError('FILE_NOT_FOUND', `there is no ${source} history in ${path}`, {
    hints: [`Point at the folder where ${source} keeps it, or at one history file.`],
  })
}

async function readPlays(source: HistorySource, file: string): Promise<RecordedPlay[]> {
  if (source === 'mixxx') return readMixxxHistory(file)
  if (file.endsWith('.sqlite')) return readSerato4History(file)
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (error) {
    throw fileError(error, file, 'read')
  }
  return source === 'serato' ? seratoPlays(bytes, basename(file)) : traktorPlays(bytes, basename(file))
}

function seratoPlays(bytes: Uint8Array, session: string): RecordedPlay[] {
  return decodeSession(bytes)
    .plays.filter(({isPlayed, startedAtMs}) => isPlayed && startedAtMs !== null)
    .map(({startedAtMs, artist, title, path, deck, playedMs}) => ({
      session,
      atMs: startedAtMs ?? 0,
      artist,
      title,
      path,
      deck,
      durationMs: playedMs,
    }))
}

/** NML tells local times without a zone: they are taken as of this machine, on which the sets were played. */
function traktorPlays(bytes: Uint8Array, session: string): RecordedPlay[] {
  return decodeHistory(bytes)
    .filter(({isPublic, startedAt}) => isPublic && startedAt !== null)
    .map(({path, startedAt, deck, durationMs}) => ({
      session,
      atMs: Date.parse(startedAt ?? ''),
      artist: null,
      title: null,
      path,
      deck: deck === null ? null : deck + 1,
      durationMs,
    }))
}

/** By path as the systems compare paths, else by artist and title where these name one track. */
export function playMatcher(
  library: Library,
  mappings: readonly PathMapping[],
): (play: Pick<RecordedPlay, 'path' | 'artist' | 'title'>) => TrackId | null {
  const byPath = new Map<string, TrackId>()
  const byName = new Map<string, TrackId | null>()
  for (const {id, path, artist, title} of library.tracks.summaries()) {
    byPath.set(pathKey(path), id)
    const name = nameKey(artist, title)
    if (name !== null) byName.set(name, byName.has(name) ? null : id)
  }
  return ({path, artist, title}) => {
    const found = path === null ? undefined : byPath.get(pathKey(mapPath(path, mappings)))
    return found ?? byName.get(nameKey(artist, title) ?? '') ?? null
  }
}

function nameKey(artist: string | null, title: string | null): string | null {
  return artist === null || title === null || artist === '' || title === ''
    ? null
    : `${fold(artist)}\u0000${fold(title)}`
}
