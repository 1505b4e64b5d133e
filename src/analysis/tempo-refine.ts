// The exact tempo: where the Fourier transform of the whole onset function, at the beat and its parts, is strongest.
import type {OnsetStrength} from './onset-strength.js'

/** Multiples of the beat frequency that are summed. */
const HARMONICS = [1, 2, 4] as const

/** Power of the signal's Fourier transform at one frequency in cycles per frame, with a recurrence for the phasor. */
export function powerAt(signal: Float32Array, frequency: number): number {
  const stepRe = Math.cos(2 * Math.PI * frequency)
  const stepIm = -Math.sin(2 * Math.PI * frequency)
  let phaseRe = 1
  let phaseIm = 0
  let re = 0
  let im = 0
  for (let i = 0; i < signal.length; i++) {
    const value = signal[i] as number
    re += value * phaseRe
    im += value * phaseIm
    const next = phaseRe * stepRe - phaseIm * stepIm
    phaseIm = phaseRe * stepIm + phaseIm * stepRe
    phaseRe = next
  }
  return re * re + im * im
}

function beatPower(signal: Float32Array, frequency: number): number {
  let sum = 0
  for (const harmonic of HARMONICS) sum += powerAt(signal, frequency * harmonic)
  return sum
}

/** Frames added into one for the scan: at 43 Hz the fourth multiple of any tempo is still far from folding over. */
const THINNING = 4

function thinned(signal: Float32Array): Float32Array {
  const out = new Float32Array(Math.ceil(signal.length / THINNING))
  for (let i = 0; i < signal.length; i++)
    out[Math.floor(i / THINNING)] = (out[Math.floor(i / THINNING)] as number) + (signal[i] as number)
  return out
}

/**
 * The tempo within ±1.2 % of an estimate, to about a thousandth of a BPM where the tempo is constant.
 *
 * A scan at a third of the transform's own resolution, then golden-section search around the highest value.
 */
export function refineTempo(strength: OnsetStrength, estimateBpm: number, reach = 0.012): number {
  const {sum, frameRateHz} = strength
  if (sum.length < 8) return estimateBpm
  const centre = estimateBpm / 60 / frameRateHz
  const coarse = thinned(sum)
  const step = 1 / sum.length / 4 / 3
  const steps = Math.min(200, Math.max(2, Math.ceil((centre * reach) / step)))
  let best = centre
  let bestPower = -1
  for (let i = -steps; i <= steps; i++) {
    const frequency = centre + (i * centre * reach) / steps
    const power = beatPower(coarse, frequency * THINNING)
    if (power > bestPower) {
      bestPower = power
      best = frequency
    }
  }
  const width = (centre * reach) / steps
  let low = best - width
  let high = best + width
  const ratio = (Math.sqrt(5) - 1) / 2
  let a = high - ratio * (high - low)
  let b = low + ratio * (high - low)
  let powerA = beatPower(sum, a)
  let powerB = beatPower(sum, b)
  for (let i = 0; i < 22; i++) {
    if (powerA > powerB) {
      high = b
      b = a
      powerB = powerA
      a = high - ratio * (high - low)
      powerA = beatPower(sum, a)
    } else {
      low = a
      a = b
      powerA = powerB
      b = low + ratio * (high - low)
      powerB = beatPower(sum, b)
    }
  }
  return ((low + high) / 2) * 60 * frameRateHz
}
