// A library of any size that looks like a DJ's: clustered tempos and genres, skewed artists, vectors around their genre.
import {keyFromIndex} from '../../src/core/key.js'
import {blankTrack, type MixTrack} from '../../src/mixing/mix-track.js'

const DIMENSIONS = 64
const GENRES = 40

export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

export function syntheticLibrary(count: number, seed = 7): MixTrack[] {
  const random = randomFrom(seed)
  const centres = Array.from({length: GENRES}, () => ({
    tempoBpm: 85 + random() * 90,
    vector: Array.from({length: DIMENSIONS}, () => random() - 0.5),
  }))
  return Array.from({length: count}, (_, n) => {
    const genre = Math.floor(random() ** 2 * GENRES)
    const centre = centres[genre]
    return {
      ...blankTrack(`t${n}`),
      artist: `artist ${Math.floor(random() ** 2 * Math.max(40, count / 8))}`,
      title: `title ${n}`,
      genre: `genre ${genre}`,
      tempoBpm: (centre?.tempoBpm ?? 120) + (random() - 0.5) * 8,
      key: keyFromIndex(Math.floor(random() * 24)),
      energy: 1 + Math.floor(random() * 10),
      durationMs: 180_000 + random() * 300_000,
      mixability: random(),
      vector: Float32Array.from(centre?.vector ?? [], (value) => value + (random() - 0.5) * 0.6),
    }
  })
}
