// Candidates for where in the period the beat stands: the peaks of the onsets folded over the beat clock.
import type {BeatClock} from './beat-clock.js'
import type {OnsetFrames} from './onset.js'
import type {OnsetStrength} from './onset-strength.js'

export const PHASE_BINS = 48
const KICK_CLIP = 4
/** Weights of the kick's linear rise and of the four flux bands in the activation on which beats are sought. */
const WEIGHTS = {kick: 0.7, bands: [0.5, 0.4, 1, 1.5]} as const
const MAX_CANDIDATES = 4
const LEAST_SHARE = 0.35
/** Candidates stand at least an eighth of a beat apart. */
const LEAST_DISTANCE = PHASE_BINS / 8

/** Rise of the linear amplitude below 130 Hz, RMS 1, clipped: a kick is a fast rise, a bass note a slow one. */
export function kickRise(onsets: OnsetFrames): Float32Array {
  const power = onsets.power[0] ?? new Float32Array(0)
  const amplitude = power.map(Math.sqrt)
  const rise = new Float32Array(onsets.length)
  let energy = 0
  for (let i = 2; i < rise.length - 1; i++) {
    const value = Math.max(0, (amplitude[i + 1] as number) - (amplitude[i - 2] as number))
    rise[i] = value
    energy += value * value
  }
  const rms = Math.sqrt(energy / Math.max(1, rise.length))
  if (rms < 1e-7) return rise.fill(0)
  return rise.map((value) => Math.min(KICK_CLIP, value / rms))
}

/** Mean of a signal per phase of the clock, PHASE_BINS values. */
export function foldedProfile(signal: Float32Array, clock: BeatClock, from = 0, to = signal.length): Float64Array {
  const sums = new Float64Array(PHASE_BINS)
  const counts = new Float64Array(PHASE_BINS)
  let turns = clock.turnsAt(from)
  for (let start = from; start < to; start += FOLD_STEP) {
    const end = Math.min(to, start + FOLD_STEP)
    const next = clock.turnsAt(end)
    const step = (next - turns) / (end - start)
    for (let i = start; i < end; i++) {
      const bin = Math.floor((turns - Math.floor(turns)) * PHASE_BINS)
      sums[bin] = (sums[bin] as number) + (signal[i] as number)
      counts[bin] = (counts[bin] as number) + 1
      turns += step
    }
    turns = next
  }
  return sums.map((sum, bin) => sum / Math.max(1, counts[bin] as number))
}

/** Frames over which the clock is taken for straight while folding. */
const FOLD_STEP = 64

/** Evidence for a beat, all bands weighed. */
export function beatActivation(kick: Float32Array, strength: OnsetStrength): Float32Array {
  const activation = kick.map((value) => value * WEIGHTS.kick)
  for (const [band, weight] of WEIGHTS.bands.entries()) {
    const values = strength.bands[band]
    if (values === undefined) continue
    for (let i = 0; i < activation.length; i++)
      activation[i] = (activation[i] as number) + weight * (values[i] as number)
  }
  return activation
}

/** Offsets in turns at which the beat may stand, strongest first. */
export function phaseCandidates(activation: Float32Array, clock: BeatClock): number[] {
  const profile = foldedProfile(activation, clock)
  const smooth = profile.map((_, bin) => {
    let score = 0
    for (let d = -2; d <= 2; d++) score += (profile[(bin + d + PHASE_BINS) % PHASE_BINS] as number) / (1 + Math.abs(d))
    return score
  })
  const bins = [...smooth.keys()].sort((a, b) => (smooth[b] as number) - (smooth[a] as number))
  const strongest = smooth[bins[0] ?? 0] as number
  const chosen: number[] = []
  for (const bin of bins) {
    if (chosen.length === MAX_CANDIDATES || (smooth[bin] as number) < LEAST_SHARE * strongest) break
    const isFree = chosen.every((other) => {
      const distance = Math.abs(bin - other)
      return Math.min(distance, PHASE_BINS - distance) >= LEAST_DISTANCE
    })
    if (isFree) chosen.push(bin)
  }
  return chosen.map((bin) => (bin + 0.5) / PHASE_BINS)
}
