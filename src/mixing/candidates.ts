// The library as columns of numbers, made once, so that a hundred thousand tracks are ranked in milliseconds.
import {keyIndex} from '../core/key.js'
import {GenreBook} from './genre-book.js'
import type {MixTrack} from './mix-track.js'
import {mainArtist, songKey} from './song.js'
import {isTempo} from './tempo.js'

export const UNKNOWN_KEY = 24
/** Energies are kept in tenths; this bin means unknown. */
export const UNKNOWN_ENERGY = 0

export interface CandidateTable {
  readonly tracks: readonly MixTrack[]
  readonly indexById: ReadonlyMap<string, number>
  /** 0–23 as `keyIndex`, 24 unknown. */
  readonly keys: Uint8Array
  /** log2 of the tempo in BPM, NaN unknown. */
  readonly octaves: Float64Array
  /** Energy in tenths, 10 to 100; 0 unknown. */
  readonly energies: Uint8Array
  /** Number in `genreBook`, 0 unknown. */
  readonly genres: Int32Array
  readonly genreBook: GenreBook
  /** Number of the main artist, 0 unknown. */
  readonly artists: Int32Array
  readonly artistNumbers: ReadonlyMap<string, number>
  /** Number of the song, the same for all its versions. */
  readonly songs: Int32Array
  readonly songNumbers: ReadonlyMap<string, number>
  readonly hasRepeatedIds: boolean
  /** 0 to 1, NaN unknown. */
  readonly mixability: Float32Array
  /** Milliseconds since 1970, NaN never. */
  readonly lastPlayedAtMs: Float64Array
  /** Row per track, `dimensions` long, zeros where unknown. */
  readonly vectors: Float32Array
  readonly hasVector: Uint8Array
  readonly dimensions: number
  /** Distance of two tracks taken at random; sound scores are relative to it. */
  readonly typicalDistance: number
}

/**
 * The table of all tracks that may be suggested or built into sets.
 *
 * Values that cannot be (tempo 0, energy 40, a vector of another length than the others) count as unknown. Where an id
 * stands twice, the first counts for lookups.
 */
export function prepareCandidates(tracks: readonly MixTrack[]): CandidateTable {
  const count = tracks.length
  const dimensions = commonDimensions(tracks)
  const table = {
    tracks,
    indexById: new Map<string, number>(),
    keys: new Uint8Array(count).fill(UNKNOWN_KEY),
    octaves: new Float64Array(count).fill(Number.NaN),
    energies: new Uint8Array(count),
    genres: new Int32Array(count),
    genreBook: new GenreBook(),
    artists: new Int32Array(count),
    artistNumbers: new Map<string, number>(),
    songs: new Int32Array(count),
    songNumbers: new Map<string, number>(),
    hasRepeatedIds: false,
    mixability: new Float32Array(count).fill(Number.NaN),
    lastPlayedAtMs: new Float64Array(count).fill(Number.NaN),
    vectors: new Float32Array(count * dimensions),
    hasVector: new Uint8Array(count),
    dimensions,
    typicalDistance: 1,
  }
  for (const [index, track] of tracks.entries()) {
    if (table.indexById.has(track.id)) table.hasRepeatedIds = true
    else table.indexById.set(track.id, index)
    if (track.key !== null) table.keys[index] = keyIndex(track.key)
    if (track.tempoBpm !== null && isTempo(track.tempoBpm)) table.octaves[index] = Math.log2(track.tempoBpm)
    table.energies[index] = energyBin(track.energy)
    table.genres[index] = table.genreBook.numberOf(track.genre)
    const artist = mainArtist(track.artist)
    table.artists[index] = artist === '' ? 0 : numberIn(table.artistNumbers, artist)
    table.songs[index] = numberIn(table.songNumbers, songKey(track) ?? `\u0000${track.id}`)
    if (track.mixability !== null) table.mixability[index] = track.mixability
    if (track.lastPlayedAtMs !== null) table.lastPlayedAtMs[index] = track.lastPlayedAtMs
    if (track.vector !== null && isUsable(track.vector, dimensions)) {
      table.vectors.set(track.vector, index * dimensions)
      table.hasVector[index] = 1
    }
  }
  table.typicalDistance = typicalDistance(table)
  return table
}

/** Energy in tenths, 0 where unknown or outside 1 to 10. */
export function energyBin(energy: number | null): number {
  return energy !== null && energy >= 1 && energy <= 10 ? Math.round(energy * 10) : UNKNOWN_ENERGY
}

/** Numbers from 1 in order of appearance. */
function numberIn(numbers: Map<string, number>, name: string): number {
  const known = numbers.get(name)
  if (known !== undefined) return known
  numbers.set(name, numbers.size + 1)
  return numbers.size
}

function commonDimensions(tracks: readonly MixTrack[]): number {
  const counts = new Map<number, number>()
  for (const {vector} of tracks) if (vector !== null) counts.set(vector.length, (counts.get(vector.length) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 0
}

function isUsable(vector: Float32Array, dimensions: number): boolean {
  return vector.length === dimensions && dimensions > 0 && vector.every(Number.isFinite)
}

/** Euclidean distance of two rows. */
export function soundDistance(table: Pick<CandidateTable, 'vectors' | 'dimensions'>, a: number, b: number): number {
  return distanceTo(table, table.vectors.subarray(a * table.dimensions, (a + 1) * table.dimensions), b)
}

/** Euclidean distance of a vector of the table's length to a row. */
export function distanceTo(
  table: Pick<CandidateTable, 'vectors' | 'dimensions'>,
  vector: Float32Array,
  row: number,
): number {
  const {vectors, dimensions} = table
  const offset = row * dimensions
  let sum = 0
  for (let d = 0; d < dimensions; d++) {
    const difference = (vector[d] ?? 0) - (vectors[offset + d] ?? 0)
    sum += difference * difference
  }
  return Math.sqrt(sum)
}

const SAMPLED_PAIRS = 2000

/** Median distance over pairs that step through the library by strides, so that the same library gives the same value. */
function typicalDistance(table: Pick<CandidateTable, 'vectors' | 'dimensions' | 'hasVector'>): number {
  const rows: number[] = []
  for (let row = 0; row < table.hasVector.length; row++) if (table.hasVector[row] === 1) rows.push(row)
  if (rows.length < 2) return 1
  const distances: number[] = []
  for (let n = 0; n < SAMPLED_PAIRS; n++) {
    const a = rows[(n * 7919) % rows.length] ?? 0
    const b = rows[(n * 104_729 + 1 + (n % 31)) % rows.length] ?? 0
    if (a !== b) distances.push(soundDistance(table, a, b))
  }
  distances.sort((x, y) => x - y)
  const median = distances[distances.length >> 1] ?? 1
  return median > 0 ? median : 1
}
