// A library of any size with every feature that formats carry, the same each time: for benchmarks and round trips.
import type {LibraryView} from '../../src/api/format.js'
import type {GridMarker} from '../../src/core/beat-grid.js'
import type {Cue, CueKind} from '../../src/core/cue.js'
import {keyFromIndex} from '../../src/core/key.js'
import type {PlaylistNode} from '../../src/core/playlist.js'
import {type AudioFormat, EMPTY_TAGS, type Mp3HeaderCase, type Track, type TrackId} from '../../src/core/track.js'

/** Numbers from 0 to 1 that look random and depend on the seed alone (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const ROOTS = ['/Users/dj/Music', '/Volumes/USB 1', 'D:/Music', 'C:/Users/DJ Ötzi/Music', '/home/dj/music'] as const
const WORDS = [
  'Night',
  'Señorita',
  'Größe',
  'Été',
  'R&B',
  "Don't",
  '<Live>',
  '"Dub"',
  '東京',
  '🔥 Heat',
  'Ж',
  '100%',
  '50% off',
  'A=B',
  '#1',
  'Why?',
  'a;b,c',
  'Cafe\u0301',
  '[Remix]',
  '(VIP)',
  'AC+DC',
  'tilde~',
  'x@y$z!',
] as const
const FORMATS: readonly AudioFormat[] = ['mp3', 'mp3', 'mp3', 'flac', 'wav', 'aiff', 'm4a']
const EXTENSIONS: Partial<Record<AudioFormat, string>> = {aiff: 'aif'}
const HEADER_CASES: readonly Mp3HeaderCase[] = ['lame', 'lame', 'lame', 'none', 'xing', 'lavc', 'lame-crc-bad']
const PALETTE = [0xcc0000, 0xcc8800, 0x0000cc, 0xcccc00, 0x00cc00, 0xcc00cc, 0x00cccc, 0x8800cc] as const
const TRACK_COLORS = [null, 0xff007f, 0xff0000, 0xffa500, 0xffff00, 0x00ff00, 0x25fde9, 0x0000ff, 0x660099] as const

type Random = () => number

function pick<Item>(random: Random, items: readonly [Item, ...Item[]] | readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)] ?? items[0]
  if (item === undefined) throw new RangeError('nothing to pick from')
  return item
}

/** Whole milliseconds, so that formats which keep those lose nothing. */
function gridFor(random: Random, durationMs: number): GridMarker[] {
  const kind = random()
  if (kind < 0.06) return []
  const startMs = Math.floor(random() * 900)
  const tempoBpm = Math.round((80 + random() * 95) * 4) / 4
  const beatInBar = 1 + Math.floor(random() * 4)
  if (kind < 0.8) return [{positionMs: startMs, tempoBpm, beatInBar}]
  if (kind < 0.83) return [{positionMs: startMs, tempoBpm, beatInBar: 1 + Math.floor(random() * 3), beatsPerBar: 3}]
  const markers: GridMarker[] = []
  const count = kind < 0.99 ? 2 + Math.floor(random() * 12) : 200
  let positionMs = startMs
  let bpm = tempoBpm
  let beat = beatInBar
  while (markers.length < count && positionMs < durationMs - 2000) {
    markers.push({positionMs, tempoBpm: bpm, beatInBar: beat})
    const beats = 4 * (1 + Math.floor(random() * (count > 100 ? 1 : 16)))
    positionMs = Math.round(positionMs + (beats * 60_000) / bpm)
    beat = ((beat - 1 + beats) % 4) + 1
    bpm = Math.round((bpm + (random() - 0.5) * 2) * 100) / 100
  }
  return markers
}

function cueAt(random: Random, kind: CueKind, slot: number | null, positionMs: number): Cue {
  const isLoop = kind !== 'load' && random() < 0.25
  return {
    kind,
    slot,
    positionMs,
    lengthMs: isLoop ? 200 + Math.floor(random() * 8000) : null,
    name: random() < 0.5 ? '' : `${pick(random, WORDS)} ${slot ?? ''}`.trim(),
    colorRgb: slot === null ? null : (PALETTE[slot] ?? null),
    origin: 'user',
    ...(isLoop && random() < 0.2 ? {isLocked: true} : {}),
  }
}

function cuesFor(random: Random, durationMs: number, firstBeatMs: number): Cue[] {
  const cues: Cue[] = []
  const somewhere = () => firstBeatMs + Math.floor(random() * (durationMs - firstBeatMs - 20_000))
  const pads = Math.floor(random() * 9)
  for (let slot = 0; slot < pads; slot++) if (random() < 0.9) cues.push(cueAt(random, 'hot', slot, somewhere()))
  const stored = Math.floor(random() * 6)
  for (let n = 0; n < stored; n++) cues.push(cueAt(random, 'memory', null, somewhere()))
  if (random() < 0.1) cues.push(cueAt(random, 'fade-in', null, somewhere()))
  if (random() < 0.1) cues.push(cueAt(random, 'fade-out', null, somewhere()))
  if (random() < 0.1) cues.push(cueAt(random, 'load', null, somewhere()))
  return cues.sort((a, b) => a.positionMs - b.positionMs)
}

function dateFor(random: Random): string {
  return new Date(Date.UTC(2008, 0, 1) + Math.floor(random() * 6000) * 86_400_000).toISOString().slice(0, 10)
}

function syntheticId(index: number): TrackId {
  return `track-${String(index).padStart(7, '0')}` as TrackId
}

