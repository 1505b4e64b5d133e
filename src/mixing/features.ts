// The features of every candidate after what is playing: looked up by key, genre and energy, computed for the rest.
import {keyFromIndex, keyIndex} from '../core/key.js'
import {type CandidateTable, distanceTo, energyBin, UNKNOWN_KEY} from './candidates.js'
import {genreScore} from './genre-book.js'
import {HARMONY_TABLE, pitchedScore} from './harmony.js'
import {
  companionsOf,
  eveningCompanions,
  familiarity,
  genreHabit,
  type PlayHistory,
  restedAfterMs,
  restedAfterSets,
} from './history.js'
import type {MixTrack} from './mix-track.js'
import {type Feature, NEUTRAL} from './model.js'
import {mainArtist, plainText} from './song.js'
import {foldedTempoScore, isTempo, tempoScore, tightTempoScore} from './tempo.js'

export type EnergyDirection = 'up' | 'hold' | 'down'

export interface MixContext {
  readonly playing: MixTrack
  /** Tracks before the playing one, the latest first; a handful is enough. */
  readonly recent: readonly MixTrack[]
  /** Null leaves it open: near energies are preferred, gently. */
  readonly energy: EnergyDirection | null
  /** Everything that was played tonight. */
  readonly tonight: ReadonlySet<string>
  /** Null where history is to be told by sets alone. */
  readonly nowMs: number | null
  /** Without key lock, pitching moves the key. */
  readonly isKeyLocked: boolean
  /** Distances of sound from the playing track by track id, where the caller has them from an index; else vectors count. */
  readonly soundDistances: ReadonlyMap<string, number> | null
}

export function contextOf(playing: MixTrack, rest: Partial<Omit<MixContext, 'playing'>> = {}): MixContext {
  return {
    playing,
    recent: [],
    energy: null,
    tonight: new Set(),
    nowMs: null,
    isKeyLocked: true,
    soundDistances: null,
    ...rest,
  }
}

/** How many tracks back count for artist, energy and companions. */
export const LAST_TRACKS = 4

/** Everything about the moment that does not depend on the candidate. */
export interface Moment {
  readonly context: MixContext
  readonly history: PlayHistory
  /** Score by key index; entry 24 for unknown keys. */
  readonly keyScores: Float32Array
  /** Score by energy in tenths; entry 0 for unknown. */
  readonly energyScores: Float32Array
  /** By genre number; entry 0 for unknown. */
  readonly genreScores: Float32Array
  readonly genreHabits: Float32Array
  /** How much of the last tracks each genre was, by genre number; entry 0 for unknown. */
  readonly genreShares: Float32Array
  /** NaN where the playing track has none. */
  readonly playingOctaves: number
  /** Mean over the last tracks, log2 of BPM; NaN where none has a tempo. */
  readonly courseOctaves: number
  readonly lastArtists: readonly string[]
  readonly companions: ReadonlyMap<string, number>
  readonly evening: ReadonlyMap<string, number>
  readonly vector: Float32Array | null
}

export function momentOf(table: CandidateTable, context: MixContext, history: PlayHistory): Moment {
  const {playing, recent} = context
  const lasts = [playing, ...recent.slice(0, LAST_TRACKS - 1)]
  const genre = plainText(playing.genre ?? '')
  const vector = playing.vector
  const ids = eveningOf(context)
  return {
    context,
    history,
    keyScores: keyScoresFor(playing),
    energyScores: energyScoresFor(lasts, context.energy),
    genreScores: Float32Array.from(table.genreBook.names, (name) => genreScore(genre, name) ?? NEUTRAL.genre),
    genreHabits: Float32Array.from(
      table.genreBook.names,
      (name) => genreHabit(history, genre, name) ?? NEUTRAL.genreHabit,
    ),
    genreShares: genreSharesOf(table, ids),
    playingOctaves: octavesOf(playing),
    courseOctaves: meanOctaves(lasts),
    lastArtists: lasts.map((track) => mainArtist(track.artist)),
    companions: companionsOf(
      history,
      lasts.map((track) => track.id),
    ),
    evening: eveningCompanions(history, ids),
    vector: vector !== null && vector.length === table.dimensions && table.dimensions > 0 ? vector : null,
  }
}

