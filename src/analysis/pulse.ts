// What a track is counted by: its tempo and its beat clock, still without where in the turn the beat stands.
import type {BeatClock} from './beat-clock.js'
import {beatActivation} from './beat-phase.js'
import type {OnsetStrength} from './onset-strength.js'
import {type TempoCandidate, tempoEvidence} from './tempo.js'
import {chooseOctave} from './tempo-octave.js'
import {refineTempo} from './tempo-refine.js'
import {findTrackClock} from './track-clock.js'

/** Below this comb support the onsets have no beat: noise and pads reach 0.06, music 0.2 and more. */
const LEAST_SUPPORT = 0.09
const LEAST_BEATS = 8
/** A tempo this close to a whole number was made as one; pitched records are not integers. */
const SNAP_BPM = 0.004

export interface Pulse {
  /** The tempo where it is steady, the mean one where it is not. */
  readonly tempoBpm: number
  /** What else the onsets support, best first. */
  readonly candidates: readonly TempoCandidate[]
  readonly isVariable: boolean
  /** One turn per beat. */
  readonly clock: BeatClock
}

/**
 * Null where there is no beat to be told.
 *
 * @param kick rise of the bass per frame
 * @param activation evidence for beats per frame
 */
export function findPulse(kick: Float32Array, strength: OnsetStrength, activation: Float32Array): Pulse | null {
  const {frameRateHz} = strength
  const steady = countedTempo(strength, activation)
  if (steady === null) return null
  const periodFrames = (60 * frameRateHz) / steady.tempoBpm
  if (strength.length < LEAST_BEATS * periodFrames) return null
  const {clock, isVariable} = findTrackClock(activation, periodFrames, frameRateHz)
  if (!isVariable) return {...steady, isVariable, clock}
  // In its own time it is steady, and its octave can be told: long lags say nothing while the tempo wanders.
  const straighten = (signal: Float32Array): Float32Array => straightened(signal, clock, periodFrames)
  const sum = straighten(strength.sum)
  const straight = {frameRateHz, length: sum.length, bands: strength.bands.map(straighten), sum}
  const counted = countedTempo(straight, beatActivation(straighten(kick), straight)) ?? steady
  const speed = counted.tempoBpm / steady.tempoBpm
  return {...counted, isVariable, clock: countedFaster(clock, speed)}
}

interface CountedTempo {
  readonly tempoBpm: number
  readonly candidates: readonly TempoCandidate[]
}

function countedTempo(strength: OnsetStrength, activation: Float32Array): CountedTempo | null {
  const evidence = tempoEvidence(strength)
  const {candidates} = evidence
  const best = candidates[0]
  if (best === undefined || best.support < LEAST_SUPPORT) return null
  const exactBpm = refineTempo(strength, best.tempoBpm)
  return {
    tempoBpm: snapped(chooseOctave(exactBpm, evidence, activation, upperBands(strength))),
    candidates,
  }
}

/** Snare, clap and hats: the sum of the two upper bands. */
function upperBands(strength: OnsetStrength): Float32Array {
  const sum = new Float32Array(strength.length)
  for (const band of strength.bands.slice(2))
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (band[i] as number)
  return sum
}

function snapped(tempoBpm: number): number {
  const whole = Math.round(tempoBpm)
  return Math.abs(tempoBpm - whole) <= SNAP_BPM ? whole : tempoBpm
}

/** A signal read at even steps of the clock, `periodFrames` of them to a turn: the nearest frame, which keeps attacks sharp. */
function straightened(signal: Float32Array, clock: BeatClock, periodFrames: number): Float32Array {
  const first = clock.turnsAt(0)
  const length = Math.floor((clock.turnsAt(signal.length) - first) * periodFrames)
  return Float32Array.from({length}, (_, i) => signal[Math.round(clock.frameAt(first + i / periodFrames))] ?? 0)
}

/** The same time counted in other units: at a speed of 2 there are two turns where there was one. */
function countedFaster(clock: BeatClock, speed: number): BeatClock {
  return {turnsAt: (frame) => speed * clock.turnsAt(frame), frameAt: (turns) => clock.frameAt(turns / speed)}
}
