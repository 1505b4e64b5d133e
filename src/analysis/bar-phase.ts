// Which of the possible beats is the beat, and which beat is the one: decided together, from all bands at once.
import {BAR_PHASE_WEIGHTS} from './bar-phase-weights.js'
import type {BeatClock} from './beat-clock.js'
import {beatsOfClock} from './beat-clock.js'
import {type BeatFeatures, beatFeatures, PITCH_CLASSES} from './beat-features.js'
import {foldedProfile, PHASE_BINS, phaseCandidates} from './beat-phase.js'
import type {Features} from './features.js'
import type {OnsetStrength} from './onset-strength.js'

const BEATS_PER_BAR = 4
/** What a difference must be large against: attacks in RMS of their band, changes of chord and bass 0–1, levels in dB². */
const ATTACK_FLOOR = 1
const PROFILE_FLOOR = 0.3
const CHANGE_FLOORS = [0.1, 0.1, 20] as const

export interface BarHypothesis {
  /** Offset of the beats against the clock, in turns. */
  readonly offset: number
  /** Index of the first downbeat among the beats, 0–3. */
  readonly firstDownbeat: number
  /** One value per weight; see EVIDENCE. */
  readonly evidence: readonly number[]
}

/**
 * The kinds of evidence, in the order of the weights.
 *
 * For attacks (kick and four bands): how strong on this beat against the strongest phase, against half a beat later,
 * backbeat (2 and 4 against 1 and 3), downbeat (1 against 3). For changes (chords, bass notes, levels): at this phase
 * against the others, at 1 and 3 against 2 and 4, at 1 against 3.
 */
export const EVIDENCE = [
  ...['kick', 'low', 'lowMid', 'mid', 'high'].flatMap((name) =>
    ['On', 'Half', 'Backbeat', 'Downbeat'].map((kind) => name + kind),
  ),
  ...['chord', 'bass', 'level'].flatMap((name) => ['On', 'HalfBar', 'Downbeat'].map((kind) => name + kind)),
] as const

export function barHypotheses(
  features: Features,
  strength: OnsetStrength,
  kick: Float32Array,
  activation: Float32Array,
  clock: BeatClock,
  tuningCents: number,
): BarHypothesis[] {
  const offsets = phaseCandidates(activation, clock)
  const profiles = [kick, ...strength.bands].map((signal) => foldedProfile(signal, clock))
  const framesPerMs = strength.frameRateHz / 1000
  const candidates = offsets.map((offset) => {
    const beatsMs = beatsOfClock(clock, offset, 0, strength.length).map((frame) => frame / framesPerMs)
    const beats = beatFeatures(features, strength, beatsMs, tuningCents)
    return {
      offset,
      attacks: [beats.kick, ...beats.attack].map(meanPerPhase),
      changes: [
        meanPerPhase(tonalChange(beats.chroma, beats.count)),
        meanPerPhase(tonalChange(beats.bassChroma, beats.count)),
        meanPerPhase(levelChange(beats)),
      ],
    }
  })
  const usual = [0, 1, 2].map((kind) => mean(candidates.map((candidate) => mean([...(candidate.changes[kind] ?? [])]))))
  return candidates.flatMap(({offset, attacks, changes}) =>
    Array.from({length: BEATS_PER_BAR}, (_, firstDownbeat) => ({
      offset,
      firstDownbeat,
      evidence: [
        ...attacks.flatMap((perPhase, i) => [
          ...phaseEvidence(profiles[i] ?? new Float64Array(PHASE_BINS), offset),
          -contrast(perPhase, firstDownbeat, [0, 2], [1, 3], ATTACK_FLOOR),
          contrast(perPhase, firstDownbeat, [0], [2], ATTACK_FLOOR),
        ]),
        ...changes.flatMap((perPhase, i) => [
          Math.log((mean([...perPhase]) + (CHANGE_FLOORS[i] ?? 0)) / ((usual[i] ?? 0) + (CHANGE_FLOORS[i] ?? 0))),
          contrast(perPhase, firstDownbeat, [0, 2], [1, 3], CHANGE_FLOORS[i] ?? 0),
          contrast(perPhase, firstDownbeat, [0], [2], CHANGE_FLOORS[i] ?? 0),
        ]),
      ],
    })),
  )
}

