// Mixxx's database → library: tracks in groups with their cues, then playlists and crates.
import type {
  Context,
  Database,
  DatabaseRow,
  ImportedTrack,
  Importer,
  ImportItem,
  ImportRequest,
  PlaylistNode,
} from 'crate-dj/plugin'
import {gridFromBeats} from './beats.js'
import {clockOf, shiftFor} from './clock.js'
import {cueFromRow} from './cues.js'

const GROUP = 500

/** Without these it is no library; others came with later versions and may be absent. */
const NEEDED = ['library', 'track_locations', 'cues', 'Playlists', 'PlaylistTracks']

export const importer: Importer = {
  async *import(request, context) {
    const path = request.source.resolve('')
    const clock = clockOf(request.options, context)
    const database = await context.databases.open(path)
    try {
      const missing = NEEDED.filter((table) => !database.tables.has(table))
      if (missing.length > 0)
        throw context.error('FORMAT_INVALID', `${path} is no library of Mixxx: it has no table ${missing.join(', ')}`, {
          hints: ['It is called mixxxdb.sqlite and lies in Mixxx’s settings folder (~/.mixxx on Linux).'],
        })
      const refs = new Set<string>()
      for (let after = -1; ; ) {
        context.signal.throwIfAborted()
        const group = [...database.rows(TRACKS, [after, GROUP])]
        const last = group.at(-1)
        if (last === undefined) break
        const cues = groupBy(
          database.rows('SELECT * FROM cues WHERE track_id > ? AND track_id <= ? ORDER BY track_id, position', [
            after,
            Number(last['id']),
          ]),
          'track_id',
        )
        for (const row of group)
          yield* importTrack(row, cues.get(Number(row['id'])) ?? [], clock, refs, request, context)
        after = Number(last['id'])
        context.progress.update(refs.size, null, 'Mixxx')
      }
      yield {kind: 'playlists', nodes: [...playlists(database, refs), ...crates(database, refs)]}
    } finally {
      database.close()
    }
  },
}

/** Tracks that the DJ hid are left out, as Mixxx does. */
const TRACKS = `
  SELECT l.*, t.location AS path, t.filesize AS filesize
  FROM library l JOIN track_locations t ON t.id = l.location
  WHERE l.id > ? AND coalesce(l.mixxx_deleted, 0) = 0
  ORDER BY l.id LIMIT ?`

