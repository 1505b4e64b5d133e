// The similarity vector: timbre, rhythm and balance of a track as one point, so that near means alike.

import type {BeatClock} from './beat-clock.js'
import type {BeatFeatures} from './beat-features.js'
import {foldedProfile} from './beat-phase.js'
import {EMBEDDING_MEAN, EMBEDDING_SPREAD} from './embedding-scale.js'
import type {OnsetStrength} from './onset-strength.js'
import type {Timbre, TimbreFrame} from './timbre.js'
import {EMBEDDING_SIZE} from './version.js'

const RHYTHM_STEPS = 8
const MFCCS = 12
const SHAPES = 6
const CLIP = 3

export interface EmbeddingInput {
  readonly timbre: Timbre
  readonly beats: BeatFeatures
  readonly strength: OnsetStrength
  /** Null where there is no grid: rhythm and tempo then say nothing. */
  readonly grid: {readonly clock: BeatClock; readonly offset: number; readonly tempoBpm: number} | null
  readonly energy: number
}

/** The measured values before scaling; NaN where a value cannot be told. */
export function embeddingValues(input: EmbeddingInput): Float64Array {
  const {timbre, beats, strength, grid} = input
  const all = [...timbre.onBeat, ...timbre.offBeat]
  const rhythm = strength.bands.flatMap((band) => rhythmPattern(band, grid))
  const levels = beats.levelDb.map((level) => loudMean(level))
  const overall = levels.reduce((sum, level) => sum + level, 0) / levels.length
  const values = [
    ...meanOf(timbre.onBeat, (frame) => frame.mfcc, MFCCS),
    ...meanOf(timbre.offBeat, (frame) => frame.mfcc, MFCCS),
    ...spreadOf(all, (frame) => frame.mfcc, MFCCS),
    ...meanOf(all, (frame) => frame.shape, SHAPES),
    ...spreadOf(all, (frame) => frame.shape, SHAPES),
    ...rhythm,
    ...levels.map((level) => level - overall),
    ...beats.levelDb.map(spread),
    loudMean(beats.kick),
    grid === null ? Number.NaN : Math.log2(grid.tempoBpm),
    loudMean(beats.density),
    input.energy,
    spread(beats.density),
    spread(beats.kick),
  ]
  return Float64Array.from({length: EMBEDDING_SIZE}, (_, i) => values[i] ?? Number.NaN)
}

/**
 * The point itself: each value by its usual mean and spread over music, clipped at three spreads, the whole scaled to
 * length 1, so that a cosine or Euclidean distance means the same in every library.
 */
export function embeddingFromValues(values: Float64Array): Float32Array | null {
  const point = Float32Array.from(values, (value, i) => {
    if (Number.isNaN(value)) return 0
    const scaled = (value - (EMBEDDING_MEAN[i] ?? 0)) / (EMBEDDING_SPREAD[i] ?? 1)
    return Math.max(-CLIP, Math.min(CLIP, scaled))
  })
  const length = Math.hypot(...point)
  return length > 1e-6 ? point.map((value) => value / length) : null
}

/** Attack strength at eight steps of the beat, scaled to sum 1. */
function rhythmPattern(band: Float32Array, grid: EmbeddingInput['grid']): number[] {
  if (grid === null) return new Array(RHYTHM_STEPS).fill(Number.NaN)
  const profile = foldedProfile(band, grid.clock)
  const start = grid.offset * profile.length
  const steps = new Array<number>(RHYTHM_STEPS).fill(0)
  for (let i = 0; i < profile.length; i++) {
    const fraction = (((i + 0.5 - start) / profile.length) % 1) + 1
    const step = Math.round((fraction % 1) * RHYTHM_STEPS) % RHYTHM_STEPS
    steps[step] = (steps[step] ?? 0) + (profile[i] as number)
  }
  const total = steps.reduce((sum, value) => sum + value, 0)
  return total > 1e-9 ? steps.map((value) => value / total) : new Array(RHYTHM_STEPS).fill(Number.NaN)
}

type Pick = (frame: TimbreFrame) => readonly number[]

function meanOf(frames: readonly TimbreFrame[], pick: Pick, size: number): number[] {
  return Array.from({length: size}, (_, i) =>
    frames.length === 0 ? Number.NaN : frames.reduce((sum, frame) => sum + (pick(frame)[i] ?? 0), 0) / frames.length,
  )
}

function spreadOf(frames: readonly TimbreFrame[], pick: Pick, size: number): number[] {
  const means = meanOf(frames, pick, size)
  return means.map((mean, i) =>
    Math.sqrt(frames.reduce((sum, frame) => sum + ((pick(frame)[i] ?? 0) - mean) ** 2, 0) / Math.max(1, frames.length)),
  )
}

/** Mean of the higher half: what sounds when the track is in full swing. */
function loudMean(values: Float32Array): number {
  const sorted = Float32Array.from(values)
    .sort()
    .subarray(Math.floor(values.length / 2))
  return sorted.length === 0 ? Number.NaN : sorted.reduce((sum, value) => sum + value, 0) / sorted.length
}

function spread(values: Float32Array): number {
  if (values.length === 0) return Number.NaN
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}
