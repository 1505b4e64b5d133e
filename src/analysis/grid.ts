// From tempo, phase and bar to the beat grid that a DJ would set.
import {type BeatGrid, beatsOfGrid, type GridMarker} from '../core/beat-grid.js'
import {attackShiftMs} from './attack-align.js'
import {barHypotheses, chooseBarPhase} from './bar-phase.js'
import {type BeatClock, beatsOfClock} from './beat-clock.js'
import {type BeatFeatures, beatFeatures} from './beat-features.js'
import {beatActivation, kickRise} from './beat-phase.js'
import type {Features} from './features.js'
import {gridOfBeats} from './grid-segments.js'
import type {OnsetStrength} from './onset-strength.js'
import {findPulse} from './pulse.js'
import type {TempoCandidate} from './tempo.js'

const BEATS_PER_BAR = 4
/** A beat this little before the start of the file stands at 0. */
const START_SLACK_MS = 3
const ALTERNATIVE_SHARE = 0.5

export interface Rhythm {
  readonly tempoBpm: number
  readonly tempoConfidence: number
  readonly tempoAlternativesBpm: readonly number[]
  readonly isTempoVariable: boolean
  readonly beatGrid: BeatGrid
  /** From the first beat in the file to the last. */
  readonly beatsMs: readonly number[]
  /** Index of the first downbeat among the beats. */
  readonly firstDownbeat: number
  readonly beats: BeatFeatures
  /** Beats stand at whole turns of this clock plus `offset`. */
  readonly clock: BeatClock
  readonly offset: number
}

/** Null where there is no beat to be told. */
export function findRhythm(features: Features, strength: OnsetStrength, tuningCents: number): Rhythm | null {
  const {frameRateHz} = strength
  const kick = kickRise(features.onsets)
  const activation = beatActivation(kick, strength)
  const pulse = findPulse(kick, strength, activation)
  if (pulse === null) return null
  const {tempoBpm, candidates, isVariable: isTempoVariable, clock} = pulse
  const choice = chooseBarPhase(barHypotheses(features, strength, kick, activation, clock, tuningCents))
  if (choice === undefined) return null

  const roughMs = beatsOfClock(clock, choice.offset, 0, strength.length).map((frame) => (frame / frameRateHz) * 1000)
  const shiftMs = attackShiftMs(features.audio, roughMs)
  const beatGrid = isTempoVariable
    ? gridOfBeats(
        roughMs.map((ms) => ms + shiftMs),
        choice.firstDownbeat,
      )
    : [constantMarker((roughMs[choice.firstDownbeat] ?? 0) + shiftMs, tempoBpm, soundStartMs(features))]
  const beats = beatsOfGrid(beatGrid, features.durationMs)
  const beatsMs = beats.map((beat) => beat.positionMs)
  const firstDownbeat = beats.findIndex((beat) => beat.beatInBar === 1)
  if (firstDownbeat < 0) return null
  return {
    tempoBpm: isTempoVariable ? medianTempo(beatsMs) : tempoBpm,
    tempoConfidence: tempoConfidence(candidates) * (isTempoVariable ? 0.5 : 1),
    tempoAlternativesBpm: alternatives(candidates, tempoBpm),
    isTempoVariable,
    beatGrid,
    beatsMs,
    firstDownbeat,
    beats: beatFeatures(features, strength, beatsMs, tuningCents),
    clock,
    offset: choice.offset,
  }
}

/** The marker of a constant grid: the first downbeat at which there is sound, not before the start of the file. */
function constantMarker(downbeatMs: number, tempoBpm: number, soundMs: number): GridMarker {
  const periodMs = 60_000 / tempoBpm
  const barMs = BEATS_PER_BAR * periodMs
  const earliestMs = Math.max(-START_SLACK_MS, soundMs - 0.25 * periodMs)
  const positionMs = downbeatMs + Math.ceil((earliestMs - downbeatMs) / barMs) * barMs
  return {positionMs: Math.max(0, positionMs), tempoBpm, beatInBar: 1}
}

/** Where the sound first rises to 40 dB below the track's mean power. */
function soundStartMs(features: Features): number {
  const {onsets} = features
  let mean = 0
  const total = (frame: number): number => onsets.power.reduce((sum, band) => sum + (band[frame] as number), 0)
  for (let frame = 0; frame < onsets.length; frame++) mean += total(frame) / onsets.length
  for (let frame = 0; frame < onsets.length; frame++)
    if (total(frame) > mean * 1e-4) return (frame / onsets.frameRateHz) * 1000
  return 0
}

function medianTempo(beatsMs: readonly number[]): number {
  const periods = beatsMs.slice(1).map((ms, i) => ms - (beatsMs[i] ?? 0))
  periods.sort((a, b) => a - b)
  return 60_000 / (periods[periods.length >> 1] ?? 500)
}

function tempoConfidence(candidates: readonly TempoCandidate[]): number {
  const [best, second] = candidates
  if (best === undefined) return 0
  const clarity = Math.min(1, best.support / 0.5)
  const lead = second === undefined ? 1 : Math.min(1, (best.score - second.score) / best.score / 0.4)
  return Math.round(100 * (0.5 * clarity + 0.5 * clarity * lead)) / 100
}

/** The other octave first, then what else the onsets support; at the exact tempo where it is a simple ratio. */
function alternatives(candidates: readonly TempoCandidate[], tempoBpm: number): number[] {
  const found = [tempoBpm > 115 ? tempoBpm / 2 : tempoBpm * 2]
  const strongest = candidates[0]?.support ?? 0
  for (const candidate of candidates) {
    if (candidate.support < ALTERNATIVE_SHARE * strongest) continue
    const ratio = [1 / 3, 1 / 2, 2 / 3, 3 / 4, 4 / 3, 3 / 2, 2, 3].find(
      (r) => Math.abs(candidate.tempoBpm / tempoBpm / r - 1) < 0.02,
    )
    if (ratio === undefined) continue
    if (found.every((bpm) => Math.abs(bpm / (tempoBpm * ratio) - 1) > 0.01)) found.push(tempoBpm * ratio)
  }
  return found.slice(0, 3)
}
