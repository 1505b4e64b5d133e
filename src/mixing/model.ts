// What is weighed when the next track is chosen, the sound defaults, and the model that a DJ's history makes of them.

/** Each feature is a value from 0 to 1 for one candidate after what is playing. */
export const FEATURES = [
  'key',
  'tempo',
  'tempoTight',
  'tempoCourse',
  'energy',
  'sound',
  'genre',
  'genreHabit',
  'genreTonight',
  'artist',
  'rested',
  'familiar',
  'newcomer',
  'companion',
  'evening',
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
  tempoCourse: 'the tempo of the last few tracks',
  energy: 'energy as wanted',
  sound: 'a similar sound',
  genre: 'the same genre',
  genreHabit: 'genres that you play after each other',
  genreTonight: 'the genres of tonight',
  artist: 'another artist than the last ones',
  rested: 'tracks that rested for a while',
  familiar: 'tracks that you play often',
  newcomer: 'tracks that you never played out',
  companion: 'tracks from the neighbourhood of earlier sets',
  evening: 'tracks from evenings like this one',
  unplayedTonight: 'tracks not played tonight',
  mixIn: 'an easy mix-in',
}

/** The value that stands for an unknown one: a little below what a track taken at random would get. */
export const NEUTRAL: Weights = {
  key: 0.4,
  tempo: 0.3,
  tempoTight: 0.1,
  tempoCourse: 0.3,
  energy: 0.4,
  sound: 0.2,
  genre: 0.3,
  genreHabit: 0.5,
  genreTonight: 0,
  artist: 1,
  rested: 1,
  familiar: 0,
  newcomer: 0,
  companion: 0,
  evening: 0,
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
  tempoCourse: 0.5,
  energy: 2,
  sound: 2,
  genre: 1,
  genreHabit: 1,
  genreTonight: 1,
  artist: 1,
  rested: 1,
  familiar: 0,
  newcomer: 0,
  companion: 1,
  evening: 0.5,
  unplayedTonight: 4,
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
