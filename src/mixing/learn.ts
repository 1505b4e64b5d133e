// Learning a DJ's weights from earlier sets: what was played next, against what could have been.
import type {CandidateTable} from './candidates.js'
import {type Choices, fitChoices, meanReciprocalRank} from './choice-model.js'
import {contextOf, featureOf, momentOf} from './features.js'
import {type PlayedSet, walkHistory} from './history.js'
import type {MixTrack} from './mix-track.js'
import {
  DEFAULT_MODEL,
  DEFAULT_WEIGHTS,
  FEATURE_WORDS,
  FEATURES,
  type Feature,
  type MixModel,
  NEUTRAL,
  type Weights,
} from './model.js'

export interface LearnOptions {
  /** Tracks not played that each choice is held against; 80 where absent. */
  readonly alternatives?: number
  /** Starts the drawing of alternatives; the same seed gives the same model. */
  readonly seed?: number
}

/** What was learnt about one feature. */
export interface LearntFeature {
  readonly feature: Feature
  readonly weight: number
  readonly defaultWeight: number
  /** Mean of the feature over what was played next, 0 to 1. */
  readonly played: number
  /** Mean over tracks taken at random at the same moments. */
  readonly byChance: number
}

export interface Learnt {
  readonly model: MixModel
  readonly features: readonly LearntFeature[]
  /**
   * Mean of 1 / rank of what was really played in the last quarter of the history, among the alternatives drawn, by a
   * model of the quarters before; null with too little history to tell.
   */
  readonly validation: {readonly learnt: number; readonly defaults: number; readonly chance: number} | null
}

/** With fewer transitions nothing is learnt. */
const MIN_TRANSITIONS = 20
/** The latest so many count; taste moves on, and time is short. */
const MAX_TRANSITIONS = 4000
/** Pull of the defaults, as a likelihood of this many well-informed transitions. */
const STRENGTH = 20
/**
 * How much of the way from the defaults is gone. Tastes drift between seasons, so that the whole fitted step goes too far.
 * Chosen on splits by time of the two DJs that bench/mixing measures; there 0.6 and 0.75 hardly differ.
 */
const TRUST = 0.75
/**
 * Not learnt. How often known and new tracks are played depends on how many of each there were, and by the next set the
 * new ones are known. What was played tonight is not suggested anyway. DJs either blend at one tempo or jump: likelihood
 * averages the two and makes little of a tight tempo, but the top of a list is won by betting on the blend.
 */
const HELD: readonly Feature[] = ['familiar', 'newcomer', 'unplayedTonight', 'tempoTight']

/** With fewer transitions in the last quarter it cannot tell which strength is best. */
const VALIDATION_MIN = 20

/**
 * The weights under which this DJ's next tracks are likely, pulled towards the sound defaults the more, the less history
 * there is. Features are computed from what had been played by then, never from later; a pair of tracks that comes
 * again is dropped, so that what is learnt is taste, not a routine.
 *
 * @param sets in order of time; tracks that the table does not hold are passed over
 */
export function learnModel(table: CandidateTable, sets: readonly PlayedSet[], options: LearnOptions = {}): Learnt {
  const choices = choicesFrom(table, sets, options.alternatives ?? 80, options.seed ?? 1)
  const defaults = FEATURES.map((feature) => DEFAULT_WEIGHTS[feature])
  if (choices.count < MIN_TRANSITIONS)
    return {model: DEFAULT_MODEL, features: figures(choices, defaults), validation: null}
  const weights = fitWeights(choices, defaults, choices.count)
  const learntFrom = {
    sets: sets.length,
    plays: sets.reduce((sum, set) => sum + set.length, 0),
    transitions: choices.count,
  }
  const model: MixModel = {version: 1, weights: weightsFrom(weights), learntFrom}
  return {model, features: figures(choices, weights), validation: validate(choices, defaults)}
}

function fitWeights(choices: Choices, defaults: readonly number[], end: number): number[] {
  const isHeld = FEATURES.map((feature) => HELD.includes(feature))
  const values = choices.values.map((value, at) => (isHeld[at % FEATURES.length] ? 0 : value))
  const fitted = fitChoices({...choices, values}, defaults, STRENGTH, end)
  return fitted.map((weight, at) => {
    const start = defaults[at] ?? 0
    return start + TRUST * (weight - start)
  })
}

/** What a model of the first three quarters of the history is worth on the rest; null where that is too short to tell. */
function validate(choices: Choices, defaults: readonly number[]): Learnt['validation'] {
  const start = Math.floor(choices.count * 0.75)
  if (choices.count - start < VALIDATION_MIN) return null
  const rankOf = (weights: readonly number[]) => round(meanReciprocalRank(choices, weights, start))
  return {
    learnt: rankOf(fitWeights(choices, defaults, start)),
    defaults: rankOf(defaults),
    chance: rankOf(defaults.map(() => 0)),
  }
}

function weightsFrom(values: readonly number[]): Weights {
  const entries = FEATURES.map((feature, at) => [feature, Math.round((values[at] ?? 0) * 1000) / 1000] as const)
  return Object.fromEntries(entries) as Record<Feature, number>
}

