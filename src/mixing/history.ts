// What earlier sets tell: how often and when each track was played, and what was played near what.
import {plainText} from './song.js'

export interface Play {
  readonly id: string
  /** Milliseconds on any clock that runs through the whole history. */
  readonly startedAtMs: number
  /** How long it was heard; null where not recorded. */
  readonly playedMs: number | null
}

/** One evening: ids in the order in which they were played. */
export type PlayedSet = readonly string[]

export interface PlayHistory {
  /** Sets recorded so far. */
  readonly sets: number
  readonly plays: ReadonlyMap<string, number>
  /** Number of the last set, from 1, in which a track was played. */
  readonly lastSet: ReadonlyMap<string, number>
  /** Track → tracks played soon after or before it → how near and how often. */
  readonly companions: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** Genre → genre played next → times; genres in plain text. */
  readonly genrePairs: ReadonlyMap<string, ReadonlyMap<string, number>>
  readonly genrePlays: ReadonlyMap<string, number>
  readonly totalGenrePlays: number
}

interface OpenHistory extends PlayHistory {
  sets: number
  totalGenrePlays: number
  readonly plays: Map<string, number>
  readonly lastSet: Map<string, number>
  readonly companions: Map<string, Map<string, number>>
  readonly genrePairs: Map<string, Map<string, number>>
  readonly genrePlays: Map<string, number>
}

const HEARD_MS = 30_000
const SET_GAP_MS = 3 * 3_600_000

/**
 * Plays of one source as sets: cut where nothing started for three hours, without what was only cued (less than half a
 * minute), and with a track that was loaded again and again counted once.
 */
export function setsFromPlays(plays: readonly Play[]): PlayedSet[] {
  const ordered = [...plays].sort((a, b) => a.startedAtMs - b.startedAtMs)
  const sets: string[][] = []
  let current: string[] = []
  let lastStartMs = Number.NEGATIVE_INFINITY
  for (const play of ordered) {
    if (play.startedAtMs - lastStartMs > SET_GAP_MS && current.length > 0) {
      sets.push(current)
      current = []
    }
    lastStartMs = play.startedAtMs
    const wasHeard = play.playedMs === null || play.playedMs >= HEARD_MS
    if (wasHeard && current.at(-1) !== play.id) current.push(play.id)
  }
  if (current.length > 0) sets.push(current)
  return sets
}

export function emptyHistory(): PlayHistory {
  return openHistory()
}

function openHistory(): OpenHistory {
  return {
    sets: 0,
    plays: new Map(),
    lastSet: new Map(),
    companions: new Map(),
    genrePairs: new Map(),
    genrePlays: new Map(),
    totalGenrePlays: 0,
  }
}

/** The history of sets in order of time. */
export function summariseHistory(sets: readonly PlayedSet[], genreOf: (id: string) => string | null): PlayHistory {
  const history = openHistory()
  for (const set of sets) recordSet(history, set, genreOf)
  return history
}

/** Each set with the history before it; the history that is handed out changes at the next step. */
export function* walkHistory(
  sets: readonly PlayedSet[],
  genreOf: (id: string) => string | null,
): Generator<{set: PlayedSet; before: PlayHistory}> {
  const history = openHistory()
  for (const set of sets) {
    yield {set, before: history}
    recordSet(history, set, genreOf)
  }
}

/** How many places apart two plays of a set may be to be companions. */
const REACH = 6

function recordSet(history: OpenHistory, set: PlayedSet, genreOf: (id: string) => string | null): void {
  history.sets++
  let previousGenre = ''
  for (const [position, id] of set.entries()) {
    increase(history.plays, id, 1)
    history.lastSet.set(id, history.sets)
    for (let back = 1; back <= REACH && back <= position; back++) {
      const earlier = set[position - back]
      if (earlier === undefined || earlier === id) continue
      increaseIn(history.companions, earlier, id, 1 / back)
      increaseIn(history.companions, id, earlier, 0.5 / back)
    }
    const genre = plainText(genreOf(id) ?? '')
    if (genre !== '') {
      increase(history.genrePlays, genre, 1)
      history.totalGenrePlays++
      if (previousGenre !== '') increaseIn(history.genrePairs, previousGenre, genre, 1)
    }
    previousGenre = genre
  }
}

function increase(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by)
}

function increaseIn(table: Map<string, Map<string, number>>, row: string, column: string, by: number): void {
  const counts = table.get(row)
  if (counts === undefined) table.set(row, new Map([[column, by]]))
  else increase(counts, column, by)
}

/** Plays that a genre must have before its habits weigh as much as the average. */
const HABIT_PRIOR = 8

/**
 * How much more often than by chance one genre follows another, as lift / (1 + lift): 0.5 is chance, towards 1 a habit,
 * towards 0 avoided. Null where either genre was never played.
 */
export function genreHabit(history: PlayHistory, from: string, to: string): number | null {
  const share = (history.genrePlays.get(to) ?? 0) / Math.max(1, history.totalGenrePlays)
  if (from === '' || share === 0) return null
  const row = history.genrePairs.get(from)
  const together = row?.get(to) ?? 0
  const seen = history.genrePlays.get(from) ?? 0
  const lift = (together + HABIT_PRIOR * share) / (seen + HABIT_PRIOR) / share
  return lift / (1 + lift)
}

/** Weight of each step back among the last tracks. */
const RECENT_DECAY = 0.6

/**
 * Tracks that stood near the last ones in earlier sets, each 0 to 1.
 *
 * @param lastIds the playing track first, then the ones before it
 */
export function companionsOf(history: PlayHistory, lastIds: readonly string[]): Map<string, number> {
  const near = new Map<string, number>()
  for (const [back, id] of lastIds.entries()) {
    const weight = RECENT_DECAY ** back / ((history.plays.get(id) ?? 0) + 1)
    for (const [other, count] of history.companions.get(id) ?? []) increase(near, other, count * weight)
  }
  for (const [id, sum] of near) near.set(id, 1 - Math.exp(-2 * sum))
  return near
}

/** An evening has a theme that lasts: the steps back fade slowly. */
const EVENING_DECAY = 0.93

/**
 * Tracks that stood near any track of this evening in earlier sets, each 0 to 1.
 *
 * @param ids of the evening, the latest first
 */
export function eveningCompanions(history: PlayHistory, ids: readonly string[]): Map<string, number> {
  const near = new Map<string, number>()
  for (const [back, id] of ids.entries()) {
    const weight = EVENING_DECAY ** back / ((history.plays.get(id) ?? 0) + 1)
    for (const [other, count] of history.companions.get(id) ?? []) increase(near, other, count * weight)
  }
  for (const [id, sum] of near) near.set(id, 1 - Math.exp(-sum))
  return near
}

/** Plays at which a track is as familiar as it gets. */
const FAMILIAR_PLAYS = 50

export function familiarity(plays: number): number {
  return Math.min(1, Math.log1p(plays) / Math.log1p(FAMILIAR_PLAYS))
}

/** Sets after which a track is half rested. */
const REST_SETS = 4

export function restedAfterSets(setsAgo: number): number {
  return 1 - 0.5 ** (setsAgo / REST_SETS)
}

const REST_MS = 10 * 86_400_000

export function restedAfterMs(elapsedMs: number): number {
  return 1 - 0.5 ** (Math.max(0, elapsedMs) / REST_MS)
}
