// An “Engine Library” → library: of Engine Prime (1.x, two databases) and of Engine DJ 2 to 4.
import type {
  Context,
  Cue,
  Database,
  DatabaseRow,
  ImportedTrack,
  Importer,
  ImportItem,
  PlaylistNode,
} from 'crate-dj/plugin'
import {decodeBeats, decodeLoops, decodeQuickCues, decodeTrackData, type Pad} from './blobs.js'
import {gridFromMarkers} from './grid.js'
import {keyFromNumber} from './key.js'
import {findDatabase, isModern} from './layout.js'
import {absolutePath} from './paths.js'
import {modernLists, oldLists} from './playlists.js'

const ORIGIN = 'import:engine'

export const importer: Importer = {
  async *import(request, context) {
    const {source} = request
    const place = await findDatabase(source, context)
    const main = await context.databases.open(source.resolve(place.main))
    const second = place.performance === null ? null : source.resolve(place.performance)
    const performance = second === null ? null : await context.databases.open(second)
    try {
      if (!main.tables.has('Track'))
        throw context.error('FORMAT_INVALID', `${source.resolve(place.main)} is no library of Engine DJ`)
      const refs = new Set<string>()
      for (const row of isModern(main) ? modernRows(main) : oldRows(main, performance)) {
        context.signal.throwIfAborted()
        const path = textOf(row['path'])
        if (path === null || path.includes('\0') || textOf(row['streamingSource']) !== null) continue
        const ref = String(row['id'])
        refs.add(ref)
        yield* importTrack(row, ref, absolutePath(place.libraryFolder, path), context)
        if (refs.size % 256 === 0) context.progress.update(refs.size, null, 'Engine DJ')
      }
      const nodes: PlaylistNode<string>[] = isModern(main) ? modernLists(main, refs) : oldLists(main, refs)
      yield {kind: 'playlists', nodes}
    } finally {
      main.close()
      performance?.close()
    }
  },
}

/** In 3.x performance data has a table of its own; before, it is part of the track. */
function* modernRows(main: Database): Generator<DatabaseRow> {
  yield* main.tables.has('PerformanceData')
    ? main.rows(
        'SELECT t.*, p.trackData, p.beatData, p.quickCues, p.loops FROM Track t LEFT JOIN PerformanceData p ON p.trackId = t.id ORDER BY t.id',
      )
    : main.rows('SELECT * FROM Track ORDER BY id')
}

const OLD_TEXTS = {title: 1, artist: 2, album: 3, genre: 4, comment: 5, label: 6, composer: 7} as const
const OLD_NUMBERS = {timeLastPlayed: 1, key: 4, rating: 5} as const
const GROUP = 500

/** Tags by number in tables beside, in groups so that memory stays bounded. */
function* oldRows(main: Database, performance: Database | null): Generator<DatabaseRow> {
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const group = [...main.rows('SELECT * FROM Track WHERE id > ? ORDER BY id LIMIT ?', [after, GROUP])]
    const last = group.at(-1)
    if (last === undefined) return
    const range = [after, Number(last['id'])]
    const extra = new Map<number, Record<string, DatabaseRow[string]>>(group.map(({id}) => [Number(id), {}]))
    const collect = (table: string, column: string, fields: Readonly<Record<string, number>>) => {
      if (!main.tables.has(table)) return
      const names = new Map(Object.entries(fields).map(([name, type]) => [type, name]))
      for (const row of main.rows(
        `SELECT id, type, ${column} AS value FROM ${table} WHERE id > ? AND id <= ?`,
        range,
      )) {
        const name = names.get(Number(row['type']))
        const values = extra.get(Number(row['id']))
        if (name !== undefined && values !== undefined) values[name] = row['value'] ?? null
      }
    }
    collect('MetaData', 'text', OLD_TEXTS)
    collect('MetaDataInteger', 'value', OLD_NUMBERS)
    const hasBlobs = performance?.tables.has('PerformanceData') === true
    for (const row of hasBlobs
      ? performance.rows(
          'SELECT id, trackData, beatData, quickCues, loops FROM PerformanceData WHERE id > ? AND id <= ?',
          range,
        )
      : []) {
      const {id, ...blobs} = row
      Object.assign(extra.get(Number(id)) ?? {}, blobs)
    }
    for (const row of group) yield {...row, ...extra.get(Number(row['id']))}
    after = Number(last['id'])
  }
}

