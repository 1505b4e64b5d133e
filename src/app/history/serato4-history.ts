// Serato DJ 4 keeps its history in master.sqlite, one row for each track that was loaded.
import {type ForeignRow, queryForeign} from '../../adapters/files/foreign-sqlite.js'
import type {RecordedPlay} from './recorded-play.js'

/**
 * Source: the readers of whatsnowplaying (issues 1304, 1401, pull request 1428) and sslscrobbler (pull request 36).
 * `played` is 1 once a track went on air; `end_time` is −1 while it runs. `portable_id` is the path below the root of
 * its location, of which `location_connections.database_uri` tells the place; earlier versions lack these, and such
 * plays are joined by artist and title.
 */
const ENTRIES = `
  SELECT * FROM history_entry
  WHERE start_time > 0
  ORDER BY start_time, id`

const COLUMNS = `
  SELECT m.name AS "table", c.name AS "column" FROM sqlite_master m, pragma_table_info(m.name) c
  WHERE m.name IN ('history_entry', 'asset', 'location_connections')`

const LOCATIONS =
  'SELECT location_id AS id, database_uri AS uri FROM location_connections WHERE database_uri IS NOT NULL'

/** Times in the database are seconds since 1970. */
export async function readSerato4History(path: string): Promise<RecordedPlay[]> {
  const columns = new Set((await queryForeign(path, COLUMNS)).map((row) => `${row['table']}.${row['column']}`))
  const hasLocations = columns.has('location_connections.database_uri')
  const roots = new Map(
    (hasLocations ? await queryForeign(path, LOCATIONS) : []).map(({id, uri}) => [id, rootOfLocation(String(uri))]),
  )
  const assets = await assetPaths(path, columns)
  const rows = await queryForeign(path, ENTRIES)
  return rows.filter((row) => row['played'] !== 0).map((row) => playOfRow(row, roots, assets))
}

type Place = Pick<ForeignRow, 'portable_id' | 'location_id'>

/** Where the entries name their piece by a number of the library alone. */
async function assetPaths(path: string, columns: ReadonlySet<string>): Promise<Map<unknown, Place>> {
  const isJoined = columns.has('history_entry.asset_id') && columns.has('asset.portable_id')
  if (!isJoined || columns.has('history_entry.portable_id')) return new Map()
  const location = columns.has('asset.location_id') ? 'location_id' : 'NULL AS location_id'
  const rows = await queryForeign(path, `SELECT id, portable_id, ${location} FROM asset`)
  return new Map(rows.map(({id, portable_id, location_id}) => [id, {portable_id, location_id} as Place]))
}

/** A drive's library stands in its `_Serato_`; the computer's own counts from the root of the system's disk. */
function rootOfLocation(uri: string): string {
  const place = decoded(uri.replace(/^file:\/\/(?:localhost)?/, '')).replaceAll('\\', '/')
  const drive = /^(.*?)\/?_Serato_\//.exec(place)?.[1]
  if (drive !== undefined) return `${drive}/`
  return /^\/?([A-Za-z]:\/)/.exec(place)?.[1] ?? '/'
}

/** A folder may be called `100%`: what is no escape stays as it stands. */
function decoded(uri: string): string {
  try {
    return decodeURI(uri)
  } catch {
    return uri
  }
}

function playOfRow(
  row: ForeignRow,
  roots: ReadonlyMap<unknown, string>,
  assets: ReadonlyMap<unknown, Place>,
): RecordedPlay {
  const {session_id, start_time, end_time, deck, name, artist, asset_id} = row
  const place = typeof row['portable_id'] === 'string' ? row : assets.get(asset_id)
  const portable = place?.['portable_id']
  const [startSeconds, endSeconds, deckNumber] = [Number(start_time), Number(end_time), Number(deck)]
  return {
    session: `serato4-${String(session_id)}`,
    atMs: startSeconds * 1000,
    artist: textOf(artist),
    title: textOf(name),
    path:
      typeof portable === 'string' && portable !== '' ? pathBelow(roots.get(place?.['location_id']), portable) : null,
    deck: Number.isInteger(deckNumber) && deckNumber > 0 ? deckNumber : null,
    durationMs: endSeconds > startSeconds ? (endSeconds - startSeconds) * 1000 : null,
  }
}

function pathBelow(root: string | undefined, portable: string): string {
  const isAbsolute = portable.startsWith('/') || /^[A-Za-z]:[\\/]/.test(portable)
  return isAbsolute ? portable : `${root ?? '/'}${portable}`
}

function textOf(value: string | number | null | undefined): string | null {
  return value === null || value === undefined || value === '' ? null : String(value)
}
