// What is weighed when the next track is chosen, the sound defaults, and the model that a DJ's history makes of them.

/** Each feature is a value from 0 to 1 for one candidate after what is playing. */
export const FEATURES = [
  'key',
  'tempo',
  'tempoTight',
  'energy',
  'sound',
  'genre',
  'genreHabit',
  'artist',
  'rested',
  'familiar',
  'newcomer',
  'companion',
  'unplayedTonight',
  'mixIn',
] as const

export type Feature = (typeof FEATURES)[number]
export type Weights = Readonly<Record<Feature, number>>

/** What each feature means at 1. */
export const FEATURE_WORDS: Readonly<Record<Feature, string>> = {
  key: 'keys that fit',
  tempo: 'tempos in reach',
  tempoTight: 'tempos that hardly move',
  energy: 'energy as wanted',
  sound: 'a similar sound',
  genre: 'the same genre',
  genreHabit: 'genres that you play after each other',
  artist: 'another artist than the last ones',
  rested: 'tracks that rested for a while',
  familiar: 'tracks that you play often',
  newcomer: 'tracks that you never played out',
  companion: 'tracks from the neighbourhood of earlier sets',
  unplayedTonight: 'tracks not played tonight',
  mixIn: 'an easy mix-in',
}

/** The value that stands for an unknown one: a little below what a track taken at random would get. */
export const NEUTRAL: Weights = {
  key: 0.4,
  tempo: 0.3,
  tempoTight: 0.1,
  energy: 0.4,
  sound: 0.2,
  genre: 0.3,
  genreHabit: 0.5,
  artist: 1,
  rested: 1,
  familiar: 0,
  newcomer: 0,
  companion: 0,
  unplayedTonight: 1,
  mixIn: 0.5,
}

/**
 * Weights on the scale of log-odds for a DJ of whom nothing is known: tempo and key first, then energy and sound. They
 * are also where learning starts from and falls back to.
 */
export const DEFAULT_WEIGHTS: Weights = {
  key: 2.5,
  tempo: 3,
  tempoTight: 1,
  energy: 2,
  sound: 2,
  genre: 1,
  genreHabit: 0.5,
  artist: 1,
  rested: 1,
  familiar: 0,
  newcomer: 0,
  companion: 1,
  unplayedTonight: 2,
  mixIn: 0.5,
}

export interface MixModel {
  readonly version: 1
  readonly weights: Weights
  /** What it was learnt from; null for the defaults. */
  readonly learntFrom: {
    readonly sets: number
    readonly plays: number
    /** Transitions that were ranked, repeated pairs dropped. */
    readonly transitions: number
  } | null
}

export const DEFAULT_MODEL: MixModel = {version: 1, weights: DEFAULT_WEIGHTS, learntFrom: null}