/** What was played tonight by id, the latest first. */
function eveningOf({playing, recent, tonight}: MixContext): string[] {
  return [...new Set([playing.id, ...recent.map(({id}) => id), ...[...tonight].reverse()])]
}

function octavesOf({tempoBpm}: MixTrack): number {
  return tempoBpm !== null && isTempo(tempoBpm) ? Math.log2(tempoBpm) : Number.NaN
}

function meanOctaves(tracks: readonly MixTrack[]): number {
  const known = tracks.map(octavesOf).filter((octaves) => !Number.isNaN(octaves))
  return known.length === 0 ? Number.NaN : known.reduce((sum, octaves) => sum + octaves, 0) / known.length
}

/** Tracks back, and what each step back counts, for what the evening's genres are. */
const GENRE_REACH = 10
const GENRE_DECAY = 0.8

function genreSharesOf(table: CandidateTable, ids: readonly string[]): Float32Array {
  const shares = new Float32Array(table.genreBook.names.length)
  let total = 0
  for (const [back, id] of ids.slice(0, GENRE_REACH).entries()) {
    const genre = table.genres[table.indexById.get(id) ?? -1] ?? 0
    if (genre === 0) continue
    const weight = GENRE_DECAY ** back
    shares[genre] = (shares[genre] ?? 0) + weight
    total += weight
  }
  return total === 0 ? shares : shares.map((weight) => weight / total)
}

function keyScoresFor(playing: MixTrack): Float32Array {
  const scores = new Float32Array(25).fill(NEUTRAL.key)
  if (playing.key === null) return scores
  const row = keyIndex(playing.key) * 24
  for (let key = 0; key < 24; key++) scores[key] = HARMONY_TABLE[row + key] ?? 0
  return scores
}

/** How far up or down a step of energy is meant to go, and how strictly. */
const ENERGY_AIMS: Readonly<Record<EnergyDirection, {step: number; width: number}>> = {
  up: {step: 1.2, width: 1.4},
  hold: {step: 0, width: 1.2},
  down: {step: -1.2, width: 1.4},
}
const OPEN_AIM = {step: 0, width: 3}

function energyScoresFor(lasts: readonly MixTrack[], direction: EnergyDirection | null): Float32Array {
  const scores = new Float32Array(101).fill(NEUTRAL.energy)
  const level = energyLevel(lasts)
  if (level === null) return scores
  const {step, width} = direction === null ? OPEN_AIM : ENERGY_AIMS[direction]
  const aim = Math.min(10, Math.max(1, level + step))
  for (let tenth = 10; tenth <= 100; tenth++) scores[tenth] = Math.exp(-(((tenth / 10 - aim) / width) ** 2))
  return scores
}

/** The level of the floor: the playing track counts most, the ones before it steady it. */
export function energyLevel(lasts: readonly MixTrack[]): number | null {
  let sum = 0
  let weights = 0
  for (const [back, track] of lasts.entries()) {
    const bin = energyBin(track.energy)
    if (bin === 0) continue
    const weight = 0.3 ** back
    sum += (bin / 10) * weight
    weights += weight
  }
  return weights === 0 ? null : sum / weights
}

/** One feature of one candidate, 0 to 1; null where a value is unknown on either side. */
export function featureOf(table: CandidateTable, moment: Moment, feature: Feature, row: number): number | null {
  switch (feature) {
    case 'key':
      return keyFeature(table, moment, row)
    case 'tempo':
      return tempoFeature(table, moment.playingOctaves, row, tempoScore)
    case 'tempoTight':
      return tempoFeature(table, moment.playingOctaves, row, tightTempoScore)
    case 'tempoCourse':
      return tempoFeature(table, moment.courseOctaves, row, tempoScore)
    case 'energy':
      return table.energies[row] === 0 || energyLevel([moment.context.playing, ...moment.context.recent]) === null
        ? null
        : (moment.energyScores[table.energies[row] ?? 0] ?? null)
    case 'sound':
      return soundFeature(table, moment, row)
    case 'genre':
      return table.genres[row] === 0 || plainText(moment.context.playing.genre ?? '') === ''
        ? null
        : (moment.genreScores[table.genres[row] ?? 0] ?? null)
    case 'genreHabit':
      return moment.genreHabits[table.genres[row] ?? 0] ?? null
    case 'genreTonight':
      return moment.genreShares[table.genres[row] ?? 0] ?? null
    case 'companion':
      return moment.companions.get(table.tracks[row]?.id ?? '') ?? 0
    case 'evening':
      return moment.evening.get(table.tracks[row]?.id ?? '') ?? 0
    case 'artist':
      return artistFeature(moment, table.tracks[row]?.artist ?? null)
    case 'unplayedTonight':
      return moment.context.tonight.has(table.tracks[row]?.id ?? '') ? 0 : 1
    default:
      return standingFeature(table, moment.history, moment.context.nowMs, feature, row)
  }
}

