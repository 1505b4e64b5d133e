// A library as a working DJ might have, of any size and the same every time, for every benchmark that needs a big one.
import type {Cue} from '../../src/core/cue.js'
import type {Findings} from '../../src/core/findings.js'
import {keyFromIndex} from '../../src/core/key.js'
import {EMPTY_TAGS, type Section, type SectionLabel, type TrackAnalysis, type TrackId} from '../../src/core/track.js'
import {type Library, openLibrary} from '../../src/store/library.js'

export interface SyntheticOptions {
  readonly trackCount: number
  /** Length of the similarity vectors. */
  readonly dimension?: number
  readonly seed?: number
  /** Columns of each waveform; small by default, as queries never read them. */
  readonly waveformColumns?: number
  readonly onProgress?: (done: number) => void
}

const GENRES: readonly (readonly [name: string, lowBpm: number, highBpm: number])[] = [
  ['House', 120, 126],
  ['Deep House', 118, 124],
  ['Tech House', 124, 129],
  ['Techno', 128, 140],
  ['Melodic Techno', 120, 126],
  ['Trance', 132, 142],
  ['Drum & Bass', 170, 176],
  ['Dubstep', 138, 142],
  ['Hip-Hop', 80, 100],
  ['Disco', 108, 122],
  ['Électro', 122, 132],
  ['Afro House', 118, 123],
  ['Breaks', 125, 136],
  ['Ambient', 70, 100],
  ['Reggaeton', 88, 100],
  ['テクノ', 126, 138],
]
const WORDS =
  'love night deep soul light dark rise fall echo wave dream fire rain city moon sun heart Déjà Café Ночь 東京 move body time acid space drum jack groove void'.split(
    ' ',
  )
const MIXES = ['Original Mix', 'Extended Mix', 'Dub', 'Radio Edit', null]
const FORMATS = ['mp3', 'flac', 'wav', 'aiff', 'm4a'] as const
const LABELS: readonly SectionLabel[] = ['intro', 'build', 'drop', 'break', 'drop', 'outro']

/** Uniform numbers from 0 to 1, the same for the same seed (mulberry32, Tommy Ettinger, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/**
 * Unit vectors as music gives them: styles that overlap, each with its own few directions of change. Independent noise
 * in all directions would be harder than music; far-apart clumps would be easier.
 */
export function syntheticVectors(dimension: number, seed: number): (random: () => number) => Float32Array {
  const random = randomFrom(seed)
  const randomVector = (scale: number) => Float32Array.from({length: dimension}, () => normal(random) * scale)
  const styles = Array.from({length: 200}, () => ({
    center: randomVector(0.6),
    directions: Array.from({length: 12}, () => randomVector(0.25)),
  }))
  return (draw) => {
    const style = styles[Math.floor(draw() * styles.length)]
    const vector = Float32Array.from(
      {length: dimension},
      (_, index) => (style?.center[index] ?? 0) + normal(draw) * 0.08,
    )
    for (const direction of style?.directions ?? []) {
      const amount = normal(draw)
      for (let index = 0; index < dimension; index++)
        vector[index] = (vector[index] ?? 0) + amount * (direction[index] ?? 0)
    }
    const length = Math.hypot(...vector)
    return vector.map((value) => value / length)
  }
}

export function syntheticTrack(number: number, random: () => number) {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const [genre, lowBpm, highBpm] = pick(GENRES)
  // A few artists have many tracks, most have few.
  const artist = `${pick(WORDS)} ${pick(WORDS)} ${Math.floor(random() ** 3 * 4000)}`
  const title = `${pick(WORDS)} ${pick(WORDS)} ${number}`
  const mix = pick(MIXES)
  const format = pick(FORMATS)
  const durationMs = 180_000 + Math.floor(random() * 300_000_000) / 1000
  const tempoBpm = Math.round((lowBpm + random() * (highBpm - lowBpm)) * 100) / 100
  const addedAtMs = Date.UTC(2012, 0, 1) + Math.floor(random() * 14 * 365.25 * 86_400_000)
  return {
    file: {
      path: `/music/${genre}/${artist}/${title}.${format}`,
      sizeBytes: 4_000_000 + Math.floor(random() * 60_000_000),
      modifiedAtMs: addedAtMs + 0.5,
      format,
      durationMs,
      sampleRateHz: 44_100,
      channels: 2,
      bitDepth: format === 'mp3' || format === 'm4a' ? null : 16,
      bitRateKbps: format === 'mp3' ? 320 : 1000,
      mp3HeaderCase: format === 'mp3' ? ('lame' as const) : null,
    },
    audioHash: `${number.toString(16).padStart(8, '0')}${Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')}`,
    tags: {
      ...EMPTY_TAGS,
      title: mix === null ? title : `${title} (${mix})`,
      artist,
      album: `${pick(WORDS)} ${pick(WORDS)}`,
      genre,
      label: `${pick(WORDS)} Records`,
      comment: random() < 0.3 ? `${pick(WORDS)} ${pick(WORDS)} ${pick(WORDS)}` : null,
      year: 1990 + Math.floor(random() * 36),
      tempoBpm: Math.round(tempoBpm),
    },
    addedAt: new Date(addedAtMs).toISOString(),
    tempoBpm,
    durationMs,
  }
}

