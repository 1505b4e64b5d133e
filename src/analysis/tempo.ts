// Tempo from the autocorrelation of the onset function: the period that its multiples and parts support.
import {autocorrelation, valueAtLag} from './autocorrelation.js'
import type {OnsetStrength} from './onset-strength.js'

export const MIN_TEMPO_BPM = 55
export const MAX_TEMPO_BPM = 215
const STEP = 1.004
/** Beats over which the periodicity is followed. */
const LONGEST_BEATS = 16

/** Lags in beats that a true beat period explains, with their weights. */
const SUPPORT: readonly (readonly [number, number])[] = [
  [0.25, 0.4],
  [0.5, 0.7],
  [1, 1],
  [2, 1],
  [4, 1],
  [8, 0.8],
  [16, 0.6],
]
/** Lags that belong to a tempo in a ratio of 3 or to no metre at all: evidence against. */
const CONTRARY: readonly (readonly [number, number])[] = [
  [2 / 3, 0.7],
  [3 / 4, 0.3],
  [4 / 3, 0.6],
  [3 / 2, 0.3],
  [3 / 8, 0.2],
  [1 / 3, 0.6],
]

export interface TempoCandidate {
  readonly tempoBpm: number
  /** Comb score with the prior; comparable within one track. */
  readonly score: number
  /** Comb score without the prior. */
  readonly support: number
}

export interface TempoEvidence {
  /** Best first, the local maxima of the score. */
  readonly candidates: readonly TempoCandidate[]
  /** The onset autocorrelation, for those who ask further. */
  readonly acf: Float32Array
  readonly frameRateHz: number
}

/** Log-normal preference for the tempo at which music is counted; centre 135 BPM. */
export function tempoPrior(tempoBpm: number): number {
  return Math.exp(-0.5 * (Math.log2(tempoBpm / 135) / 0.62) ** 2)
}

/** Half of what a width of 6 ms may miss: long lags are read as the maximum nearby. */
function peakNear(acf: Float32Array, lag: number, slack: number): number {
  let best = valueAtLag(acf, lag)
  for (let d = 0.5; d <= slack; d += 0.5) best = Math.max(best, valueAtLag(acf, lag - d), valueAtLag(acf, lag + d))
  return best
}

export function combSupport(acf: Float32Array, periodFrames: number): number {
  let score = 0
  let weights = 0
  for (const [beats, weight] of SUPPORT) {
    const lag = beats * periodFrames
    if (lag >= acf.length - 1) continue
    score += weight * peakNear(acf, lag, Math.max(1, lag * 0.002))
    weights += weight
  }
  let against = 0
  for (const [beats, weight] of CONTRARY) against += weight * valueAtLag(acf, beats * periodFrames)
  return score / weights - against / 5.3
}

export function tempoEvidence(strength: OnsetStrength): TempoEvidence {
  const {frameRateHz} = strength
  const longest = Math.min(strength.length - 1, Math.ceil((LONGEST_BEATS * 60 * frameRateHz) / MIN_TEMPO_BPM) + 8)
  const acf = autocorrelation(strength.sum, Math.max(4, longest))
  const tempi: number[] = []
  for (let bpm = MIN_TEMPO_BPM; bpm <= MAX_TEMPO_BPM; bpm *= STEP) tempi.push(bpm)
  const supports = tempi.map((bpm) => combSupport(acf, (60 * frameRateHz) / bpm))
  const candidates: TempoCandidate[] = []
  for (const [i, tempoBpm] of tempi.entries()) {
    const support = supports[i] ?? 0
    if (support <= 0 || support < (supports[i - 1] ?? -1) || support <= (supports[i + 1] ?? -1)) continue
    candidates.push({tempoBpm, support, score: support * tempoPrior(tempoBpm)})
  }
  candidates.sort((a, b) => b.score - a.score)
  return {candidates: candidates.slice(0, 12), acf, frameRateHz}
}
