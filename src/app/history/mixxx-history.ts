// Mixxx keeps each night as a hidden playlist in its database (FORMATS §11: Playlists.hidden = 2).
import {queryForeign} from '../../adapters/files/foreign-sqlite.js'
import type {RecordedPlay} from './recorded-play.js'

const SQL = `
  SELECT p.name AS session, pt.pl_datetime_added AS added, l.artist, l.title, tl.location AS path
  FROM Playlists p
  JOIN PlaylistTracks pt ON pt.playlist_id = p.id
  JOIN library l ON l.id = pt.track_id
  LEFT JOIN track_locations tl ON tl.id = l.location
  WHERE p.hidden = 2
  ORDER BY p.id, pt.position`

/** Mixxx writes the moment of loading in UTC; it does not record the deck or how long a track ran. */
export async function readMixxxHistory(path: string): Promise<RecordedPlay[]> {
  const rows = await queryForeign(path, SQL)
  return rows.flatMap(({session, added, artist, title, path: location}) => {
    const atMs = Date.parse(`${String(added).replace(' ', 'T')}Z`)
    if (Number.isNaN(atMs)) return []
    return [
      {
        session: String(session),
        atMs,
        artist: textOf(artist),
        title: textOf(title),
        path: textOf(location),
        deck: null,
        durationMs: null,
      },
    ]
  })
}

function textOf(value: string | number | null | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
