// What sounds at each beat: attacks, levels and tones, the common material of bar, section and timbre decisions.

import {kickRise} from './beat-phase.js'
import type {Features} from './features.js'
import {BAND_COUNT} from './onset.js'
import type {OnsetStrength} from './onset-strength.js'
import {PEAKS_PER_FRAME, type PitchFrames} from './pitch-peaks.js'

export const PITCH_CLASSES = 12

export interface BeatFeatures {
  readonly count: number
  /** Strength of the kick's attack at each beat. */
  readonly kick: Float32Array
  /** Strength of the attack per band at each beat. */
  readonly attack: readonly Float32Array[]
  /** Level from each beat to the next in dB against full scale, per band, the last one above 2.5 kHz. */
  readonly levelDb: readonly Float32Array[]
  /** Mean onset strength from each beat to the next. */
  readonly density: Float32Array
  /** Pitch classes of each beat, PITCH_CLASSES values each, unit length; zeros where nothing has a pitch. */
  readonly chroma: Float32Array
  /** The same from tones below 260 Hz. */
  readonly bassChroma: Float32Array
}

const ATTACK_SLACK_SECONDS = 0.025
const SILENCE_DB = -80
const BASS_EDGE_HZ = 260
const COLUMNS_PER_SECOND = 100

export function beatFeatures(
  features: Features,
  strength: OnsetStrength,
  beatsMs: readonly number[],
  tuningCents: number,
): BeatFeatures {
  const {onsets} = features
  const count = beatsMs.length
  const frameOf = (ms: number): number => Math.round((ms / 1000) * onsets.frameRateHz)
  const slack = Math.round(ATTACK_SLACK_SECONDS * onsets.frameRateHz)
  const kick = kickRise(onsets)
  const near = (signal: Float32Array): Float32Array =>
    Float32Array.from(beatsMs, (ms) => highest(signal, frameOf(ms) - slack, frameOf(ms) + slack + 1))
  const endOf = (beat: number): number => beatsMs[beat + 1] ?? features.durationMs
  const between = (signal: Float32Array, rateHz: number): Float32Array =>
    Float32Array.from(beatsMs, (ms, beat) =>
      average(signal, Math.round((ms / 1000) * rateHz), Math.round((endOf(beat) / 1000) * rateHz)),
    )
  const toDb = (power: Float32Array): Float32Array =>
    power.map((value) => Math.max(SILENCE_DB, 10 * Math.log10(value + 1e-12)))
  return {
    count,
    kick: near(kick),
    attack: strength.bands.map(near),
    levelDb: [
      ...Array.from({length: BAND_COUNT}, (_, band) =>
        toDb(between(onsets.power[band] ?? new Float32Array(0), onsets.frameRateHz)),
      ),
      toDb(between(features.highPower, COLUMNS_PER_SECOND)),
    ],
    density: between(strength.sum, onsets.frameRateHz),
    chroma: chromaPerBeat(features.pitches, beatsMs, features.durationMs, tuningCents, BASS_EDGE_HZ, 2100),
    bassChroma: chromaPerBeat(features.pitches, beatsMs, features.durationMs, tuningCents, 0, BASS_EDGE_HZ),
  }
}

const BEATS_PER_PHRASE = 16

/** Share of each pitch class in the bass of the first two beats of every fourth bar; null where none is heard. */
export function phraseBass(beats: BeatFeatures, firstDownbeat: number): Float64Array | null {
  const shares = new Float64Array(PITCH_CLASSES)
  for (let phrase = firstDownbeat; phrase + 2 < beats.count; phrase += BEATS_PER_PHRASE)
    for (let i = 0; i < 2 * PITCH_CLASSES; i++)
      shares[i % PITCH_CLASSES] =
        (shares[i % PITCH_CLASSES] as number) + (beats.bassChroma[phrase * PITCH_CLASSES + i] as number)
  const total = shares.reduce((sum, value) => sum + value, 0)
  return total > 0 ? shares.map((value) => value / total) : null
}

function highest(signal: Float32Array, from: number, to: number): number {
  let best = 0
  for (let i = Math.max(0, from); i < Math.min(signal.length, to); i++) best = Math.max(best, signal[i] as number)
  return best
}

function average(signal: Float32Array, from: number, to: number): number {
  const start = Math.max(0, Math.min(from, signal.length - 1))
  const end = Math.min(signal.length, Math.max(to, start + 1))
  let sum = 0
  for (let i = start; i < end; i++) sum += signal[i] as number
  return end > start ? sum / (end - start) : 0
}

function chromaPerBeat(
  pitches: PitchFrames,
  beatsMs: readonly number[],
  durationMs: number,
  tuningCents: number,
  lowHz: number,
  highHz: number,
): Float32Array {
  const chroma = new Float32Array(beatsMs.length * PITCH_CLASSES)
  for (let beat = 0; beat < beatsMs.length; beat++) {
    const from = Math.ceil(((beatsMs[beat] ?? 0) / 1000) * pitches.frameRateHz)
    const until = Math.ceil(((beatsMs[beat + 1] ?? durationMs) / 1000) * pitches.frameRateHz)
    const row = chroma.subarray(beat * PITCH_CLASSES, (beat + 1) * PITCH_CLASSES)
    for (let frame = from; frame < Math.max(until, from + 1) && frame < pitches.length; frame++)
      addFrameChroma(pitches, frame, tuningCents, lowHz, highHz, row)
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
    if (norm > 1e-6) for (let i = 0; i < PITCH_CLASSES; i++) row[i] = (row[i] as number) / norm
  }
  return chroma
}

function addFrameChroma(
  pitches: PitchFrames,
  frame: number,
  tuningCents: number,
  lowHz: number,
  highHz: number,
  row: Float32Array,
): void {
  for (let p = frame * PEAKS_PER_FRAME; p < (frame + 1) * PEAKS_PER_FRAME; p++) {
    const hz = pitches.frequencyHz[p] as number
    if (hz <= lowHz || hz > highHz) continue
    const semitone = Math.round(69 + 12 * Math.log2(hz / 440) - tuningCents / 100)
    const pitchClass = ((semitone % PITCH_CLASSES) + PITCH_CLASSES) % PITCH_CLASSES
    row[pitchClass] = (row[pitchClass] as number) + Math.sqrt(pitches.amplitude[p] as number)
  }
}
