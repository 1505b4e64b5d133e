// How well each way of ranking finds the track that the DJ really played next: mean reciprocal rank and hits in the first ten.
import {prepareCandidates} from '../../src/mixing/candidates.js'
import {contextOf} from '../../src/mixing/features.js'
import {walkHistory} from '../../src/mixing/history.js'
import {explainLearnt, learnModel, transitionsOf} from '../../src/mixing/learn.js'
import {DEFAULT_WEIGHTS, FEATURES, type Feature, type MixModel} from '../../src/mixing/model.js'
import {prepareRanker, utilitiesAt} from '../../src/mixing/suggest.js'
import type {RealDj} from './real-sets.js'

/** Sets before this share of the plays are learnt from, the later ones are ranked. */
export const LEARN_SHARE = 0.6

export interface NextTrackResult {
  readonly method: string
  readonly ranks: readonly number[]
  readonly evenings: readonly number[]
}

function onlyWeights(weights: Partial<Record<Feature, number>>): MixModel {
  const entries = FEATURES.map((feature) => [feature, weights[feature] ?? 0] as const)
  return {version: 1, weights: Object.fromEntries(entries) as Record<Feature, number>, learntFrom: null}
}

export function rankNextTracks(dj: RealDj): {results: NextTrackResult[]; explanation: string[]; candidates: number} {
  const table = prepareCandidates(dj.tracks)
  const genreOf = (id: string) => table.tracks[table.indexById.get(id) ?? -1]?.genre ?? null
  const plays = dj.sets.reduce((sum, set) => sum + set.length, 0)
  let counted = 0
  const split = dj.sets.findIndex((set) => {
    counted += set.length
    return counted > plays * LEARN_SHARE
  })
  const learnt = learnModel(table, dj.sets.slice(0, split))
  const {key, tempo, genre} = DEFAULT_WEIGHTS
  const models: [string, MixModel | null][] = [
    ['random', null],
    ['nearest key', onlyWeights({key: 1})],
    ['nearest tempo', onlyWeights({tempo: 1})],
    ['fixed weights: key, tempo, genre', onlyWeights({key, tempo, genre})],
    ['fixed weights: all defaults', {version: 1, weights: DEFAULT_WEIGHTS, learntFrom: null}],
    ['learnt', learnt.model],
  ]
  const results = models.map(([method]) => ({method, ranks: [] as number[], evenings: [] as number[]}))
  const seenPairs = new Set<string>()
  let evening = -1
  for (const {set, before} of walkHistory(dj.sets, genreOf)) {
    evening++
    const transitions = [...transitionsOf(table, set, seenPairs)]
    if (evening < split) continue
    for (const [at, [, model]] of models.entries()) {
      const result = results[at]
      if (result === undefined) continue
      const ranker = model === null ? null : prepareRanker(table, {model, history: before})
      for (const {playing, recent, tonight, next} of transitions) {
        const context = contextOf(playing, {recent, tonight})
        const rank =
          ranker === null
            ? table.tracks.length / 2
            : rankOf(utilitiesAt(ranker, {context, areRepeatsAllowed: true}), next)
        result.ranks.push(rank)
        result.evenings.push(evening)
      }
    }
  }
  return {results, explanation: explainLearnt(learnt), candidates: table.tracks.length}
}

/** The place of a row, from 1; ties stand in the middle of their group, so that order in the file helps nobody. */
function rankOf(utilities: Float64Array, row: number): number {
  const own = utilities[row] ?? Number.NEGATIVE_INFINITY
  let better = 0
  let equal = 0
  for (const utility of utilities) {
    if (utility > own) better++
    else if (utility === own) equal++
  }
  return better + (equal + 1) / 2
}

export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Mean with a 95 % interval from 1000 resamples of whole evenings, because choices of one evening hang together. */
export function bootstrapMean(values: readonly number[], evenings: readonly number[]): Estimate {
  const groups = new Map<number, {sum: number; count: number}>()
  for (const [at, value] of values.entries()) {
    const group = groups.get(evenings[at] ?? 0) ?? {sum: 0, count: 0}
    groups.set(evenings[at] ?? 0, {sum: group.sum + value, count: group.count + 1})
  }
  const list = [...groups.values()]
  let state = 12_345
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
  const means = Array.from({length: 1000}, () => {
    let sum = 0
    let count = 0
    for (let n = 0; n < list.length; n++) {
      const group = list[Math.floor(random() * list.length)]
      sum += group?.sum ?? 0
      count += group?.count ?? 0
    }
    return sum / Math.max(1, count)
  }).sort((a, b) => a - b)
  const value = values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length)
  return {value, low: means[25] ?? value, high: means[974] ?? value}
}
