// The key: tuning first, then the tones of the whole track against what major and minor music is made of.
import {keyFromIndex, type Mode} from '../core/key.js'
import type {KeyEstimate} from '../core/track.js'
import {PEAKS_PER_FRAME, type PitchFrames} from './pitch-peaks.js'

const PITCH_CLASSES = 12

/**
 * How often each degree sounds in major and minor, for all tones and for the bass: tonic first, any scale.
 *
 * In the spirit of Temperley's probabilistic key finding (Music and Probability, 2007, §6): the key is the one under which
 * the tones are most likely, so that a tone outside the scale costs more than one inside it gains. A correlation with
 * smooth profiles forgives a wrong degree and lands a fifth off. Minor knows the raised seventh, major the lowered one.
 */
const DEGREES: Readonly<Record<Mode, {readonly all: readonly number[]; readonly bass: readonly number[]}>> = {
  major: {
    all: [20, 1.2, 12, 1.5, 15, 11, 1.2, 18, 1.5, 11, 2.5, 8],
    bass: [30, 3, 10, 3, 10, 12, 3, 16, 3, 10, 4, 6],
  },
  minor: {
    all: [20, 1.5, 9, 15, 1.5, 11, 1.5, 17, 10, 1.5, 13, 2],
    bass: [30, 4, 7, 10, 3, 12, 3, 14, 12, 3, 12, 4],
  },
}
const LOG_DEGREES = {major: logDegrees('major'), minor: logDegrees('minor')} as const
const BASS_WEIGHT = 0.15
/** Weight of what the bass plays where phrases begin: progressions start at home more often than elsewhere. */
const PHRASE_WEIGHT = 0.1
/** Club music is in minor about three times in four: worth this much log-likelihood per tone. */
const MINOR_BONUS = 0.03

const LOWEST_HZ = 55
const HIGHEST_HZ = 2000
const BASS_LOWEST_HZ = 40
const BASS_HIGHEST_HZ = 200
/** Two bars of slow music: less sound than this shows a chord, not a key. */
const LEAST_SECONDS = 6
/** Log-likelihood per tone under the best key; noise comes to −2.85, distorted metal to −2.6, pop to −2.2. */
const LEAST_LIKELIHOOD = -2.78
/** Share of the power that stands in peaks: noise has 0.035. */
const LEAST_TONAL_SHARE = 0.05
/** Pitch classes that must carry a twentieth of the tones each: a lone tone or fifth has no key. */
const LEAST_CLASSES = 3

function logDegrees(mode: Mode): {readonly all: readonly number[]; readonly bass: readonly number[]} {
  const logs = (weights: readonly number[]): number[] => {
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    return weights.map((weight) => Math.log(weight / total))
  }
  return {all: logs(DEGREES[mode].all), bass: logs(DEGREES[mode].bass)}
}

/**
 * How far the recording is tuned from A = 440 Hz, −50 to 50 cents: the circular mean of the peaks' deviations from the
 * semitone grid, weighed by amplitude. Null where the peaks agree on none (noise, drums).
 */
export function tuningCents(pitches: PitchFrames): number | null {
  let re = 0
  let im = 0
  let total = 0
  for (let p = 0; p < pitches.frequencyHz.length; p++) {
    const hz = pitches.frequencyHz[p] as number
    if (hz < 110 || hz > HIGHEST_HZ) continue
    const weight = Math.sqrt(pitches.amplitude[p] as number)
    const angle = 2 * Math.PI * PITCH_CLASSES * Math.log2(hz / 440)
    re += weight * Math.cos(angle)
    im += weight * Math.sin(angle)
    total += weight
  }
  if (total === 0 || Math.hypot(re, im) / total < 0.02) return null
  return (Math.atan2(im, re) / (2 * Math.PI)) * 100
}

