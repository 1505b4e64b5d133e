// The key: tuning first, then pitch classes over the whole track, compared with profiles of major and minor.
import {type Mode, TONICS} from '../core/key.js'
import type {KeyEstimate} from '../core/track.js'
import {PEAKS_PER_FRAME, type PitchFrames} from './pitch-peaks.js'

/**
 * Profiles from electronic dance music, major and minor, C first, normalised together below.
 *
 * @see Faraldo, Gómez, Jordà, Herrera: Key estimation in electronic dance music (ECIR 2016), the "edma" profiles
 */
const PROFILES: Readonly<Record<Mode, readonly number[]>> = {
  major: [0.1652, 0.0475, 0.0829, 0.0669, 0.0999, 0.0927, 0.0529, 0.1316, 0.0522, 0.0744, 0.0694, 0.0643],
  minor: [0.1724, 0.0534, 0.0761, 0.1004, 0.0562, 0.0853, 0.0498, 0.1345, 0.0746, 0.05, 0.0919, 0.0555],
}

const LOWEST_HZ = 55
const HIGHEST_HZ = 2000
const BASS_EDGE_HZ = 180

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
    const angle = 2 * Math.PI * 12 * Math.log2(hz / 440)
    re += weight * Math.cos(angle)
    im += weight * Math.sin(angle)
    total += weight
  }
  if (total === 0 || Math.hypot(re, im) / total < 0.02) return null
  return (Math.atan2(im, re) / (2 * Math.PI)) * 100
}

/** Energy per pitch class, C first, sum 1: each frame's peaks weigh the same whatever its level; null without any. */
export function keyChroma(pitches: PitchFrames, tuning: number, lowHz: number, highHz: number): Float64Array | null {
  const chroma = new Float64Array(12)
  const frame = new Float64Array(12)
  for (let f = 0; f < pitches.length; f++) {
    frame.fill(0)
    let sum = 0
    for (let p = f * PEAKS_PER_FRAME; p < (f + 1) * PEAKS_PER_FRAME; p++) {
      const hz = pitches.frequencyHz[p] as number
      if (hz < lowHz || hz > highHz) continue
      const note = 69 + 12 * Math.log2(hz / 440) - tuning / 100
      const nearest = Math.round(note)
      const closeness = Math.cos(Math.PI * (note - nearest)) ** 2
      const weight = closeness * Math.sqrt(pitches.amplitude[p] as number)
      const pitchClass = ((nearest % 12) + 12) % 12
      frame[pitchClass] = (frame[pitchClass] as number) + weight
      sum += weight
    }
    if (sum < 1e-3) continue
    const scale = 1 / Math.sqrt(sum)
    for (let i = 0; i < 12; i++) chroma[i] = (chroma[i] as number) + (frame[i] as number) * scale
  }
  const total = chroma.reduce((sum, value) => sum + value, 0)
  return total > 0 ? chroma.map((value) => value / total) : null
}

function correlation(chroma: Float64Array, profile: readonly number[], tonic: number): number {
  const meanA = 1 / 12
  const meanB = profile.reduce((sum, value) => sum + value, 0) / 12
  let ab = 0
  let aa = 0
  let bb = 0
  for (let i = 0; i < 12; i++) {
    const a = (chroma[(i + tonic) % 12] as number) - meanA
    const b = (profile[i] as number) - meanB
    ab += a * b
    aa += a * a
    bb += b * b
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0
}

/** Share of the spectrum's power that its peaks explain is low for noise; chroma of noise is flat. */
const LEAST_CONTRAST = 0.035

/** Two bars of slow music: less sound than this shows a chord, not a key. */
const LEAST_SECONDS = 6

/** The key of a track, or null where its sound has none: silence, noise, drums alone, a single tone. */
export function estimateKey(pitches: PitchFrames): KeyEstimate | null {
  if (pitches.length < LEAST_SECONDS * pitches.frameRateHz) return null
  const tuning = tuningCents(pitches)
  if (tuning === null) return null
  const chroma = keyChroma(pitches, tuning, LOWEST_HZ, HIGHEST_HZ)
  if (chroma === null) return null
  const bass = keyChroma(pitches, tuning, 30, BASS_EDGE_HZ)
  const mean = 1 / 12
  const contrast = Math.sqrt(chroma.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 12)
  const used = [...chroma].filter((value) => value > 0.04).length
  if (contrast < LEAST_CONTRAST / 3 || used < 3) return null
  const scores: {tonic: number; mode: Mode; score: number}[] = []
  for (const mode of ['major', 'minor'] as const)
    for (let tonic = 0; tonic < 12; tonic++)
      scores.push({
        tonic,
        mode,
        score: correlation(chroma, PROFILES[mode], tonic) + 0.3 * ((bass?.[tonic] ?? 0) - mean),
      })
  scores.sort((a, b) => b.score - a.score)
  const [best, second] = scores
  if (best === undefined || second === undefined || best.score < 0.3) return null
  const confidence = Math.max(0, Math.min(1, 0.5 * best.score + 3 * (best.score - second.score)))
  return {tonic: TONICS[best.tonic] ?? 'C', mode: best.mode, confidence, tuningCents: tuning}
}
