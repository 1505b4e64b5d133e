// Around a contribution under test: a context with a clock that stands, files in memory, a library of any size.
import type {Context} from '../api/context.js'
import type {AudioTagAccess, FileAccess, LibraryView} from '../api/format.js'
import {CrateError} from '../core/errors.js'
import type {JsonValue} from '../core/json.js'
import type {PlaylistNode} from '../core/playlist.js'
import {checkSettings, type SettingsSchema} from '../core/plugin/settings.js'
import {EMPTY_TAGS, type Track, type TrackId} from '../core/track.js'
import {createContext} from '../host/context.js'

/** 1 January 2026, noon, UTC. */
export const KIT_NOW_MS = Date.UTC(2026, 0, 1, 12)

/** The real context of the host, silent, with the settings' defaults. */
export function kitContext(
  settings?: SettingsSchema,
  signal: AbortSignal = new AbortController().signal,
  config: Readonly<Record<string, JsonValue>> = {},
): Context {
  const ignore = () => undefined
  const reporter = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    task: () => ({update: ignore, setTotal: ignore, finish: ignore}),
  }
  const isWithoutRequired = Object.values(settings ?? {}).some(({required}) => required === true)
  const checked = isWithoutRequired && Object.keys(config).length === 0 ? {} : checkSettings('kit', settings, config)
  return createContext({signal, reporter, nowMs: () => KIT_NOW_MS}, 'kit', checked)
}

export type SampleFiles = Readonly<Record<string, Uint8Array | string>>

export interface WatchedFiles extends FileAccess {
  /** Names that were asked for and lead outside. */
  readonly escapes: readonly string[]
}

/** @param files content by relative path; `''` is the one file that the person named */
export function filesInMemory(files: SampleFiles, pieceBytes = 65_536, root = '/kit/target'): WatchedFiles {
  const escapes: string[] = []
  const inside = (path: string): string => {
    if (!path.startsWith('/') && !path.split('/').includes('..')) return path
    escapes.push(path)
    throw new CrateError('FILE_UNWRITABLE', `"${path}" leads outside`)
  }
  const bytesOf = (path: string): Uint8Array | null => {
    const file = files[inside(path)]
    return file === undefined ? null : typeof file === 'string' ? new TextEncoder().encode(file) : file.slice()
  }
  return {
    escapes,
    resolve: (path) => (inside(path) === '' ? root : `${root}/${path}`),
    read: async (path) => bytesOf(path),
    stream: async function* (path) {
      const bytes = bytesOf(path)
      if (bytes === null) throw new CrateError('FILE_NOT_FOUND', `${path} is not there`)
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.slice(at, at + pieceBytes)
    },
    list: async (path) => {
      const prefix = inside(path) === '' || path.endsWith('/') ? path : `${path}/`
      const names = Object.keys(files).filter((name) => name !== '' && name.startsWith(prefix))
      return [...new Set(names.map((name) => name.slice(prefix.length).replace(/\/.*$/, '/')))].sort()
    },
  }
}

export const NO_AUDIO_TAGS: AudioTagAccess = {read: async () => null, mp3HeaderCase: async () => null}

export function libraryOf(tracks: readonly Track[], playlists: readonly PlaylistNode[] = []): LibraryView {
  const byId = new Map(tracks.map((track) => [track.id, track]))
  return {
    trackCount: tracks.length,
    tracks: async function* () {
      yield* tracks
    },
    track: async (id) => byId.get(id) ?? null,
    playlists: () => playlists,
  }
}

/** Nothing known but the path. */
export function bareTrack(id: string, path = `/music/${id}.flac`): Track {
  return {
    id: id as TrackId,
    file: {
      path,
      sizeBytes: null,
      modifiedAtMs: null,
      format: null,
      durationMs: null,
      sampleRateHz: null,
      channels: null,
      bitDepth: null,
      bitRateKbps: null,
      mp3HeaderCase: null,
    },
    audioHash: null,
    tags: EMPTY_TAGS,
    tempoBpm: null,
    key: null,
    beatGrid: [],
    gridOrigin: null,
    isGridLocked: false,
    cues: [],
    analysis: null,
    ratingStars: null,
    colorRgb: null,
    playCount: 0,
    lastPlayedAt: null,
    addedAt: null,
    extras: {},
  }
}