/** Features that do not depend on what is playing. */
export type StandingFeature = 'rested' | 'familiar' | 'newcomer' | 'mixIn'
export const STANDING_FEATURES: readonly StandingFeature[] = ['rested', 'familiar', 'newcomer', 'mixIn']

export function standingFeature(
  table: CandidateTable,
  history: PlayHistory,
  nowMs: number | null,
  feature: StandingFeature,
  row: number,
): number | null {
  const id = table.tracks[row]?.id ?? ''
  const playedAtMs = table.lastPlayedAtMs[row] ?? Number.NaN
  switch (feature) {
    case 'familiar':
      return familiarity(history.plays.get(id) ?? 0)
    case 'newcomer':
      return history.plays.has(id) || !Number.isNaN(playedAtMs) ? 0 : 1
    case 'mixIn': {
      const mixability = table.mixability[row] ?? Number.NaN
      return Number.isNaN(mixability) ? null : mixability
    }
    case 'rested': {
      const lastSet = history.lastSet.get(id)
      const bySets = lastSet === undefined ? 1 : restedAfterSets(history.sets - lastSet)
      const byTime = nowMs === null || Number.isNaN(playedAtMs) ? 1 : restedAfterMs(nowMs - playedAtMs)
      return nowMs !== null && !Number.isNaN(playedAtMs) ? byTime : bySets
    }
  }
}

function keyFeature(table: CandidateTable, moment: Moment, row: number): number | null {
  const key = table.keys[row] ?? UNKNOWN_KEY
  const playing = moment.context.playing.key
  if (key === UNKNOWN_KEY || playing === null) return null
  const octaves = table.octaves[row] ?? Number.NaN
  if (moment.context.isKeyLocked || Number.isNaN(octaves) || Number.isNaN(moment.playingOctaves))
    return moment.keyScores[key] ?? null
  const ratio = octaves - moment.playingOctaves
  const folded = Math.abs(ratio) <= Math.abs(Math.abs(ratio) - 1) ? ratio : ratio - Math.sign(ratio)
  return pitchedScore(playing, keyFromIndex(key), (2 ** -folded - 1) * 100)
}

function tempoFeature(table: CandidateTable, octaves: number, row: number, score: typeof tempoScore): number | null {
  const ratio = Math.abs((table.octaves[row] ?? Number.NaN) - octaves)
  if (Number.isNaN(ratio)) return null
  return foldedTempoScore(ratio, score)
}

/** Distance as a score: 1 at none, 0 at the distance of two tracks taken at random. */
export function soundScore(table: CandidateTable, distance: number): number {
  return Math.min(1, Math.max(0, 1 - distance / table.typicalDistance))
}

function soundFeature(table: CandidateTable, moment: Moment, row: number): number | null {
  const given = moment.context.soundDistances?.get(table.tracks[row]?.id ?? '')
  if (given !== undefined) return soundScore(table, given)
  if (moment.vector === null || table.hasVector[row] !== 1) return null
  return soundScore(table, distanceTo(table, moment.vector, row))
}

/** 0 for the artist who plays now, rising to 1 for one who was not among the last four. */
function artistFeature(moment: Moment, artist: string | null): number | null {
  const name = mainArtist(artist)
  if (name === '') return null
  const back = moment.lastArtists.indexOf(name)
  return back === -1 ? 1 : back / LAST_TRACKS
}
