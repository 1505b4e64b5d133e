// Where in the period the beat stands: on the kick and snare, not on the off-beat hat or bass.
import type {OnsetFrames} from './onset.js'
import type {OnsetStrength} from './onset-strength.js'

const PHASE_BINS = 48
const KICK_CLIP = 4
/**
 * Weights of the kick's linear rise and of the four flux bands. Drums begin in all bands at once; bass lines that play
 * off the beat have no highs, and off-beat hats no lows, so the upper bands decide between them with the kick as judge.
 */
const WEIGHTS = {kick: 0.7, bands: [0.5, 0.4, 1, 1.5]} as const

/** Rise of the linear amplitude below 130 Hz, RMS 1, clipped: a kick is a fast rise, a bass note a slow one. */
export function kickRise(onsets: OnsetFrames): Float32Array {
  const power = onsets.power[0] ?? new Float32Array(0)
  const rise = new Float32Array(onsets.length)
  let energy = 0
  for (let i = 2; i < rise.length - 1; i++) {
    const value = Math.max(0, Math.sqrt(power[i + 1] as number) - Math.sqrt(power[i - 2] as number))
    rise[i] = value
    energy += value * value
  }
  const rms = Math.sqrt(energy / Math.max(1, rise.length))
  if (rms < 1e-7) return rise.fill(0)
  return rise.map((value) => Math.min(KICK_CLIP, value / rms))
}

/** Mean of a signal per phase of a period, PHASE_BINS values. */
export function foldedProfile(signal: Float32Array, periodFrames: number, from = 0, to = signal.length): Float64Array {
  const sums = new Float64Array(PHASE_BINS)
  const counts = new Float64Array(PHASE_BINS)
  for (let i = from; i < to; i++) {
    const turns = i / periodFrames
    const bin = Math.floor((turns - Math.floor(turns)) * PHASE_BINS)
    sums[bin] = (sums[bin] as number) + (signal[i] as number)
    counts[bin] = (counts[bin] as number) + 1
  }
  return sums.map((sum, bin) => sum / Math.max(1, counts[bin] as number))
}

/** Evidence for a beat, all bands weighed. */
export function beatActivation(onsets: OnsetFrames, strength: OnsetStrength): Float32Array {
  const activation = kickRise(onsets).map((value) => value * WEIGHTS.kick)
  for (const [band, weight] of WEIGHTS.bands.entries()) {
    const values = strength.bands[band]
    if (values === undefined) continue
    for (let i = 0; i < activation.length; i++)
      activation[i] = (activation[i] as number) + weight * (values[i] as number)
  }
  return activation
}

/** Position of the first beat at or after frame 0, in frames, for a constant period. */
export function beatPhaseFrames(activation: Float32Array, periodFrames: number): number {
  const profile = foldedProfile(activation, periodFrames)
  let best = 0
  let bestScore = -1
  for (let bin = 0; bin < PHASE_BINS; bin++) {
    let score = 0
    for (let d = -2; d <= 2; d++) score += (profile[(bin + d + PHASE_BINS) % PHASE_BINS] as number) / (1 + Math.abs(d))
    if (score > bestScore) {
      bestScore = score
      best = bin
    }
  }
  return ((best + 0.5) / PHASE_BINS) * periodFrames
}