function groupBy(rows: Iterable<DatabaseRow>, column: string): Map<number, DatabaseRow[]> {
  const groups = new Map<number, DatabaseRow[]>()
  for (const row of rows) {
    const key = Number(row[column])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups
}

async function* importTrack(
  row: DatabaseRow,
  cueRows: readonly DatabaseRow[],
  clock: ReturnType<typeof clockOf>,
  refs: Set<string>,
  request: ImportRequest,
  context: Context,
): AsyncGenerator<ImportItem> {
  const path = textOf(row['path'])
  if (path === null || path.includes('\0')) return
  const ref = String(row['id'])
  refs.add(ref)
  const bare = trackFrom(row, ref, path, context)
  const isMp3 = bare.file.format === 'mp3'
  const asksHeader = request.shiftsPositions && isMp3
  const header = asksHeader ? ((await request.audioTags.mp3HeaderCase?.(path)) ?? null) : null
  const file = {...bare.file, mp3HeaderCase: header}
  const shiftMs = shiftFor(clock, 'in', request.shiftsPositions, context)(file)
  const sampleRateHz = file.sampleRateHz ?? 44_100
  const beatGrid = gridOf(row, sampleRateHz)
  if (beatGrid === null) yield {kind: 'warning', subject: path, message: 'its beats are damaged, and were left out'}
  const grid = (beatGrid ?? []).map((marker) => ({...marker, positionMs: marker.positionMs + shiftMs}))
  const cues = cueRows.flatMap((cueRow) => {
    const cue = cueFromRow(cueRow, sampleRateHz)
    return cue === null ? [] : [{...cue, positionMs: cue.positionMs + shiftMs}]
  })
  const isUnmoved = asksHeader && header === null && (cues.length > 0 || grid.length > 0)
  yield {
    kind: 'track',
    track: {
      ...bare,
      file,
      cues,
      beatGrid: grid,
      gridOrigin: grid.length === 0 ? null : 'import:mixxx',
      extras: isUnmoved ? {mixxx: {clock}} : {},
    },
  }
}

/** @returns null for beats that cannot be read */
function gridOf(row: DatabaseRow, sampleRateHz: number): ReturnType<typeof gridFromBeats> | null {
  const beats = row['beats']
  if (!(beats instanceof Uint8Array) || beats.length === 0) return []
  try {
    return gridFromBeats(String(row['beats_version'] ?? ''), beats, sampleRateHz)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function trackFrom(row: DatabaseRow, ref: string, path: string, {core}: Context): ImportedTrack {
  const bare = core.bareTrack(ref, path)
  const text = (name: string) => textOf(row[name])
  const positive = (name: string) => {
    const value = Number(row[name] ?? 0)
    return Number.isFinite(value) && value > 0 && value < 2 ** 53 ? value : null
  }
  const whole = (name: string) => {
    const digits = /^\d{1,6}/.exec(text(name) ?? '')?.[0]
    return digits === undefined || Number(digits) === 0 ? null : Number(digits)
  }
  const tempoBpm = positive('bpm')
  const keyText = text('key')
  const color = row['color'] ?? null
  const stars = positive('rating')
  const added = text('datetime_added')
  const date = text('year')
  const durationS = positive('duration')
  return {
    ...bare,
    file: {
      ...bare.file,
      sizeBytes: positive('filesize'),
      durationMs: durationS === null ? null : durationS * 1000,
      sampleRateHz: positive('samplerate'),
      channels: positive('channels'),
      bitRateKbps: positive('bitrate'),
    },
    tags: {
      ...bare.tags,
      title: text('title'),
      artist: text('artist'),
      album: text('album'),
      albumArtist: text('album_artist'),
      genre: text('genre'),
      comment: text('comment'),
      composer: text('composer'),
      grouping: text('grouping'),
      year: /^\d{4}/.test(date ?? '') ? Number(date?.slice(0, 4)) : null,
      releaseDate: date !== null && /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : null,
      trackNumber: whole('tracknumber'),
      trackTotal: whole('tracktotal'),
      key: keyText,
    },
    tempoBpm: tempoBpm !== null && tempoBpm <= 1000 ? tempoBpm : null,
    key: keyText === null ? null : core.parseKey(keyText),
    isGridLocked: Number(row['bpm_lock'] ?? 0) === 1,
    ratingStars: stars === null ? null : Math.min(5, stars),
    colorRgb: color === null ? null : Number(color) & 0xffffff,
    playCount: Math.floor(positive('timesplayed') ?? 0),
    lastPlayedAt: isoOf(text('last_played_at')),
    addedAt: isoOf(added),
  }
}

function textOf(value: DatabaseRow[string] | undefined): string | null {
  return typeof value === 'string' && value !== '' && value !== '//'
    ? value
    : typeof value === 'number'
      ? String(value)
      : null
}

/** SQLite's `2026-01-31 12:00:00` is meant in UTC. */
function isoOf(text: string | null): string | null {
  if (text === null || !/^\d{4}-\d{2}-\d{2}/.test(text)) return null
  const time = Date.parse(text.includes('T') ? text : `${text.replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}`)
  if (Number.isNaN(time)) return null
  return text.length === 10 ? text : new Date(time).toISOString()
}

/** Ordinary lists, and past sets in a folder of their own; Auto DJ's queue is no list. */
function playlists(database: Database, refs: ReadonlySet<string>): PlaylistNode<string>[] {
  const tracks = groupBy(
    database.rows('SELECT playlist_id, track_id FROM PlaylistTracks ORDER BY position, id'),
    'playlist_id',
  )
  const listsOf = (hidden: number) =>
    [...database.rows('SELECT id, name FROM Playlists WHERE hidden = ? ORDER BY position, id', [hidden])].map(
      ({id, name}): PlaylistNode<string> => ({
        kind: 'list',
        name: String(name ?? ''),
        tracks: refsOf(tracks.get(Number(id)) ?? [], refs),
      }),
    )
  const sets = listsOf(2).filter((node) => node.kind === 'list' && node.tracks.length > 0)
  const history: PlaylistNode<string>[] = sets.length === 0 ? [] : [{kind: 'folder', name: 'History', children: sets}]
  return [...listsOf(0), ...history]
}

function crates(database: Database, refs: ReadonlySet<string>): PlaylistNode<string>[] {
  if (!database.tables.has('crates') || !database.tables.has('crate_tracks')) return []
  const tracks = groupBy(database.rows('SELECT crate_id, track_id FROM crate_tracks ORDER BY track_id'), 'crate_id')
  return [...database.rows('SELECT id, name FROM crates ORDER BY name')].map(({id, name}) => ({
    kind: 'list',
    name: String(name),
    tracks: refsOf(tracks.get(Number(id)) ?? [], refs),
    extras: {mixxx: {isCrate: true}},
  }))
}

function refsOf(rows: readonly DatabaseRow[], refs: ReadonlySet<string>): string[] {
  return rows.map((row) => String(row['track_id'])).filter((ref) => refs.has(ref))
}
