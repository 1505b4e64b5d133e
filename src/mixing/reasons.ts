// Why a track is suggested, in plain words: one reason per thing that was weighed.
import type {KeyNotation} from '../core/key.js'
import {type CandidateTable, energyBin} from './candidates.js'
import {featureOf, type Moment} from './features.js'
import {describeMove} from './harmony.js'
import type {MixTrack} from './mix-track.js'
import {type Feature, NEUTRAL, type Weights} from './model.js'
import {describeTempo, tempoMove} from './tempo.js'

export type ReasonKind = 'key' | 'tempo' | 'energy' | 'sound' | 'genre' | 'artist' | 'fresh' | 'habit' | 'mix-in'

export interface Reason {
  readonly kind: ReasonKind
  readonly text: string
  /** 0 to 1; a fixed middling value where the text says that something is unknown. */
  readonly score: number
}

/** The reasons for one row, in the order in which a DJ asks: key, tempo, energy, sound, genre, then habits. */
export function reasonsFor(
  table: CandidateTable,
  moment: Moment,
  weights: Weights,
  row: number,
  notation: KeyNotation,
): Reason[] {
  const candidate = table.tracks[row]
  if (candidate === undefined) return []
  const {playing} = moment.context
  const reasons: Reason[] = []
  const add = (kind: ReasonKind, feature: Feature, text: (score: number) => string | null, unknown: string | null) => {
    if (weights[feature] === 0) return
    const score = featureOf(table, moment, feature, row)
    const words = score === null ? unknown : text(score)
    if (words !== null) reasons.push({kind, text: words, score: round(score ?? NEUTRAL[feature])})
  }
  add('key', 'key', () => keyWords(playing, candidate, notation), 'key unknown')
  add('tempo', 'tempo', () => tempoWords(playing, candidate), 'tempo unknown')
  add('energy', 'energy', () => energyWords(playing, candidate), 'energy unknown')
  add('sound', 'sound', soundWords, 'sound not analysed')
  add('genre', 'genre', (score) => genreWords(playing, candidate, score), null)
  add('artist', 'artist', (score) => (score < 1 ? `${candidate.artist} again` : null), null)
  add('fresh', 'rested', (score) => restWords(moment, candidate, score), null)
  add('fresh', 'unplayedTonight', (score) => (score === 0 ? 'already played tonight' : null), null)
  add('habit', 'companion', (score) => (score > 0.05 ? 'stood next to it in your earlier sets' : null), null)
  add('habit', 'evening', (score) => eveningWords(table, moment, row, score), null)
  add('habit', 'familiar', (score) => familiarWords(moment, candidate, score), null)
  add('mix-in', 'mixIn', mixInWords, null)
  return reasons
}

function round(score: number): number {
  return Math.round(score * 1000) / 1000
}

function keyWords(playing: MixTrack, candidate: MixTrack, notation: KeyNotation): string | null {
  return playing.key === null || candidate.key === null ? null : describeMove(playing.key, candidate.key, notation)
}

function tempoWords(playing: MixTrack, candidate: MixTrack): string | null {
  const move = tempoMove(playing.tempoBpm, candidate.tempoBpm)
  if (move === null || playing.tempoBpm === null || candidate.tempoBpm === null) return null
  return describeTempo(playing.tempoBpm, candidate.tempoBpm, move)
}

function energyWords(playing: MixTrack, candidate: MixTrack): string {
  const from = energyBin(playing.energy) / 10
  const to = energyBin(candidate.energy) / 10
  if (from === 0) return `energy ${to}`
  const step = to - from
  return `energy ${from} → ${to}, ${Math.abs(step) < 0.5 ? 'holds' : step > 0 ? 'lifts' : 'lets go'}`
}

function soundWords(score: number): string {
  if (score > 0.75) return 'sounds almost the same'
  if (score > 0.45) return 'sounds alike'
  return score > 0.15 ? 'sounds somewhat alike' : 'sounds different'
}

function genreWords(playing: MixTrack, candidate: MixTrack, score: number): string {
  if (score === 1) return `same genre, ${candidate.genre}`
  return `${playing.genre} → ${candidate.genre}${score > 0 ? ', a near genre' : ''}`
}

function restWords(moment: Moment, candidate: MixTrack, score: number): string | null {
  const {nowMs} = moment.context
  if (candidate.lastPlayedAtMs !== null && nowMs !== null) {
    const days = Math.max(0, Math.floor((nowMs - candidate.lastPlayedAtMs) / 86_400_000))
    return days === 0 ? 'played in the last 24 hours' : `last played ${days} ${days === 1 ? 'day' : 'days'} ago`
  }
  if (moment.history.sets === 0) return null
  const lastSet = moment.history.lastSet.get(candidate.id)
  if (lastSet === undefined) return 'not in an earlier set'
  return score < 0.5 ? `played ${moment.history.sets - lastSet + 1} sets ago` : null
}

function eveningWords(table: CandidateTable, moment: Moment, row: number, score: number): string | null {
  const isToldAlready = (featureOf(table, moment, 'companion', row) ?? 0) > 0.05
  return score > 0.1 && !isToldAlready ? 'from evenings like this one' : null
}

function familiarWords(moment: Moment, candidate: MixTrack, score: number): string | null {
  const plays = moment.history.plays.get(candidate.id) ?? 0
  return score > 0.4 ? `one of yours: ${plays} plays` : null
}

function mixInWords(score: number): string | null {
  if (score >= 0.85) return 'long intro to mix over'
  return score < 0.5 ? 'no easy mix-in' : null
}
