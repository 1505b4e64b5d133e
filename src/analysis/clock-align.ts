// How well onsets sit on a beat clock, and the clock bent so that they sit better.
import {type BeatClock, bentClock} from './beat-clock.js'
import {foldedProfile, PHASE_BINS} from './beat-phase.js'
import {likeliestPath} from './viterbi.js'

const ROUNDS = 3
const WINDOW_SECONDS = 5
/** Bins by which a window may stand off the mean, either way. */
const MOST_SHIFT = PHASE_BINS / 2
/** Price of one bin's change of phase per hop, squared: 10 ms per second is 2 % of tempo at 120 BPM. */
const SHIFT_PRICE = 0.02

/**
 * The clock through the knots, its phase moved at each so that the onsets around it stand where those of the whole track
 * do: the mean beat is the template that every window of 5 s is laid against, and grows sharper from round to round.
 *
 * @param frames positions about a second apart, rising, at least two
 * @param turns of the beat there
 */
export function alignedClock(
  activation: Float32Array,
  frames: readonly number[],
  turns: readonly number[],
  frameRateHz: number,
): BeatClock {
  let knots = turns
  for (let round = 0; round < ROUNDS; round++) knots = aligned(activation, frames, knots, frameRateHz)
  return bentClock(frames, knots)
}

function aligned(
  activation: Float32Array,
  frames: readonly number[],
  turns: readonly number[],
  frameRateHz: number,
): number[] {
  const clock = bentClock(frames, turns)
  const half = (WINDOW_SECONDS * frameRateHz) / 2
  const profiles = frames.map((frame) =>
    smoothed(
      foldedProfile(
        activation,
        clock,
        Math.round(Math.max(0, Math.min(activation.length - 1, frame - half))),
        Math.round(Math.min(activation.length, frame + half)),
      ),
    ),
  )
  const mean = smoothed(foldedProfile(activation, clock))
  const meanSize = Math.hypot(...mean)
  const sizes = profiles.map((profile) => Math.hypot(...profile))
  const usual = [...sizes].sort((a, b) => a - b)[sizes.length >> 1] ?? 0
  if (!(meanSize > 0) || !(usual > 0)) return [...turns]
  const rewards = profiles.map((profile, i) => {
    const scale = meanSize * Math.max(sizes[i] ?? 0, usual / 2)
    const reward = new Float64Array(2 * MOST_SHIFT + 1)
    for (let shift = -MOST_SHIFT; shift <= MOST_SHIFT; shift++) {
      let dot = 0
      for (let bin = 0; bin < PHASE_BINS; bin++)
        dot += (mean[bin] as number) * (profile[(bin + shift + 2 * PHASE_BINS) % PHASE_BINS] as number)
      reward[shift + MOST_SHIFT] = dot / scale
    }
    return reward
  })
  const shifts = likeliestPath(rewards, (change) => SHIFT_PRICE * change * change).map((state) => state - MOST_SHIFT)
  return turns.map((turn, i) => {
    const near = shifts.slice(Math.max(0, i - 1), i + 2)
    return turn - near.reduce((sum, shift) => sum + shift, 0) / near.length / PHASE_BINS
  })
}

/** Less its mean, over three bins. */
function smoothed(profile: Float64Array): Float64Array {
  const mean = profile.reduce((sum, value) => sum + value, 0) / profile.length
  const at = (bin: number): number => profile[(bin + PHASE_BINS) % PHASE_BINS] as number
  return profile.map((value, bin) => 0.25 * at(bin - 1) + 0.5 * value + 0.25 * at(bin + 1) - mean)
}

/** How clearly onsets gather at phases of a clock: the variance of the mean beat over its squared mean. */
export function clockContrast(activation: Float32Array, clock: BeatClock): number {
  const profile = foldedProfile(activation, clock)
  const mean = profile.reduce((sum, value) => sum + value, 0) / profile.length
  if (!(mean > 0)) return 0
  return profile.reduce((sum, value) => sum + (value - mean) ** 2, 0) / profile.length / mean ** 2
}
