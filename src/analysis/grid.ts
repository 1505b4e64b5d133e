// From tempo, phase and bar to the beat grid that a DJ would set.
import type {BeatGrid} from '../core/beat-grid.js'
import {attackShiftMs} from './attack-align.js'
import {type BeatFeatures, beatFeatures} from './beat-features.js'
import {beatActivation, beatPhaseFrames} from './beat-phase.js'
import {findDownbeat} from './downbeat.js'
import type {Features} from './features.js'
import type {OnsetStrength} from './onset-strength.js'
import {type TempoCandidate, tempoEvidence} from './tempo.js'
import {chooseOctave} from './tempo-octave.js'
import {refineTempo} from './tempo-refine.js'

const BEATS_PER_BAR = 4
/** Below this comb support the onsets have no beat: noise and pads reach 0.06, music 0.2 and more. */
const LEAST_SUPPORT = 0.1
const LEAST_BEATS = 8
/** A tempo this close to a whole number was made as one; pitched records are not integers. */
const SNAP_BPM = 0.004
/** A beat this little before the start of the file stands at 0. */
const START_SLACK_MS = 3
const ALTERNATIVE_SHARE = 0.5

export interface Rhythm {
  readonly tempoBpm: number
  readonly tempoConfidence: number
  readonly tempoAlternativesBpm: readonly number[]
  readonly isTempoVariable: boolean
  readonly beatGrid: BeatGrid
  /** From the first beat in the file to the last. */
  readonly beatsMs: readonly number[]
  /** Index of the first downbeat among the beats. */
  readonly firstDownbeat: number
  readonly beats: BeatFeatures
}

/** Null where there is no beat to be told. */
export function findRhythm(features: Features, strength: OnsetStrength, tuningCents: number): Rhythm | null {
  const evidence = tempoEvidence(strength)
  const best = evidence.candidates[0]
  if (best === undefined || best.support < LEAST_SUPPORT) return null
  const activation = beatActivation(features.onsets, strength)
  const highs = upperBands(strength)
  const tempoBpm = snapped(chooseOctave(refineTempo(strength, best.tempoBpm), evidence, activation, highs))
  const periodMs = 60_000 / tempoBpm
  if (features.durationMs < LEAST_BEATS * periodMs) return null

  const {frameRateHz} = strength
  const phase = beatPhaseFrames(activation, (periodMs / 1000) * frameRateHz)
  const roughMs = beatsFrom((phase / frameRateHz) * 1000, periodMs, features.durationMs)
  const beatsMs = beatsFrom((roughMs[0] ?? 0) + attackShiftMs(features.audio, roughMs), periodMs, features.durationMs)

  const beats = beatFeatures(features, strength, beatsMs, tuningCents)
  const {firstDownbeat} = findDownbeat(beats)
  const marker = firstMarker(beatsMs, firstDownbeat, soundStartMs(features))
  return {
    tempoBpm,
    tempoConfidence: tempoConfidence(evidence.candidates),
    tempoAlternativesBpm: alternatives(evidence.candidates, best, tempoBpm),
    isTempoVariable: false,
    beatGrid: [{positionMs: marker, tempoBpm, beatInBar: 1}],
    beatsMs,
    firstDownbeat,
    beats,
  }
}

/** Snare, clap and hats: the sum of the two upper bands. */
function upperBands(strength: OnsetStrength): Float32Array {
  const [, , mid, high] = strength.bands
  return Float32Array.from({length: strength.length}, (_, i) => (mid?.[i] ?? 0) + (high?.[i] ?? 0))
}

function snapped(tempoBpm: number): number {
  const whole = Math.round(tempoBpm)
  return Math.abs(tempoBpm - whole) <= SNAP_BPM ? whole : tempoBpm
}

function beatsFrom(anyBeatMs: number, periodMs: number, durationMs: number): number[] {
  const slack = Math.min(START_SLACK_MS, periodMs / 10)
  let first = anyBeatMs - Math.floor((anyBeatMs + slack) / periodMs) * periodMs
  if (first < 0) first = 0
  const count = Math.max(0, Math.ceil((durationMs - first) / periodMs))
  return Array.from({length: count}, (_, n) => first + n * periodMs)
}

/** The first downbeat at which there is sound; the first of all where none is. */
function firstMarker(beatsMs: readonly number[], firstDownbeat: number, soundMs: number): number {
  const periodMs = (beatsMs[1] ?? 0) - (beatsMs[0] ?? 0)
  for (let beat = firstDownbeat; beat < beatsMs.length; beat += BEATS_PER_BAR)
    if ((beatsMs[beat] ?? 0) >= soundMs - 0.25 * periodMs) return beatsMs[beat] ?? 0
  return beatsMs[firstDownbeat] ?? 0
}

/** Where the sound first rises to 40 dB below the track's mean power. */
function soundStartMs(features: Features): number {
  const {onsets} = features
  let mean = 0
  const total = (frame: number): number => onsets.power.reduce((sum, band) => sum + (band[frame] as number), 0)
  for (let frame = 0; frame < onsets.length; frame++) mean += total(frame) / onsets.length
  for (let frame = 0; frame < onsets.length; frame++)
    if (total(frame) > mean * 1e-4) return (frame / onsets.frameRateHz) * 1000
  return 0
}

function tempoConfidence(candidates: readonly TempoCandidate[]): number {
  const [best, second] = candidates
  if (best === undefined) return 0
  const clarity = Math.min(1, best.support / 0.5)
  const lead = second === undefined ? 1 : Math.min(1, (best.score - second.score) / best.score / 0.4)
  return Math.round(100 * (0.5 * clarity + 0.5 * clarity * lead)) / 100
}

/** The other octave and what else the onsets support, at the exact tempo where it is a simple ratio. */
function alternatives(candidates: readonly TempoCandidate[], best: TempoCandidate, exactBpm: number): number[] {
  const found: number[] = []
  for (const candidate of candidates) {
    if (candidate === best || candidate.support < ALTERNATIVE_SHARE * best.support) continue
    const ratio = [1 / 3, 1 / 2, 2 / 3, 3 / 2, 2, 3].find(
      (r) => Math.abs(candidate.tempoBpm / best.tempoBpm / r - 1) < 0.02,
    )
    if (ratio !== undefined) found.push(exactBpm * ratio)
  }
  if (found.length === 0) found.push(exactBpm > 110 ? exactBpm / 2 : exactBpm * 2)
  return found.slice(0, 3)
}