/** The track at an index from 0; the same one for the same index and seed. */
export function syntheticTrack(index: number, seed = 1): Track {
  const random = randomFrom(Math.imul(index + 1, 0x9e3779b1) ^ seed)
  const maybe = <Value>(chance: number, value: () => Value): Value | null => (random() < chance ? value() : null)
  const words = (count: number) => Array.from({length: count}, () => pick(random, WORDS)).join(' ')
  const format = pick(random, FORMATS)
  const root = pick(random, ROOTS)
  const title = `${words(1 + Math.floor(random() * 3))} ${index}`
  const isWindows = /^[A-Z]:/.test(root)
  const fileName = isWindows ? title.replace(/["<>?:*|\\/]/g, '_') : title.replaceAll('/', '_')
  const durationMs = 90_000 + Math.floor(random() * 420) * 1000
  const beatGrid = gridFor(random, durationMs)
  const key = random() < 0.9 ? keyFromIndex(Math.floor(random() * 24)) : null
  const headerCase = format === 'mp3' ? pick(random, HEADER_CASES) : null
  return {
    id: syntheticId(index),
    file: {
      path: `${root}/${index % 97}/${fileName}.${EXTENSIONS[format] ?? format}`,
      sizeBytes: 1_000_000 + Math.floor(random() * 60_000_000),
      modifiedAtMs: 1_600_000_000_000 + index * 1000,
      format,
      durationMs,
      sampleRateHz: random() < 0.9 ? 44_100 : 48_000,
      channels: 2,
      bitDepth: format === 'mp3' || format === 'm4a' ? null : 16,
      bitRateKbps: format === 'mp3' ? 320 : format === 'm4a' ? 256 : 1411,
      mp3HeaderCase: headerCase,
    },
    audioHash: index.toString(16).padStart(32, '0'),
    tags: {
      ...EMPTY_TAGS,
      title: index % 211 === 0 ? null : title,
      artist: maybe(0.95, () => words(2)),
      album: maybe(0.8, () => words(2)),
      albumArtist: maybe(0.3, () => words(1)),
      genre: maybe(0.85, () => pick(random, ['Techno', 'House', "Drum'n'bass", 'R&B', 'Hip-Hop/Rap'])),
      comment: maybe(0.5, () => (random() < 0.1 ? `${words(2)}\n${words(3)}` : words(4))),
      label: maybe(0.6, () => words(1)),
      remixer: maybe(0.2, () => words(1)),
      composer: maybe(0.2, () => words(2)),
      producer: maybe(0.1, () => words(1)),
      grouping: maybe(0.1, () => words(1)),
      mix: maybe(0.2, () => pick(random, ['Extended Mix', 'Dub', 'Radio Edit'])),
      year: maybe(0.8, () => 1970 + Math.floor(random() * 56)),
      trackNumber: maybe(0.5, () => 1 + Math.floor(random() * 20)),
      discNumber: maybe(0.2, () => 1 + Math.floor(random() * 3)),
    },
    tempoBpm: beatGrid[0]?.tempoBpm ?? null,
    key,
    beatGrid,
    gridOrigin: beatGrid.length === 0 ? null : 'user',
    isGridLocked: random() < 0.3,
    cues: cuesFor(random, durationMs, beatGrid[0]?.positionMs ?? 0),
    analysis: null,
    ratingStars: maybe(0.5, () => 1 + Math.floor(random() * 5)),
    colorRgb: pick(random, TRACK_COLORS),
    playCount: random() < 0.5 ? 0 : Math.floor(random() * 200),
    lastPlayedAt: maybe(0.4, () => dateFor(random)),
    addedAt: maybe(0.95, () => dateFor(random)),
    extras: {},
  }
}

/** Tracks one after another; nothing is kept between them. */
export async function* syntheticTracks(count: number, seed = 1): AsyncGenerator<Track> {
  for (let index = 0; index < count; index++) yield syntheticTrack(index, seed)
}

/** Folders three deep, lists of up to 100 tracks over a tenth of the library, an empty one, doubles, a smart one. */
export function syntheticPlaylists(count: number, seed = 1): PlaylistNode[] {
  const random = randomFrom(seed ^ 0x5eed)
  const list = (name: string, length: number): PlaylistNode => ({
    kind: 'list',
    name,
    tracks: Array.from({length}, () => syntheticId(Math.floor(random() * count))),
  })
  const listTotal = Math.max(2, Math.ceil(count / 1000))
  const lists = Array.from({length: listTotal}, (_, n) => list(`${pick(random, WORDS)} ${n}`, Math.min(100, count)))
  const twice = syntheticId(0)
  return [
    {
      kind: 'folder',
      name: 'Gigs & more',
      children: [
        {kind: 'folder', name: '2024 / Été', children: [{kind: 'folder', name: 'Ж "deep"', children: lists}]},
        {kind: 'folder', name: 'Empty folder', children: []},
      ],
    },
    {kind: 'list', name: 'Empty', tracks: []},
    {kind: 'list', name: 'Twice', tracks: [twice, syntheticId(Math.min(1, count - 1)), twice]},
    {kind: 'smart', name: 'Fast', query: 'bpm:140..', tracks: [twice]},
  ]
}

/** The whole as exporters see a library; tracks are made when asked for, so that it takes no memory of its own. */
export function syntheticLibrary(count: number, seed = 1): LibraryView {
  const playlists = syntheticPlaylists(count, seed)
  return {
    trackCount: count,
    tracks: () => syntheticTracks(count, seed),
    track: async (id) => {
      const index = /^track-(\d{7,})$/.exec(id)?.[1]
      return index === undefined || Number(index) >= count ? null : syntheticTrack(Number(index), seed)
    },
    playlists: () => playlists,
  }
}
