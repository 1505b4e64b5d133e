// The beat clock of a track: straight where one tempo holds, bent where onsets sit clearly better on one that moves.
import {type BeatClock, bentClock, constantClock} from './beat-clock.js'
import {clockContrast} from './clock-align.js'
import {isTempoSteady, periodCurve, trackBeats} from './tempo-curve.js'
import {clockAlongPath, tempoPaths} from './tempo-path.js'

/**
 * A bent clock must gather the onsets so much better than the straight one: on steady music it reaches 1.08 times (1.5
 * with hardly any beat, where it follows noise; hence the least gain too), on music that wanders 1.5 and more.
 */
const LEAST_RATIO = 1.3
const LEAST_GAIN = 0.04
/** Root mean square of its way off the straight line: players to a click wander less, and a straight grid serves them. */
const LEAST_WANDER_MS = 12
/** How far a tempo may go from the main one along a path: a drummer's wander or a ramp; a transition from 100 to 128. */
const NEAR_REACH = 0.16
const FAR_REACH = 0.3
const LEAST_BEATS = 8

export interface TrackClock {
  readonly clock: BeatClock
  readonly isVariable: boolean
}

/** @param activation evidence for beats per frame */
export function findTrackClock(activation: Float32Array, periodFrames: number, frameRateHz: number): TrackClock {
  const straight = constantClock(periodFrames)
  let best: TrackClock = {clock: straight, isVariable: false}
  let contrast = clockContrast(activation, straight)
  const consider = (clock: BeatClock): void => {
    const other = clockContrast(activation, clock)
    if (other < LEAST_RATIO * contrast || other < contrast + LEAST_GAIN) return
    if ((1000 * wanderFrames(clock, activation.length, periodFrames)) / frameRateHz < LEAST_WANDER_MS) return
    best = {clock, isVariable: true}
    contrast = other
  }
  // The near path first: a wide one has more other lines of the spectrum to stray to, and must gain as much again.
  const [near = [], far = []] = tempoPaths(activation, periodFrames, frameRateHz, [NEAR_REACH, FAR_REACH])
  const isStraight = near.every((detuning) => detuning === near[0])
  const isSame = far.every((detuning, i) => Math.abs(detuning - (near[i] ?? 0)) < 1e-9)
  if (!isStraight) consider(clockAlongPath(activation, near, periodFrames, frameRateHz))
  if (!isSame) consider(clockAlongPath(activation, far, periodFrames, frameRateHz))
  if (isTempoSteady(activation, periodFrames, frameRateHz)) return best
  // Songs of tempi further apart, whose beats do not join.
  const beats = trackBeats(activation, periodCurve(activation, periodFrames, frameRateHz), frameRateHz)
  if (beats.length >= LEAST_BEATS) consider(bentClock(beats))
  return best
}

const SAMPLES = 200

/** Root mean square distance in frames of a clock from the straight one nearest to it. */
function wanderFrames(clock: BeatClock, length: number, periodFrames: number): number {
  const turns = Array.from({length: SAMPLES}, (_, i) => clock.turnsAt((i * length) / SAMPLES))
  const middle = (SAMPLES - 1) / 2
  const mean = turns.reduce((sum, turn) => sum + turn, 0) / SAMPLES
  const spread = turns.reduce((sum, _, i) => sum + (i - middle) ** 2, 0)
  const slope = turns.reduce((sum, turn, i) => sum + (i - middle) * (turn - mean), 0) / spread
  const squares = turns.reduce((sum, turn, i) => sum + (turn - mean - (i - middle) * slope) ** 2, 0)
  return Math.sqrt(squares / SAMPLES) * periodFrames
}
