// The DJ's own weights, kept in the library with what they were learnt from.

import type {JsonValue} from '../../core/json.js'
import type {CandidateTable} from '../../mixing/candidates.js'
import {emptyHistory, type Play, type PlayHistory, setsFromPlays, summariseHistory} from '../../mixing/history.js'
import {explainLearnt, type Learnt, learnModel} from '../../mixing/learn.js'
import {DEFAULT_MODEL, FEATURES, type MixModel} from '../../mixing/model.js'
import type {Library} from '../../store/library.js'

const SETTING = 'mix-model'

/** The learnt model; the defaults where nothing was learnt or it is of another version. */
export function storedModel({settings}: Library): MixModel {
  const stored = settings.get(SETTING) as Partial<MixModel> | null
  const isSound =
    stored?.version === DEFAULT_MODEL.version &&
    FEATURES.every((feature) => typeof stored.weights?.[feature] === 'number')
  return isSound ? (stored as MixModel) : DEFAULT_MODEL
}

export function playHistory(library: Library, table: CandidateTable): PlayHistory {
  const sets = setsFromPlays(playsOf(library))
  return sets.length === 0
    ? emptyHistory()
    : summariseHistory(sets, (id) => table.tracks[table.indexById.get(id) ?? -1]?.genre ?? null)
}

/** Learns from all plays that the library knows, and keeps the model. */
export function learnFromHistory(library: Library, table: CandidateTable): {learnt: Learnt; sentences: string[]} {
  const learnt = learnModel(table, setsFromPlays(playsOf(library)))
  library.settings.set(SETTING, learnt.model as unknown as JsonValue)
  return {learnt, sentences: explainLearnt(learnt)}
}

export function forgetModel({settings}: Library): void {
  settings.set(SETTING, null)
}

function playsOf(library: Library): Play[] {
  return library.plays
    .list()
    .flatMap(({trackId, atMs, durationMs}) =>
      trackId === null ? [] : [{id: trackId, startedAtMs: atMs, playedMs: durationMs}],
    )
}
