// Tempo that wanders a little: its course through the track, and musical time bent after it.
import {type BeatClock, constantClock} from './beat-clock.js'
import {alignedClock} from './clock-align.js'
import {likeliestPath} from './viterbi.js'

/** Multiples of the beat frequency whose power is summed. */
const HARMONICS = [1, 2, 4] as const
const WINDOW_SECONDS = 9
const HOP_SECONDS = 1
const DETUNE_STEP = 0.0025
/** Price of a change of tempo by one step per hop, in shares of a window's power, and of a sudden one of any size. */
const STEP_PRICE = 0.02
const JUMP_PRICE = 0.6
/** A window counts fully from this share of the usual power on. */
const QUIET_SHARE = 0.25

/**
 * The likeliest courses of the beat's frequency, one for each reach: its detuning from the main tempo, as a share of it,
 * at every second. Windows of 9 s each tell the power at the beat, its half and its quarter.
 *
 * @param reaches how far from the main tempo; below 1/3, where other ways to count the same beat begin
 */
export function tempoPaths(
  activation: Float32Array,
  periodFrames: number,
  frameRateHz: number,
  reaches: readonly number[],
): number[][] {
  const centre = Math.round(Math.max(...reaches) / DETUNE_STEP)
  const detunings = Float64Array.from({length: 2 * centre + 1}, (_, state) => (state - centre) * DETUNE_STEP)
  const powers = windowPowers(activation, periodFrames, frameRateHz, detunings)
  const price = (change: number): number => Math.min(JUMP_PRICE, STEP_PRICE * change)
  return reaches.map((reach) => {
    const reachStates = Math.round(reach / DETUNE_STEP)
    const near = powers.map((power) => power.subarray(centre - reachStates, centre + reachStates + 1))
    return likeliestPath(near, price).map((state) => (state - reachStates) * DETUNE_STEP)
  })
}

/** Musical time that runs after a course of detunings, each beat's phase then brought in line with the onsets. */
export function clockAlongPath(
  activation: Float32Array,
  path: readonly number[],
  periodFrames: number,
  frameRateHz: number,
): BeatClock {
  if (path.length < 2) return constantClock(periodFrames)
  const hop = HOP_SECONDS * frameRateHz
  const turns = [0]
  for (let i = 1; i < path.length; i++) {
    const detuning = ((path[i - 1] ?? 0) + (path[i] ?? 0)) / 2
    turns.push((turns[i - 1] ?? 0) + (hop / periodFrames) * (1 + detuning))
  }
  const frames = path.map((_, i) => i * hop)
  return alignedClock(activation, frames, turns, frameRateHz)
}

/** Per window and detuning the share of power that stands at the beat's multiples, 0 to 1. */
function windowPowers(
  activation: Float32Array,
  periodFrames: number,
  frameRateHz: number,
  detunings: Float64Array,
): Float64Array[] {
  const block = Math.max(1, Math.round(periodFrames / 2))
  const flat = withoutMean(activation, Math.round(periodFrames))
  const bands = HARMONICS.map((harmonic) => baseband(flat, harmonic / periodFrames, block))
  const hop = HOP_SECONDS * frameRateHz
  const half = (WINDOW_SECONDS * frameRateHz) / 2
  const powers: Float64Array[] = []
  const energies: number[] = []
  for (let centre = 0; centre <= activation.length; centre += hop) {
    const from = Math.max(0, Math.ceil((centre - half) / block))
    const to = Math.min(Math.ceil(activation.length / block), Math.floor((centre + half) / block) + 1)
    const weights = Float64Array.from({length: Math.max(0, to - from)}, (_, k) =>
      hann(((from + k + 0.5) * block - centre) / half),
    )
    const power = new Float64Array(detunings.length)
    let energy = 0
    for (const [index, harmonic] of HARMONICS.entries()) {
      const part = bands[index]?.subarray(2 * from, 2 * to) ?? new Float64Array(0)
      energy += fullPower(part, weights)
      for (let state = 0; state < detunings.length; state++) {
        const turnsPerBlock = (harmonic * block * (detunings[state] as number)) / periodFrames
        power[state] = (power[state] as number) + powerAt(part, weights, turnsPerBlock)
      }
    }
    powers.push(power)
    energies.push(energy)
  }
  const usual = [...energies].sort((a, b) => a - b)[energies.length >> 1] ?? 0
  return powers.map((power, i) => {
    const full = Math.max(energies[i] ?? 0, QUIET_SHARE * usual)
    return full > 0 ? power.map((value) => value / full) : power
  })
}

function hann(position: number): number {
  return Math.abs(position) < 1 ? 0.5 + 0.5 * Math.cos(Math.PI * position) : 0
}

/** Minus the mean over one beat around: all that is slower goes, the beat and its multiples stay. */
function withoutMean(signal: Float32Array, length: number): Float32Array {
  const half = length >> 1
  const sums = new Float64Array(signal.length + 1)
  for (let i = 0; i < signal.length; i++) sums[i + 1] = (sums[i] as number) + (signal[i] as number)
  return signal.map((value, i) => {
    const from = Math.max(0, i - half)
    const to = Math.min(signal.length, i - half + length)
    return value - ((sums[to] as number) - (sums[from] as number)) / (to - from)
  })
}

/** The signal turned back by one frequency (cycles per frame) and summed over blocks of frames: real and imaginary parts. */
function baseband(signal: Float32Array, frequency: number, block: number): Float64Array {
  const sums = new Float64Array(2 * Math.ceil(signal.length / block))
  const stepRe = Math.cos(2 * Math.PI * frequency)
  const stepIm = -Math.sin(2 * Math.PI * frequency)
  for (let start = 0, k = 0; start < signal.length; start += block, k += 2) {
    let phaseRe = Math.cos(2 * Math.PI * frequency * start)
    let phaseIm = -Math.sin(2 * Math.PI * frequency * start)
    let re = 0
    let im = 0
    for (let i = start; i < start + block && i < signal.length; i++) {
      re += (signal[i] as number) * phaseRe
      im += (signal[i] as number) * phaseIm
      const next = phaseRe * stepRe - phaseIm * stepIm
      phaseIm = phaseRe * stepIm + phaseIm * stepRe
      phaseRe = next
    }
    sums[k] = re
    sums[k + 1] = im
  }
  return sums
}

/** Power of the weighed complex signal at one frequency in turns per value. */
function powerAt(signal: Float64Array, weights: Float64Array, frequency: number): number {
  const stepRe = Math.cos(2 * Math.PI * frequency)
  const stepIm = -Math.sin(2 * Math.PI * frequency)
  let phaseRe = 1
  let phaseIm = 0
  let sumRe = 0
  let sumIm = 0
  for (let k = 0; k < weights.length; k++) {
    const re = (weights[k] as number) * (signal[2 * k] as number)
    const im = (weights[k] as number) * (signal[2 * k + 1] as number)
    sumRe += re * phaseRe - im * phaseIm
    sumIm += re * phaseIm + im * phaseRe
    const next = phaseRe * stepRe - phaseIm * stepIm
    phaseIm = phaseRe * stepIm + phaseIm * stepRe
    phaseRe = next
  }
  return sumRe * sumRe + sumIm * sumIm
}

/** The power that the signal would have if it all stood at one frequency. */
function fullPower(signal: Float64Array, weights: Float64Array): number {
  let energy = 0
  let total = 0
  for (let k = 0; k < weights.length; k++) {
    const weight = weights[k] as number
    energy += weight * ((signal[2 * k] as number) ** 2 + (signal[2 * k + 1] as number) ** 2)
    total += weight
  }
  return energy * total
}