/** A track of which everything is known: 4 minutes at 128 BPM in A minor, a cue on a pad at 61,234.5 ms, a loop, a mark. */
export function fullTrack(id: string, title = `Title ${id}`): Track {
  const bare = bareTrack(id)
  return {
    ...bare,
    file: {
      ...bare.file,
      sizeBytes: 30_000_000,
      modifiedAtMs: KIT_NOW_MS,
      format: 'flac',
      durationMs: 240_000,
      sampleRateHz: 44_100,
      channels: 2,
      bitDepth: 16,
      bitRateKbps: 1000,
    },
    audioHash: `hash-${id}`,
    tags: {
      ...EMPTY_TAGS,
      title,
      artist: 'Marina Zarečnaja',
      album: 'Ночной поезд',
      genre: 'Techno',
      comment: 'a <b> & "c"',
      label: 'Fabrik',
      year: 2024,
    },
    tempoBpm: 128,
    key: {tonic: 'A', mode: 'minor'},
    beatGrid: [{positionMs: 312.5, tempoBpm: 128, beatInBar: 1}],
    gridOrigin: 'user',
    cues: [
      {kind: 'hot', slot: 0, positionMs: 61_234.5, lengthMs: null, name: 'Drop', colorRgb: 0xff0000, origin: 'user'},
      {kind: 'hot', slot: 1, positionMs: 90_312.5, lengthMs: 7500, name: 'Loop', colorRgb: 0x00ff00, origin: 'user'},
      {kind: 'memory', slot: null, positionMs: 312.5, lengthMs: null, name: 'Start', colorRgb: null, origin: 'user'},
    ],
    ratingStars: 4,
    colorRgb: 0x3366ff,
    playCount: 3,
    lastPlayedAt: '2025-12-31T23:15:00Z',
    addedAt: '2025-06-01T10:00:00Z',
  }
}

/** Texts that break careless code: other scripts, markup, quotes, line ends, a lone surrogate, very long. */
export const HARD_TEXTS = [
  '青木ハル',
  'مرحبا',
  '👩🏽‍🎤',
  ']]>&<"\'',
  'a\nb\tc',
  '\u0000\u0001',
  '\ud800',
  'e\u0301',
  '=1+1',
  'x'.repeat(3000),
]

export function hardTracks(): Track[] {
  return HARD_TEXTS.map((text, index) => ({
    ...fullTrack(`hard-${index}`, text),
    file: {
      ...fullTrack(`hard-${index}`).file,
      path: `/music/${text.replaceAll('/', '').replaceAll('\0', '').replaceAll('\n', '')}.flac`,
    },
  }))
}

export function playlistsOf(ids: readonly TrackId[]): PlaylistNode[] {
  return [
    {kind: 'folder', name: 'Sets', children: [{kind: 'list', name: 'Friday', tracks: [...ids, ...ids.slice(0, 1)]}]},
    {kind: 'smart', name: 'Fast', query: 'bpm:120..', tracks: ids},
  ]
}

/** Frozen to the last member: writing to it throws in a module. Typed arrays cannot be frozen and stay as they are. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const member of Object.values(value)) deepFreeze(member)
  return value
}

/** Runs with the machine's clock set ahead by a day: a contribution that looks at it gives something else then. */
export async function withOtherClock<T>(work: () => Promise<T>): Promise<T> {
  const Real = globalThis.Date
  const AHEAD_MS = 86_400_000
  class Ahead extends Real {
    constructor(...args: unknown[]) {
      super(...((args.length === 0 ? [Real.now() + AHEAD_MS] : args) as [number]))
    }
    static override now(): number {
      return Real.now() + AHEAD_MS
    }
  }
  globalThis.Date = Ahead as DateConstructor
  try {
    return await work()
  } finally {
    globalThis.Date = Real
  }
}

/** What is printed on stdout while `work` runs; it is held back. */
export async function printedBy(work: () => Promise<unknown>): Promise<string> {
  const own = process.stdout.write
  let printed = ''
  process.stdout.write = ((text: string | Uint8Array) => {
    printed += String(text)
    return true
  }) as typeof process.stdout.write
  try {
    await work()
  } finally {
    process.stdout.write = own
  }
  return printed
}

/** Bytes that look random and are the same in every run (mulberry32). */
export function noise(seed: number, length: number): Uint8Array {
  let state = seed
  return Uint8Array.from({length}, () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) & 0xff
  })
}