function* importTrack(row: DatabaseRow, ref: string, path: string, {core}: Context): Generator<ImportItem> {
  const bare = core.bareTrack(ref, path)
  const text = (name: string) => textOf(row[name])
  const positive = (name: string) => {
    const value = Number(row[name] ?? 0)
    return Number.isFinite(value) && value > 0 && value < 2 ** 53 ? value : null
  }
  const seconds = positive('length')
  const tempoBpm = positive('bpmAnalyzed') ?? positive('bpm')
  const rating = positive('rating')
  const {sampleRateHz, durationMs, cues, grid, isDamaged} = performanceOf(row)
  if (isDamaged)
    yield {kind: 'warning', subject: path, message: 'its cues or beats are damaged, and were left out in part'}
  const track: ImportedTrack = {
    ...bare,
    file: {
      ...bare.file,
      sizeBytes: positive('fileBytes'),
      durationMs: durationMs ?? (seconds === null ? null : seconds * 1000),
      sampleRateHz,
      bitRateKbps: positive('bitrate'),
    },
    tags: {
      ...bare.tags,
      title: text('title'),
      artist: text('artist'),
      album: text('album'),
      genre: text('genre'),
      comment: text('comment'),
      label: text('label'),
      composer: text('composer'),
      remixer: text('remixer'),
      year: positive('year'),
      trackNumber: positive('playOrder'),
    },
    tempoBpm: tempoBpm !== null && tempoBpm <= 1000 ? Math.round(tempoBpm * 1e6) / 1e6 : null,
    key: row['key'] === null || row['key'] === undefined ? null : keyFromNumber(Number(row['key']), core),
    beatGrid: grid,
    gridOrigin: grid.length === 0 ? null : ORIGIN,
    isGridLocked: Number(row['isBeatGridLocked'] ?? 0) === 1,
    cues,
    ratingStars: rating === null ? null : Math.min(5, rating / 20),
    lastPlayedAt: isoOf(positive('timeLastPlayed')),
    addedAt: isoOf(positive('dateAdded')),
  }
  yield {kind: 'track', track}
}

function performanceOf(row: DatabaseRow) {
  let isDamaged = false
  const read = <Value>(name: string, decode: (blob: Uint8Array) => Value): Value | null => {
    const blob = row[name]
    if (!(blob instanceof Uint8Array) || blob.length <= 4) return null
    try {
      return decode(blob)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      isDamaged = true
      return null
    }
  }
  const data = read('trackData', decodeTrackData)
  const sampleRateHz = data?.sampleRateHz ?? null
  const rate = sampleRateHz ?? 44_100
  const msOf = (sample: number) => (sample * 1000) / rate
  const quick = read('quickCues', decodeQuickCues)
  const points = (quick?.pads ?? []).map((pad) => cueFrom(pad, pad.index, msOf))
  const taken = new Set(points.map(({slot}) => slot))
  const loops = (read('loops', decodeLoops) ?? []).map((pad) =>
    cueFrom(pad, taken.has(pad.index) ? null : pad.index, msOf),
  )
  const main: Cue[] =
    quick === null || quick.mainSample === null
      ? []
      : [
          {
            kind: 'load',
            slot: null,
            positionMs: msOf(quick.mainSample),
            lengthMs: null,
            name: '',
            colorRgb: null,
            origin: ORIGIN,
          },
        ]
  return {
    sampleRateHz,
    durationMs: data === null || data.samples <= 0 ? null : msOf(data.samples),
    cues: [...main, ...points, ...loops].sort((a, b) => a.positionMs - b.positionMs),
    grid: gridFromMarkers(read('beatData', decodeBeats) ?? [], rate),
    isDamaged,
  }
}

/** Loops have a bank of their own: one whose number a hot cue has as well comes without a pad. */
function cueFrom(
  {name, startSample, endSample, colorRgb}: Pad,
  slot: number | null,
  msOf: (sample: number) => number,
): Cue {
  return {
    kind: slot === null ? 'memory' : 'hot',
    slot,
    positionMs: msOf(startSample),
    lengthMs: endSample === null ? null : msOf(endSample - startSample),
    name,
    colorRgb,
    origin: ORIGIN,
  }
}

function textOf(value: DatabaseRow[string] | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** Seconds since 1970. */
function isoOf(seconds: number | null): string | null {
  return seconds === null || seconds > 1e11 ? null : new Date(seconds * 1000).toISOString()
}