/** Share of each pitch class, C first, sum 1; loud frames weigh by the root of their level. Null without any tone. */
export function keyChroma(pitches: PitchFrames, tuning: number, lowHz: number, highHz: number): Float64Array | null {
  const chroma = new Float64Array(PITCH_CLASSES)
  const frame = new Float64Array(PITCH_CLASSES)
  for (let f = 0; f < pitches.length; f++) {
    frame.fill(0)
    let sum = 0
    for (let p = f * PEAKS_PER_FRAME; p < (f + 1) * PEAKS_PER_FRAME; p++) {
      const hz = pitches.frequencyHz[p] as number
      if (hz < lowHz || hz > highHz) continue
      const note = 69 + PITCH_CLASSES * Math.log2(hz / 440) - tuning / 100
      const nearest = Math.round(note)
      const closeness = Math.cos(Math.PI * (note - nearest)) ** 2
      const weight = closeness * Math.sqrt(pitches.amplitude[p] as number)
      const pitchClass = ((nearest % PITCH_CLASSES) + PITCH_CLASSES) % PITCH_CLASSES
      frame[pitchClass] = (frame[pitchClass] as number) + weight
      sum += weight
    }
    if (sum < 1e-3) continue
    const scale = 1 / Math.sqrt(sum)
    for (let i = 0; i < PITCH_CLASSES; i++) chroma[i] = (chroma[i] as number) + (frame[i] as number) * scale
  }
  const total = chroma.reduce((sum, value) => sum + value, 0)
  return total > 0 ? chroma.map((value) => value / total) : null
}

function tonalShare(pitches: PitchFrames): number {
  let tones = 0
  for (const amplitude of pitches.amplitude) tones += amplitude * amplitude
  const all = pitches.power.reduce((sum, power) => sum + power, 0)
  return all > 0 ? tones / all : 0
}

/** Log-likelihood per tone of each of the 24 keys, numbered as `keyIndex` does. */
export function keyLikelihoods(
  chroma: Float64Array,
  bass: Float64Array | null,
  phraseBass: Float64Array | null = null,
): Float64Array {
  const likelihoods = new Float64Array(2 * PITCH_CLASSES)
  for (const mode of ['major', 'minor'] as const)
    for (let tonic = 0; tonic < PITCH_CLASSES; tonic++) {
      let sum = mode === 'minor' ? MINOR_BONUS : 0
      for (let degree = 0; degree < PITCH_CLASSES; degree++) {
        const pitchClass = (degree + tonic) % PITCH_CLASSES
        sum += (chroma[pitchClass] as number) * (LOG_DEGREES[mode].all[degree] as number)
        const low = BASS_WEIGHT * (bass?.[pitchClass] ?? 0) + PHRASE_WEIGHT * (phraseBass?.[pitchClass] ?? 0)
        sum += low * (LOG_DEGREES[mode].bass[degree] as number)
      }
      likelihoods[tonic + (mode === 'minor' ? PITCH_CLASSES : 0)] = sum
    }
  return likelihoods
}

/**
 * The key of a track, or null where its sound has none: silence, noise, drums alone, a single tone.
 *
 * @param phraseBass share of each pitch class in the bass where phrases begin; null without a beat grid
 */
export function estimateKey(pitches: PitchFrames, phraseBass: Float64Array | null = null): KeyEstimate | null {
  if (pitches.length < LEAST_SECONDS * pitches.frameRateHz) return null
  const tuning = tuningCents(pitches)
  if (tuning === null || tonalShare(pitches) < LEAST_TONAL_SHARE) return null
  const chroma = keyChroma(pitches, tuning, LOWEST_HZ, HIGHEST_HZ)
  if (chroma === null || chroma.filter((share) => share >= 0.05).length < LEAST_CLASSES) return null
  const likelihoods = keyLikelihoods(chroma, keyChroma(pitches, tuning, BASS_LOWEST_HZ, BASS_HIGHEST_HZ), phraseBass)
  const best = likelihoods.indexOf(Math.max(...likelihoods))
  const plain = keyLikelihoods(chroma, null)
  if (Math.max(...plain) < LEAST_LIKELIHOOD) return null
  return {...keyFromIndex(best), confidence: confidenceOf(likelihoods, best), tuningCents: tuning}
}

/** Probability of the best key if each track brought about thirty independent tones; 0 to 1. */
function confidenceOf(likelihoods: Float64Array, best: number): number {
  const top = likelihoods[best] as number
  const total = likelihoods.reduce((sum, value) => sum + Math.exp(30 * (value - top)), 0)
  return 1 / total
}
