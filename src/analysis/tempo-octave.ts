// Whether music is counted at a tempo, its half or its double: by the prior, and by what happens between the beats.
import {constantClock} from './beat-clock.js'
import {foldedProfile} from './beat-phase.js'
import {combSupport, MAX_TEMPO_BPM, MIN_TEMPO_BPM, type TempoEvidence, tempoPrior} from './tempo.js'

const WINDOW_SECONDS = 10
/** Onsets halfway between the beats, as a share of those on them, where neither octave is favoured. */
const USUAL_BETWEEN = 0.5
const SWAY = 0.8
/** Difference of odd and even beats from which a double tempo is a subdivision, not a row of equal beats. */
const CLEAR_ALTERNATION = 0.1

export interface BeatTexture {
  /** Onset strength halfway between beats over that on beats. */
  readonly between: number
  /** |odd − even| over their sum, 0 where all beats are alike. */
  readonly alternation: number
}

/**
 * What a grid of this period finds on its beats and between them, each 10 s window at its own best phase, so that a drift
 * of tempo does not blur it.
 */
export function beatTexture(
  activation: Float32Array,
  highs: Float32Array,
  periodFrames: number,
  rateHz: number,
): BeatTexture {
  const clock = constantClock(periodFrames)
  const windowFrames = Math.round(WINDOW_SECONDS * rateHz)
  let on = 0
  let between = 0
  let difference = 0
  for (let start = 0; start + windowFrames / 2 < activation.length; start += windowFrames) {
    const end = Math.min(activation.length, start + windowFrames)
    const profile = foldedProfile(activation, clock, start, end)
    const peak = profile.indexOf(Math.max(...profile))
    const phase = ((peak + 0.5) / profile.length) * periodFrames
    let even = 0
    let odd = 0
    let index = Math.ceil((start - phase) / periodFrames)
    for (let at = phase + index * periodFrames; at < end; at += periodFrames) {
      const value = peakNear(highs, at)
      if (index++ % 2 === 0) even += value
      else odd += value
      between += peakNear(highs, at + periodFrames / 2)
    }
    on += even + odd
    difference += Math.abs(even - odd)
  }
  return on > 0 ? {between: between / on, alternation: difference / on} : {between: 0, alternation: 0}
}

function peakNear(signal: Float32Array, position: number): number {
  const centre = Math.round(position)
  let best = 0
  for (let i = Math.max(0, centre - 3); i <= centre + 3 && i < signal.length; i++)
    best = Math.max(best, signal[i] as number)
  return best
}

/** How much the texture speaks for this tempo against its half: above 1 for it. */
function subdivisionFactor({between, alternation}: BeatTexture): number {
  const lean = SWAY * (Math.min(1.2, between) - USUAL_BETWEEN)
  return lean >= 0 ? 1 + lean : 1 + lean * Math.min(1, alternation / CLEAR_ALTERNATION)
}

/** Of a tempo, its half and its double, the one at which the track is counted. */
export function chooseOctave(
  tempoBpm: number,
  evidence: TempoEvidence,
  activation: Float32Array,
  highs: Float32Array,
): number {
  const {acf, frameRateHz} = evidence
  const family = [tempoBpm / 2, tempoBpm, tempoBpm * 2].filter((bpm) => bpm >= MIN_TEMPO_BPM && bpm <= MAX_TEMPO_BPM)
  let best = tempoBpm
  let bestScore = Number.NEGATIVE_INFINITY
  let factor = 1
  for (const [index, bpm] of family.entries()) {
    const periodFrames = (60 * frameRateHz) / bpm
    if (index > 0) factor *= subdivisionFactor(beatTexture(activation, highs, periodFrames, frameRateHz))
    const score = combSupport(acf, periodFrames) * tempoPrior(bpm) * factor
    if (score > bestScore) {
      bestScore = score
      best = bpm
    }
  }
  return best
}
