// Where each program keeps its history, and how a file of it is read.
import {statSync} from 'node:fs'
import {readdir, readFile} from 'node:fs/promises'
import {basename, join} from 'node:path'
import {decodeSession} from '../../../exporters/serato/session.js'
import {decodeHistory} from '../../../exporters/traktor/history.js'
import {fileError} from '../../adapters/files/errors.js'
import {CrateError} from '../../core/errors.js'
import {readMixxxHistory} from './mixxx-history.js'
import {playsOfLists} from './played-list.js'
import type {HistorySource, RecordedPlay} from './recorded-play.js'
import {readRekordboxHistory} from './rekordbox-history.js'
import {readSerato4History} from './serato4-history.js'

/** Histories that stand in files; sets among crate's own playlists do not. */
export type FileSource = Exclude<HistorySource, 'playlists'>

/** Folders inside the one that the person named, and the names that count in them. */
const PLACES: Readonly<Record<FileSource, {readonly folders: readonly string[]; readonly names: RegExp}>> = {
  serato: {
    folders: ['_Serato_/History/Sessions', 'History/Sessions', 'Sessions', '.', 'Library'],
    names: /\.session$|^master\.sqlite$/i,
  },
  traktor: {folders: ['History', '.'], names: /^history_.*\.nml$/i},
  rekordbox: {folders: ['.'], names: /\.xml$|^(?:history|\d{4}-\d{2}-\d{2}).*\.(?:txt|m3u8?)$/i},
  mixxx: {folders: ['.'], names: /^mixxxdb\.sqlite$/i},
}

/**
 * The files of a history: the one that is named, or those of the program's folder.
 *
 * @throws FILE_NOT_FOUND where the folder holds none
 */
export async function historyFiles(source: FileSource, path: string): Promise<string[]> {
  if (statSync(path).isFile()) return [path]
  const {folders, names} = PLACES[source]
  const files: string[] = []
  for (const place of folders) {
    const folder = join(path, place)
    const found = await readdir(folder).catch(() => [] as string[])
    files.push(...found.filter((name) => names.test(name)).map((name) => join(folder, name)))
  }
  if (files.length > 0) return files.sort((a, b) => a.localeCompare(b, 'en', {numeric: true}))
  throw new CrateError('FILE_NOT_FOUND', `there is no ${source} history in ${path}`, {
    hints: [WHERE[source], 'Or name one history file.'],
    details: {path},
  })
}

const WHERE: Readonly<Record<FileSource, string>> = {
  serato: 'Serato 3 keeps it in Music/_Serato_, Serato 4 in its application data: …/Serato/Library/master.sqlite.',
  traktor: 'Traktor keeps it in Documents/Native Instruments/Traktor …/History.',
  rekordbox:
    'Export it from Rekordbox: File → Export Collection in xml format, or a history as a playlist file (.txt).',
  mixxx: 'Mixxx keeps it in mixxxdb.sqlite in its settings folder, ~/.mixxx on Linux.',
}

export interface ReadOptions {
  /** `Folder/Name` of playlists that were sets. */
  readonly playlists: readonly string[]
  /** Where earlier imports of this source put the start of each session. */
  readonly knownStarts: ReadonlyMap<string, number>
}

/** @throws FORMAT_INVALID and what reading a file throws */
export async function readPlays(source: FileSource, file: string, options: ReadOptions): Promise<RecordedPlay[]> {
  if (source === 'mixxx') return readMixxxHistory(file)
  if (source === 'rekordbox') {
    const {lists, latestMs} = await readRekordboxHistory(file, options.playlists)
    return playsOfLists(lists, latestMs, options.knownStarts)
  }
  if (/\.sqlite$/i.test(file)) return readSerato4History(file)
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
