// The collection in figures.
import {statSync} from 'node:fs'
import {join} from 'node:path'
import {camelotFromKey, keyFromIndex} from '../../core/key.js'
import type {Library} from '../../store/library.js'

export interface Count {
  readonly name: string
  readonly count: number
}

export interface LibraryStats {
  readonly tracks: number
  readonly missing: number
  readonly analyzed: number
  readonly durationMs: number
  readonly playlists: number
  readonly genres: readonly Count[]
  readonly keys: readonly Count[]
  /** Tracks per range of 5 BPM, named by its lower end. */
  readonly tempos: readonly Count[]
  readonly energies: readonly Count[]
  readonly databaseBytes: number
  readonly folder: string
}

export function libraryStats(library: Library): LibraryStats {
  const genres = new Map<string, number>()
  const keys = new Map<string, number>()
  const tempos = new Map<string, number>()
  const energies = new Map<string, number>()
  const add = (counts: Map<string, number>, name: string | null) =>
    name !== null && counts.set(name, (counts.get(name) ?? 0) + 1)
  let durationMs = 0
  let missing = 0
  let analyzed = 0
  const summaries = library.tracks.summaries()
  for (const track of summaries) {
    durationMs += track.durationMs ?? 0
    if (track.isMissing) missing++
    if (track.isAnalyzed) analyzed++
    add(genres, track.genre)
    add(keys, track.keyIndex === null ? null : camelotFromKey(keyFromIndex(track.keyIndex)))
    add(tempos, track.tempoBpm === null ? null : String(Math.floor(track.tempoBpm / 5) * 5))
    add(energies, track.energy === null ? null : String(track.energy))
  }
  return {
    tracks: summaries.length,
    missing,
    analyzed,
    durationMs,
    playlists: library.playlists.list().filter(({kind}) => kind !== 'folder').length,
    genres: sorted(genres, (a, b) => b.count - a.count || a.name.localeCompare(b.name, 'en')),
    keys: sorted(keys, byNumberThenText),
    tempos: sorted(tempos, byNumberThenText),
    energies: sorted(energies, byNumberThenText),
    databaseBytes: statSync(join(library.folder, 'library.db')).size,
    folder: library.folder,
  }
}

function sorted(counts: ReadonlyMap<string, number>, compare: (a: Count, b: Count) => number): Count[] {
  return [...counts].map(([name, count]) => ({name, count})).sort(compare)
}

function byNumberThenText(a: Count, b: Count): number {
  return Number.parseInt(a.name, 10) - Number.parseInt(b.name, 10) || a.name.localeCompare(b.name, 'en')
}