function figures({count, options, features, values}: Choices, weights: readonly number[]): LearntFeature[] {
  return FEATURES.map((feature, f) => {
    let played = 0
    let others = 0
    for (let choice = 0; choice < count; choice++)
      for (let option = 0; option < options; option++) {
        const value = values[(choice * options + option) * features + f] ?? 0
        if (option === 0) played += value
        else others += value
      }
    return {
      feature,
      weight: Math.round((weights[f] ?? 0) * 100) / 100,
      defaultWeight: DEFAULT_WEIGHTS[feature],
      played: round(played / Math.max(1, count)),
      byChance: round(others / Math.max(1, count * (options - 1))),
    }
  })
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}

interface Transition {
  readonly playing: MixTrack
  readonly recent: readonly MixTrack[]
  readonly next: number
  readonly tonight: ReadonlySet<string>
}

/** Part of the history that only fills the counts, so that familiar and new are told apart when learning begins. */
const WARM_UP = 0.2

function choicesFrom(table: CandidateTable, sets: readonly PlayedSet[], alternatives: number, seed: number): Choices {
  const size = table.tracks.length
  const options = Math.min(alternatives, Math.max(0, size - 2)) + 1
  const features = FEATURES.length
  const rows: Float32Array[] = []
  const random = randomFrom(seed)
  const genreOf = (id: string) => table.tracks[table.indexById.get(id) ?? -1]?.genre ?? null
  const pairs = new Set<string>()
  const warmUp = sets.length >= 10 ? Math.floor(sets.length * WARM_UP) : 0
  if (options < 2) return {count: 0, options, features, values: new Float32Array(0)}
  let at = 0
  for (const {set, before} of walkHistory(sets, genreOf)) {
    const isWarmUp = at++ < warmUp
    for (const transition of transitionsOf(table, set, pairs)) {
      if (isWarmUp) continue
      const {playing, recent, tonight, next} = transition
      const moment = momentOf(table, contextOf(playing, {recent, tonight}), before)
      const values = new Float32Array(options * features)
      const playingRow = table.indexById.get(playing.id) ?? -1
      for (let option = 0; option < options; option++) {
        const row = option === 0 ? next : drawOther(random, size, next, playingRow)
        for (const [f, feature] of FEATURES.entries())
          values[option * features + f] = featureOf(table, moment, feature, row) ?? NEUTRAL[feature]
      }
      rows.push(values)
      if (rows.length > MAX_TRANSITIONS) rows.shift()
    }
  }
  const values = new Float32Array(rows.length * options * features)
  for (const [choice, row] of rows.entries()) values.set(row, choice * options * features)
  return {count: rows.length, options, features, values}
}

/** The steps of a set whose pair was not seen before; marks them as seen. */
export function* transitionsOf(table: CandidateTable, set: PlayedSet, seenPairs: Set<string>): Generator<Transition> {
  const known = set.filter((id) => table.indexById.has(id))
  const tonight = new Set<string>()
  for (const [position, id] of known.entries()) {
    tonight.add(id)
    const nextId = known[position + 1]
    const next = nextId === undefined ? undefined : table.indexById.get(nextId)
    if (nextId === undefined || next === undefined || nextId === id) continue
    const pair = `${id}\u0000${nextId}`
    if (seenPairs.has(pair)) continue
    seenPairs.add(pair)
    const [playing, ...recent] = known
      .slice(Math.max(0, position - 4), position + 1)
      .reverse()
      .flatMap((one) => table.tracks[table.indexById.get(one) ?? -1] ?? [])
    if (playing !== undefined) yield {playing, recent, next, tonight: new Set(tonight)}
  }
}

function drawOther(random: () => number, size: number, next: number, playing: number): number {
  for (;;) {
    const row = Math.floor(random() * size)
    if (row !== next && row !== playing) return row
  }
}

/** Uniform numbers from 0 to 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** What was learnt, in sentences with figures, the strongest first. */
export function explainLearnt({model, features, validation}: Learnt): string[] {
  if (model.learntFrom === null)
    return [`Too little history to learn from (at least ${MIN_TRANSITIONS} transitions): the defaults stay.`]
  const {sets, plays, transitions} = model.learntFrom
  const sentences = [`Learnt from ${transitions} transitions in ${sets} sets (${plays} plays).`]
  if (validation !== null)
    sentences.push(
      `On your latest sets the track that you played ranks ${validation.learnt} (mean of 1 / place; ` +
        `defaults ${validation.defaults}, chance ${validation.chance}).`,
    )
  const told = features
    .filter(({played, byChance}) => Math.abs(played - byChance) >= 0.02)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
  for (const {feature, weight, defaultWeight, played, byChance} of told) {
    const stance = weight > 0.15 ? 'You favour' : weight < -0.15 ? 'You avoid' : 'You do not mind'
    sentences.push(
      `${stance} ${FEATURE_WORDS[feature]}: ${percent(played)} against ${percent(byChance)} by chance ` +
        `(weight ${weight}, default ${defaultWeight}).`,
    )
  }
  return sentences
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
