// Mixxx's history of tonight: the newest hidden playlist of its database, to which each track is added as it plays.
import {existsSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {queryForeign} from '../../adapters/files/foreign-sqlite.js'
import type {NowPlaying} from '../../api/now-playing.js'
import {CrateError} from '../../core/errors.js'
import {poll} from './poll.js'

const SQL = `
  SELECT l.artist, l.title, tl.location AS path
  FROM PlaylistTracks pt
  JOIN library l ON l.id = pt.track_id
  LEFT JOIN track_locations tl ON tl.id = l.location
  WHERE pt.playlist_id = (SELECT max(id) FROM Playlists WHERE hidden = 2)
    AND pt.pl_datetime_added > datetime('now', '-12 hours')
  ORDER BY pt.position DESC LIMIT 1`

export const mixxxNowPlaying: NowPlaying = {
  async open(target, sink, {nowMs}) {
    const home = homedir()
    const places =
      target === null
        ? [
            join(home, '.mixxx', 'mixxxdb.sqlite'),
            join(
              home,
              'Library',
              'Containers',
              'org.mixxx.mixxx',
              'Data',
              'Library',
              'Application Support',
              'Mixxx',
              'mixxxdb.sqlite',
            ),
            join(home, 'AppData', 'Local', 'Mixxx', 'mixxxdb.sqlite'),
          ]
        : [join(target, 'mixxxdb.sqlite'), target]
    const path = places.find((place) => existsSync(place))
    if (path === undefined)
      throw new CrateError('FILE_NOT_FOUND', `Mixxx's database is not at ${places[0]}`, {
        hints: ['Name it: --now-playing mixxx=PATH'],
      })
    const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)
    return poll(
      async () =>
        (await queryForeign(path, SQL)).map((row) => ({
          source: 'mixxx',
          deck: null,
          state: 'playing',
          atMs: nowMs(),
          artist: text(row['artist']),
          title: text(row['title']),
          path: text(row['path']),
        })),
      sink,
    )
  },
}
