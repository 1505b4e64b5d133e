// Harmonic moves between two keys: what a DJ calls them, how well they sound, and what pitching does to them.
import {formatKey, type KeyNotation, keyFromIndex, keyIndex, type MusicalKey, transposeKey} from '../core/key.js'

export type MoveKind =
  | 'same'
  | 'fifth-up'
  | 'fifth-down'
  | 'energy-boost'
  | 'energy-drop'
  | 'semitone-up'
  | 'semitone-down'
  | 'relative'
  | 'mediant'
  | 'diagonal'
  | 'parallel'
  | 'whole-tone-switch'
  | 'minor-third'
  | 'major-third'
  | 'tritone'
  | 'distant'

export interface HarmonicMove {
  readonly kind: MoveKind
  /** Steps along the Camelot wheel, −5 to 6; clockwise is a fifth up. */
  readonly steps: number
  /** 0 (clash) to 1 (same key). */
  readonly score: number
  /** What the floor feels: −1 (lets go) to 1 (lifts); 0 is level. */
  readonly lift: number
  /** "up a fifth", "relative major". */
  readonly words: string
}

type Grade = readonly [kind: MoveKind, score: number, lift: number, words: string]

/**
 * Moves within major or within minor, by steps clockwise. Neighbours share six of seven notes, +2 five; +7 (a semitone
 * up) shares two but is a known lift for a drop, so it is graded above what its notes deserve. Order and naming follow
 * DJs' use of the wheel (../shared/LIVE.md, "What DJs do"); grades are starting points, learning re-weighs them.
 */
const WITHIN_MODE: Readonly<Record<number, Grade>> = {
  [-5]: ['semitone-up', 0.5, 1, 'a semitone lift'],
  [-4]: ['major-third', 0.25, -0.3, 'down a major third'],
  [-3]: ['minor-third', 0.35, 0.3, 'up a minor third'],
  [-2]: ['energy-drop', 0.6, -0.7, 'energy drop, down a whole tone'],
  [-1]: ['fifth-down', 0.95, -0.3, 'down a fifth'],
  0: ['same', 1, 0, 'same key'],
  1: ['fifth-up', 0.95, 0.3, 'up a fifth'],
  2: ['energy-boost', 0.7, 0.7, 'energy boost, up a whole tone'],
  3: ['minor-third', 0.35, -0.3, 'down a minor third'],
  4: ['major-third', 0.25, 0.3, 'up a major third'],
  5: ['semitone-down', 0.3, -1, 'a semitone drop'],
  6: ['tritone', 0, 0, 'tritone, a clash'],
}

/**
 * Moves from minor to major, by steps clockwise; from major to minor the steps turn round and the lift with them.
 * Relative (R), mediant (L, the leading-tone exchange) and parallel (P) are their own inverses in neo-Riemannian
 * theory and keep two of three notes of the tonic chord.
 */
const MINOR_TO_MAJOR: Readonly<Record<number, Grade>> = {
  [-5]: ['distant', 0.1, 0, 'a distant key'],
  [-4]: ['distant', 0.15, 0, 'a distant key'],
  [-3]: ['distant', 0.05, 0, 'tritone with a change of mode, a clash'],
  [-2]: ['whole-tone-switch', 0.35, 0.2, 'two steps with a change of mode'],
  [-1]: ['mediant', 0.8, 0.2, 'diagonal, shares the chord'],
  0: ['relative', 0.9, 0.2, 'relative'],
  1: ['diagonal', 0.7, 0.3, 'diagonal'],
  2: ['whole-tone-switch', 0.5, 0.4, 'two steps with a change of mode'],
  3: ['parallel', 0.6, 0.5, 'parallel'],
  4: ['distant', 0.3, 0.3, 'a distant key'],
  5: ['distant', 0.2, 0, 'a distant key'],
  6: ['distant', 0.1, 0, 'a distant key'],
}

const CLASH: Grade = ['tritone', 0, 0, 'tritone, a clash']

/** Steps clockwise on the wheel from one key to the other, −5 to 6. */
export function wheelSteps(from: MusicalKey, to: MusicalKey): number {
  const majorPitch = (key: MusicalKey) => (keyIndex(key) % 12) + (key.mode === 'minor' ? 3 : 0)
  const clockwise = (((majorPitch(to) - majorPitch(from)) * 7) % 12) + 12
  return ((clockwise + 5) % 12) - 5
}

/** The move from one key to another. */
export function harmonicMove(from: MusicalKey, to: MusicalKey): HarmonicMove {
  const steps = wheelSteps(from, to)
  if (from.mode === to.mode) {
    const [kind, score, lift, words] = WITHIN_MODE[steps] ?? CLASH
    return {kind, steps, score, lift, words}
  }
  const isToMajor = to.mode === 'major'
  const turned = isToMajor || steps === 6 ? steps : -steps
  const [kind, score, lift, words] = MINOR_TO_MAJOR[turned] ?? CLASH
  const suffix = kind === 'relative' || kind === 'parallel' ? ` ${to.mode}` : ''
  return {kind, steps, score, lift: isToMajor || lift === 0 ? lift : -lift, words: words + suffix}
}

/** "8A → 9A, up a fifth". */
export function describeMove(from: MusicalKey, to: MusicalKey, notation: KeyNotation = 'camelot'): string {
  return `${formatKey(from, notation)} → ${formatKey(to, notation)}, ${harmonicMove(from, to).words}`
}

/** A move graded below this is a clash to an ordinary ear. */
export const CLASH_BELOW = 0.3

/** Scores of all moves, `from * 24 + to`, by key index. */
export const HARMONY_TABLE: Float32Array = Float32Array.from(
  {length: 576},
  (_, cell) => harmonicMove(keyFromIndex(Math.floor(cell / 24)), keyFromIndex(cell % 24)).score,
)

export interface HeardKey {
  readonly key: MusicalKey
  /** How far the sound lies from that key, −50 to 50. */
  readonly offCents: number
}

/**
 * The key that is heard when a track runs at another speed without key lock.
 *
 * @param pitchPercent position of the pitch fader, greater than −100; +5.95 % is a semitone
 */
export function heardKey(key: MusicalKey, pitchPercent: number): HeardKey {
  const semitones = 12 * Math.log2(1 + pitchPercent / 100)
  if (!Number.isFinite(semitones)) return {key, offCents: 0}
  const whole = Math.round(semitones)
  return {key: transposeKey(key, whole), offCents: (semitones - whole) * 100}
}

/**
 * The grade of a mix in which the next track is pitched without key lock: the move to the key that is heard, times what
 * being out of tune leaves of it (all of it up to 10 cents, half at 50).
 */
export function pitchedScore(from: MusicalKey, to: MusicalKey, pitchPercent: number): number {
  const heard = heardKey(to, pitchPercent)
  const outOfTune = Math.max(0, Math.abs(heard.offCents) - 10) / 40
  return harmonicMove(from, heard.key).score * (1 - outOfTune / 2)
}
