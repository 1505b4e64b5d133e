// Serato's history while it is being written: session files up to version 3, a database from version 4 on.
import {existsSync} from 'node:fs'
import {readdir, readFile, stat} from 'node:fs/promises'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {decodeSession, type SessionPlay} from '../../../exporters/serato/session.js'
import {queryForeign} from '../../adapters/files/foreign-sqlite.js'
import type {NowPlaying} from '../../api/now-playing.js'
import type {DeckState} from '../../core/deck.js'
import {CrateError} from '../../core/errors.js'
import {poll} from './poll.js'

/** A night is not longer; the rows of another night tell nothing of now. */
const TONIGHT_MS = 12 * 3_600_000

export const seratoNowPlaying: NowPlaying = {
  async open(target, sink, {nowMs}) {
    const database = databasePath(target)
    if (database !== null) return poll(() => statesOfDatabase(database, nowMs()), sink)
    const folder = sessionFolder(target)
    let seen = ''
    return poll(async () => {
      const newest = await newestSession(folder)
      if (newest === null || newest.sign === seen) return []
      const {plays} = decodeSession(await readFile(newest.path))
      seen = newest.sign
      return statesOfPlays(plays, nowMs())
    }, sink)
  },
}

function sessionFolder(target: string | null): string {
  const base = target ?? join(homedir(), 'Music', '_Serato_')
  const places = [join(base, '_Serato_', 'History', 'Sessions'), join(base, 'History', 'Sessions'), base]
  const found = places.find((place) => existsSync(place))
  if (found !== undefined) return found
  throw new CrateError('FILE_NOT_FOUND', `Serato's history is not at ${base}`, {
    hints: ['Name the folder that holds _Serato_: --now-playing serato=PATH'],
  })
}

/** Serato 4 keeps its library in the user's application data. */
function databasePath(target: string | null): string | null {
  const home = homedir()
  const places =
    target === null
      ? [
          join(home, 'Library', 'Application Support', 'Serato', 'Library', 'master.sqlite'),
          join(home, 'AppData', 'Local', 'Serato', 'Library', 'master.sqlite'),
        ]
      : [target, join(target, 'master.sqlite'), join(target, 'Library', 'master.sqlite')]
  return places.find((path) => path.endsWith('.sqlite') && existsSync(path)) ?? null
}

async function newestSession(folder: string): Promise<{path: string; sign: string} | null> {
  const names = (await readdir(folder)).filter((name) => /\.session$/i.test(name))
  let newest: {path: string; sign: string; changedMs: number} | null = null
  for (const name of names) {
    const path = join(folder, name)
    const {mtimeMs, size} = await stat(path)
    if (newest === null || mtimeMs > newest.changedMs)
      newest = {path, sign: `${path} ${mtimeMs} ${size}`, changedMs: mtimeMs}
  }
  return newest
}

/** What each deck holds: its latest row that has not ended. A row is written on load, and marked once it plays. */
function statesOfPlays(plays: readonly SessionPlay[], nowMs: number): DeckState[] {
  const byDeck = new Map<number, SessionPlay>()
  for (const play of plays) if (play.endedAtMs === null) byDeck.set(play.deck ?? 0, play)
  return [...byDeck.values()]
    .filter(({startedAtMs, updatedAtMs}) => (updatedAtMs ?? startedAtMs ?? 0) > nowMs - TONIGHT_MS)
    .map(({deck, isPlayed, artist, title, path}) => ({
      source: 'serato',
      deck: deck === null ? null : String(deck),
      state: isPlayed ? 'playing' : 'loaded',
      atMs: nowMs,
      artist,
      title,
      path,
    }))
}

/** `end_time` is −1 while a session or a track goes on. @see src/app/history/serato4-history.ts for the sources */
const SQL = `
  SELECT start_time AS started, deck, name, artist, played
  FROM history_entry
  WHERE end_time = -1 AND start_time > 0
  ORDER BY start_time DESC LIMIT 16`

async function statesOfDatabase(path: string, nowMs: number): Promise<DeckState[]> {
  const byDeck = new Map<string, DeckState>()
  for (const {started, deck, name, artist, played} of await queryForeign(path, SQL)) {
    const key = String(deck)
    if (byDeck.has(key) || Number(started) * 1000 < nowMs - TONIGHT_MS) continue
    byDeck.set(key, {
      source: 'serato',
      deck: Number(deck) > 0 ? key : null,
      state: Number(played) === 1 ? 'playing' : 'loaded',
      atMs: nowMs,
      artist: artist === null || artist === '' ? null : String(artist),
      title: name === null || name === '' ? null : String(name),
      path: null,
    })
  }
  return [...byDeck.values()]
}