/** The likeliest hypothesis under the weights; undefined where there is none. */
export function chooseBarPhase(hypotheses: readonly BarHypothesis[]): BarHypothesis | undefined {
  const score = (hypothesis: BarHypothesis): number =>
    hypothesis.evidence.reduce((sum, value, i) => sum + value * (BAR_PHASE_WEIGHTS[i] ?? 0), 0)
  return hypotheses.reduce<BarHypothesis | undefined>(
    (best, hypothesis) => (best === undefined || score(hypothesis) > score(best) ? hypothesis : best),
    undefined,
  )
}

function phaseEvidence(profile: Float64Array, offset: number): [number, number] {
  const at = (turns: number): number => {
    let best = 0
    const centre = Math.floor((turns - Math.floor(turns)) * PHASE_BINS)
    for (let d = -2; d <= 2; d++) best = Math.max(best, profile[(centre + d + PHASE_BINS) % PHASE_BINS] as number)
    return best
  }
  const here = at(offset)
  const half = at(offset + 0.5)
  const highest = Math.max(...profile)
  return [highest > 0 ? here / highest : 0, (here - half) / (here + half + PROFILE_FLOOR)]
}

/** (mean of some beats of the bar − mean of others) over their sum, −1 to 1. */
function contrast(
  perPhase: Float64Array,
  first: number,
  those: readonly number[],
  others: readonly number[],
  floor: number,
): number {
  const of = (beats: readonly number[]): number =>
    mean(beats.map((beat) => perPhase[(first + beat) % BEATS_PER_BAR] as number))
  return (of(those) - of(others)) / (of(those) + of(others) + floor)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function meanPerPhase(values: Float32Array): Float64Array {
  const sums = new Float64Array(BEATS_PER_BAR)
  for (let i = 0; i < values.length; i++)
    sums[i % BEATS_PER_BAR] = (sums[i % BEATS_PER_BAR] as number) + (values[i] as number)
  return sums.map((sum) => (sum * BEATS_PER_BAR) / Math.max(1, values.length))
}

/** Distance between the tones of the two beats before and the two from here on, 0 to 1. */
function tonalChange(chroma: Float32Array, count: number): Float32Array {
  const at = (beat: number, pitchClass: number): number => chroma[beat * PITCH_CLASSES + pitchClass] ?? 0
  const change = new Float32Array(count)
  for (let beat = 2; beat < count - 1; beat++) {
    let dot = 0
    let before = 0
    let after = 0
    for (let i = 0; i < PITCH_CLASSES; i++) {
      const b = at(beat - 2, i) + at(beat - 1, i)
      const a = at(beat, i) + at(beat + 1, i)
      dot += a * b
      before += b * b
      after += a * a
    }
    if (before > 0 && after > 0) change[beat] = 1 - dot / Math.sqrt(before * after)
  }
  return change
}

/** Change of level over all bands between the four beats before and the four from here on, squared: sections stand out. */
function levelChange(beats: BeatFeatures): Float32Array {
  const change = new Float32Array(beats.count)
  for (const level of beats.levelDb)
    for (let beat = BEATS_PER_BAR; beat + BEATS_PER_BAR <= beats.count; beat++) {
      let difference = 0
      for (let i = 0; i < BEATS_PER_BAR; i++)
        difference += (level[beat + i] as number) - (level[beat - 1 - i] as number)
      change[beat] = (change[beat] as number) + Math.min(400, (difference / BEATS_PER_BAR) ** 2)
    }
  return change
}
