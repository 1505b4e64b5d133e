// Serato DJ 4 keeps its history in master.sqlite, one row for each track that was loaded.
import {queryForeign} from '../../adapters/files/foreign-sqlite.js'
import type {RecordedPlay} from './import-history.js'

/**
 * Source: the readers of whatsnowplaying (issues 1304, 1401) and sslscrobbler (PR 36). `played` is 1 once a track went on air;
 * `end_time` is −1 while it runs. `file_name` is the bare name, so that such plays are joined by artist and title.
 */
const SQL = `
  SELECT session_id AS session, start_time AS started, end_time AS ended, deck, name, artist
  FROM history_entry
  WHERE played = 1 AND start_time > 0
  ORDER BY start_time`

/** Times in the database are seconds since 1970. */
export async function readSerato4History(path: string): Promise<RecordedPlay[]> {
  const rows = await queryForeign(path, SQL)
  return rows.map(({session, started, ended, deck, name, artist}) => {
    const [startSeconds, endSeconds, deckNumber] = [Number(started), Number(ended), Number(deck)]
    return {
      session: `serato4-${String(session)}`,
      atMs: startSeconds * 1000,
      artist: artist === null || artist === '' ? null : String(artist),
      title: name === null || name === '' ? null : String(name),
      path: null,
      deck: Number.isInteger(deckNumber) && deckNumber > 0 ? deckNumber : null,
      durationMs: endSeconds > startSeconds ? (endSeconds - startSeconds) * 1000 : null,
    }
  })
}