function syntheticAnalysis(tempoBpm: number, durationMs: number, random: () => number): TrackAnalysis {
  const firstMs = 50 + random() * 400
  const barMs = 240_000 / tempoBpm
  const sections: Section[] = []
  const bars = Math.max(1, Math.floor((durationMs - firstMs) / barMs / LABELS.length))
  for (const [index, label] of LABELS.entries())
    sections.push({startMs: firstMs + index * bars * barMs, endMs: firstMs + (index + 1) * bars * barMs, label, bars})
  const cues: Cue[] = sections.map(({startMs, label}, slot) => ({
    kind: 'hot',
    slot,
    positionMs: startMs,
    lengthMs: null,
    name: label,
    colorRgb: 0x00cc22,
    origin: 'analysis',
  }))
  return {
    tempoBpm,
    tempoConfidence: Math.round(random() * 100) / 100,
    tempoAlternativesBpm: [tempoBpm / 2],
    isTempoVariable: random() < 0.05,
    beatGrid: [{positionMs: firstMs, tempoBpm, beatInBar: 1}],
    key: {...keyFromIndex(Math.floor(random() * 24)), confidence: 0.8, tuningCents: 2},
    energy: 1 + Math.floor(random() * 10),
    loudnessLufs: -14 + random() * 8,
    truePeakDb: -random(),
    sections,
    cues,
    mixInMs: firstMs,
    mixOutMs: sections.at(-1)?.startMs ?? null,
  }
}

/** Fills a folder with a library; the returned one is open. Every tenth track has marks of a person's. */
export function makeSyntheticLibrary(folder: string, options: SyntheticOptions): Library {
  const {trackCount, dimension = 64, seed = 1, waveformColumns = 100} = options
  const random = randomFrom(seed)
  const vectorFor = syntheticVectors(dimension, seed + 1)
  let idCount = 0
  const library = openLibrary(folder, {
    nowMs: () => Date.UTC(2026, 0, 1),
    newId: () => `t${(++idCount).toString(36).padStart(7, '0')}`,
  })
  const ids: TrackId[] = []
  const band = new Uint8Array(waveformColumns).fill(100)
  for (let start = 0; start < trackCount; start += 1000) {
    library.transaction(() => {
      for (let number = start; number < Math.min(start + 1000, trackCount); number++) {
        const {tempoBpm, durationMs, ...track} = syntheticTrack(number, random)
        const findings: Findings = {
          version: 1,
          durationMs,
          analysis: syntheticAnalysis(tempoBpm, durationMs, random),
          embedding: vectorFor(random),
          waveform: {columnMs: 1000, low: band, mid: band, high: band},
        }
        library.analyses.put(track.audioHash, findings)
        const id = library.tracks.add(track)
        ids.push(id)
        if (number % 10 === 0) {
          library.tracks.setRating(id, 1 + Math.floor(random() * 5))
          library.tracks.setPlayed(id, Math.floor(random() * 50), track.addedAt)
        }
      }
    })
    options.onProgress?.(Math.min(start + 1000, trackCount))
  }
  library.transaction(() => addPlaylists(library, ids, random))
  return library
}

/** One list of 40 tracks per 400 tracks, in folders of ten. */
function addPlaylists(library: Library, ids: readonly TrackId[], random: () => number): void {
  let folder: string | null = null
  for (let number = 0; number < Math.ceil(ids.length / 400); number++) {
    if (number % 10 === 0) folder = library.playlists.create({name: `Folder ${number / 10}`, kind: 'folder'})
    const tracks = Array.from({length: 40}, () => ids[Math.floor(random() * ids.length)] as TrackId)
    library.playlists.create({name: `Set ${number}`, kind: 'list', parentId: folder, tracks})
  }
}
