// What to play next: every candidate is scored against the moment, the best are kept, one version of each song.
import type {KeyNotation} from '../core/key.js'
import {type CandidateTable, soundDistance} from './candidates.js'
import {
  energyLevel,
  featureOf,
  LAST_TRACKS,
  type MixContext,
  type Moment,
  momentOf,
  STANDING_FEATURES,
  soundScore,
  standingFeature,
} from './features.js'
import {emptyHistory, type PlayHistory} from './history.js'
import type {MixTrack} from './mix-track.js'
import {DEFAULT_MODEL, FEATURES, type Feature, type MixModel, NEUTRAL, type Weights} from './model.js'
import {type Reason, reasonsFor} from './reasons.js'
import {plainText, songKey} from './song.js'
import {foldedTempoScore, tempoScore, tightTempoScore} from './tempo.js'
import {type RankedRow, TopList} from './top-list.js'

/** A table with a DJ's model and history laid over it; made when the library, the model or the history changes. */
export interface Ranker {
  readonly table: CandidateTable
  readonly model: MixModel
  readonly history: PlayHistory
  /** The part of each row's utility that no playing track changes. */
  readonly standing: Float64Array
  /** What the distance to the playing tempo is worth, by steps of TEMPO_STEPS to an octave. */
  readonly tempoSteps: Float64Array
  /** The same for the tempo of the last tracks. */
  readonly courseSteps: Float64Array
  /** Working memory of one call after the other. */
  readonly scratch: Float64Array
}

export interface RankerOptions {
  readonly model?: MixModel
  readonly history?: PlayHistory
  /** Milliseconds since 1970, to tell how long tracks have rested; null where only sets count. */
  readonly nowMs?: number | null
}

export function prepareRanker(table: CandidateTable, options: RankerOptions = {}): Ranker {
  const {model = DEFAULT_MODEL, history = emptyHistory(), nowMs = null} = options
  const standing = new Float64Array(table.tracks.length)
  for (const feature of STANDING_FEATURES) {
    const weight = standingWeight(feature, model.weights, history)
    if (weight === 0) continue
    for (let row = 0; row < standing.length; row++)
      standing[row] =
        (standing[row] ?? 0) + weight * (standingFeature(table, history, nowMs, feature, row) ?? NEUTRAL[feature])
  }
  const {tempo, tempoTight, tempoCourse} = model.weights
  return {
    table,
    model,
    history,
    standing,
    tempoSteps: stepTable(
      (octaves) =>
        tempo * foldedTempoScore(octaves, tempoScore) + tempoTight * foldedTempoScore(octaves, tightTempoScore),
    ),
    courseSteps: stepTable((octaves) => tempoCourse * foldedTempoScore(octaves, tempoScore)),
    scratch: new Float64Array(table.tracks.length),
  }
}

function standingWeight(feature: Feature, weights: Weights, history: PlayHistory): number {
  return history.sets === 0 && (feature === 'familiar' || feature === 'newcomer') ? 0 : weights[feature]
}

export interface SuggestRequest {
  readonly context: MixContext
  /** How many to suggest, 10 where absent. */
  readonly limit?: number
  /** Never suggested. */
  readonly exclude?: ReadonlySet<string>
  /** Only these rows of the table (a query's result); all where absent. */
  readonly only?: ReadonlySet<string>
  /** Candidates that lack one of these are dropped; by default they are ranked with what is known. */
  readonly mustKnow?: readonly ('key' | 'tempo' | 'energy' | 'sound' | 'genre')[]
  /** Tracks and songs of tonight may come again. */
  readonly areRepeatsAllowed?: boolean
  /** 0 the best alone, 1 as unlike each other as can be; 0.15 where absent. */
  readonly diversity?: number
  readonly notation?: KeyNotation
}

export interface Suggestion {
  readonly track: MixTrack
  /** 0 to 1: the weighted mean of what is known. */
  readonly score: number
  readonly reasons: readonly Reason[]
}

/** The best next tracks, best first; equal scores by id, so that the same input gives the same answer. */
export function suggest(ranker: Ranker, request: SuggestRequest): Suggestion[] {
  const {table} = ranker
  const limit = Math.max(0, Math.floor(request.limit ?? 10))
  if (table.tracks.length === 0 || limit === 0) return []
  const moment = momentOf(table, request.context, ranker.history)
  const weights = weightsAt(ranker, moment, request.areRepeatsAllowed ?? false)
  const scale = scaleOf(weights)
  fillUtilities(ranker, moment, weights)
  blockRows(ranker, request)
  const rows = pickRows(ranker, moment, weights, scale, limit, request.diversity ?? 0.15)
  return rows.map(({row, score}) => ({
    track: trackAt(table, row),
    score: Math.round(score * 10_000) / 10_000,
    reasons: reasonsFor(table, moment, weights, row, request.notation ?? 'camelot'),
  }))
}

/**
 * What the model thinks of every row of the table: utilities on the scale of log-odds, minus infinity for what must not
 * be suggested. For measuring a model; `suggest` is the way to ask.
 */
export function utilitiesAt(ranker: Ranker, request: SuggestRequest): Float64Array {
  const {table} = ranker
  const moment = momentOf(table, request.context, ranker.history)
  const weights = weightsAt(ranker, moment, request.areRepeatsAllowed ?? false)
  fillUtilities(ranker, moment, weights)
  blockRows(ranker, request)
  const {soundDistances} = request.context
  return ranker.scratch.map((utility, row) =>
    weights.sound === 0 || utility === Number.NEGATIVE_INFINITY
      ? utility
      : utility + weights.sound * soundAt(table, moment, soundDistances, row),
  )
}

function trackAt(table: CandidateTable, row: number): MixTrack {
  const track = table.tracks[row]
  if (track === undefined) throw new RangeError(`row ${row} of ${table.tracks.length}`)
  return track
}

/** The model's weights, with 0 for what cannot tell one candidate from another at this moment. */
export function weightsAt(ranker: Ranker, moment: Moment, areRepeatsAllowed: boolean): Weights {
  const {playing, recent, soundDistances} = moment.context
  const mute = new Set<Feature>()
  const muteIf = (condition: boolean, ...features: Feature[]) => {
    if (condition) for (const feature of features) mute.add(feature)
  }
  muteIf(playing.key === null, 'key')
  muteIf(Number.isNaN(moment.playingOctaves), 'tempo', 'tempoTight')
  muteIf(Number.isNaN(moment.courseOctaves), 'tempoCourse')
  muteIf(energyLevel([playing, ...recent]) === null, 'energy')
  muteIf(moment.vector === null && (soundDistances === null || soundDistances.size === 0), 'sound')
  muteIf(plainText(playing.genre ?? '') === '', 'genre', 'genreHabit')
  muteIf(
    moment.genreShares.every((share) => share === 0),
    'genreTonight',
  )
  muteIf(!moment.lastArtists.some((artist) => artist !== ''), 'artist')
  muteIf(ranker.history.sets === 0, 'familiar', 'newcomer', 'genreHabit', 'companion', 'evening')
  muteIf(moment.companions.size === 0, 'companion')
  muteIf(moment.evening.size === 0, 'evening')
  muteIf(!areRepeatsAllowed, 'unplayedTonight')
  const entries = FEATURES.map((feature) => [feature, mute.has(feature) ? 0 : ranker.model.weights[feature]] as const)
  return Object.fromEntries(entries) as Record<Feature, number>
}

interface Scale {
  readonly lowest: number
  readonly range: number
}

function scaleOf(weights: Weights): Scale {
  let lowest = 0
  let highest = 0
  for (const feature of FEATURES) {
    lowest += Math.min(0, weights[feature])
    highest += Math.max(0, weights[feature])
  }
  return {lowest, range: highest - lowest}
}

function scoreOf(utility: number, scale: Scale): number {
  return scale.range === 0 ? 0 : Math.min(1, Math.max(0, (utility - scale.lowest) / scale.range))
}

/** Everything but sound for every row, as one pass over the columns. */
function fillUtilities(ranker: Ranker, moment: Moment, weights: Weights): void {
  const {table, standing, scratch} = ranker
  const {keys, genres, energies} = table
  const isKeyTabled = moment.context.isKeyLocked
  const keyTable = moment.keyScores.map((score) => score * weights.key)
  const energyTable = moment.energyScores.map((score) => score * weights.energy)
  const genreTable = moment.genreScores.map(
    (score, genre) =>
      score * weights.genre +
      (moment.genreHabits[genre] ?? 0) * weights.genreHabit +
      (moment.genreShares[genre] ?? 0) * weights.genreTonight,
  )
  for (let row = 0; row < scratch.length; row++)
    scratch[row] =
      (standing[row] ?? 0) +
      (isKeyTabled ? (keyTable[keys[row] ?? 24] ?? 0) : 0) +
      (energyTable[energies[row] ?? 0] ?? 0) +
      (genreTable[genres[row] ?? 0] ?? 0) +
      weights.artist +
      weights.unplayedTonight
  if (!isKeyTabled && weights.key !== 0) addFeature(ranker, moment, 'key', weights.key)
  addTempo(ranker, moment, weights)
  correctArtists(ranker, moment, weights.artist)
  for (const id of moment.context.tonight) addAt(ranker, id, -weights.unplayedTonight)
  addSparse(ranker, moment.companions, weights.companion)
  addSparse(ranker, moment.evening, weights.evening)
}

/** A feature that is 0 for all but a few tracks. */
function addSparse(ranker: Ranker, scores: ReadonlyMap<string, number>, weight: number): void {
  if (weight !== 0) for (const [id, score] of scores) addAt(ranker, id, score * weight)
}

function addFeature({table, scratch}: Ranker, moment: Moment, feature: Feature, weight: number): void {
  for (let row = 0; row < scratch.length; row++)
    scratch[row] = (scratch[row] ?? 0) + weight * (featureOf(table, moment, feature, row) ?? NEUTRAL[feature])
}

/** The tempo features; where one tempo of the two is unknown, every row gets what stands for the unknown. */
function addTempo({table, scratch, tempoSteps, courseSteps}: Ranker, moment: Moment, weights: Weights): void {
  const {tempo, tempoTight, tempoCourse} = weights
  if (tempo !== 0 || tempoTight !== 0)
    addSteps(moment.playingOctaves, tempoSteps, tempo * NEUTRAL.tempo + tempoTight * NEUTRAL.tempoTight)
  if (tempoCourse !== 0) addSteps(moment.courseOctaves, courseSteps, tempoCourse * NEUTRAL.tempoCourse)

  function addSteps(from: number, steps: Float64Array, unknown: number): void {
    const {octaves} = table
    for (let row = 0; row < scratch.length; row++) {
      const step = Math.abs((octaves[row] ?? Number.NaN) - from) * TEMPO_STEPS
      scratch[row] = (scratch[row] ?? 0) + (Number.isNaN(step) ? unknown : (steps[(step + 0.5) | 0] ?? 0))
    }
  }
}

/** Made once: a hundred thousand divisions for each answer would be half the work. */
function stepTable(utilityAt: (octaves: number) => number): Float64Array {
  return Float64Array.from({length: TEMPO_STEPS * TEMPO_OCTAVES + 2}, (_, step) => utilityAt(step / TEMPO_STEPS))
}

/** Table steps to an octave: 0.03 % of tempo each. Beyond the table nothing is left to tell apart. */
const TEMPO_STEPS = 2048
const TEMPO_OCTAVES = 4

function addAt({table, scratch}: Ranker, id: string, utility: number): void {
  const row = table.indexById.get(id)
  if (row !== undefined) scratch[row] = (scratch[row] ?? 0) + utility
}

/** Rows of the last artists lose what every row was given for being another's. */
function correctArtists({table, scratch}: Ranker, moment: Moment, weight: number): void {
  const loss = new Map<number, number>()
  for (const [back, name] of moment.lastArtists.entries()) {
    const number = table.artistNumbers.get(name)
    if (number !== undefined && !loss.has(number)) loss.set(number, weight * (1 - back / LAST_TRACKS))
  }
  if (loss.size === 0 || weight === 0) return
  const losses = new Float64Array(table.artistNumbers.size + 1)
  for (const [number, value] of loss) losses[number] = value
  const {artists} = table
  for (let row = 0; row < scratch.length; row++) scratch[row] = (scratch[row] ?? 0) - (losses[artists[row] ?? 0] ?? 0)
}

/** What must not be suggested gets a utility of minus infinity. */
function blockRows(ranker: Ranker, request: SuggestRequest): void {
  const {table, scratch} = ranker
  const {context, exclude = new Set(), only, mustKnow = [], areRepeatsAllowed = false} = request
  const block = (row: number) => {
    scratch[row] = Number.NEGATIVE_INFINITY
  }
  const blockWhere = (isBlocked: (row: number, id: string) => boolean) => {
    for (const [row, {id}] of table.tracks.entries()) if (isBlocked(row, id)) block(row)
  }
  const ids = new Set([context.playing.id, ...exclude, ...(areRepeatsAllowed ? [] : context.tonight)])
  for (const id of ids) {
    const row = table.indexById.get(id)
    if (row !== undefined) block(row)
  }
  if (!areRepeatsAllowed) blockPlayedSongs(ranker, context)
  if (table.hasRepeatedIds) blockWhere((_, id) => ids.has(id))
  if (only !== undefined) blockWhere((_, id) => !only.has(id))
  for (const value of mustKnow) blockWhere((row) => !isKnown(table, value, row))
}

/** Other versions of what plays or was played tonight. */
function blockPlayedSongs({table, scratch}: Ranker, {playing, tonight}: MixContext): void {
  const isPlayed = new Uint8Array(table.songNumbers.size + 1)
  const song = table.songNumbers.get(songKey(playing) ?? '')
  if (song !== undefined) isPlayed[song] = 1
  for (const id of tonight) {
    const row = table.indexById.get(id)
    if (row !== undefined) isPlayed[table.songs[row] ?? 0] = 1
  }
  const {songs} = table
  for (let row = 0; row < songs.length; row++)
    if (isPlayed[songs[row] ?? 0] === 1) scratch[row] = Number.NEGATIVE_INFINITY
}

function isKnown(table: CandidateTable, value: 'key' | 'tempo' | 'energy' | 'sound' | 'genre', row: number): boolean {
  if (value === 'key') return table.keys[row] !== 24
  if (value === 'tempo') return !Number.isNaN(table.octaves[row])
  if (value === 'energy') return table.energies[row] !== 0
  return value === 'sound' ? table.hasVector[row] === 1 : table.genres[row] !== 0
}

interface Scored {
  readonly row: number
  readonly score: number
}

/** The best rows, one per song, thinned for variety, best first. */
function pickRows(
  ranker: Ranker,
  moment: Moment,
  weights: Weights,
  scale: Scale,
  limit: number,
  diversity: number,
): Scored[] {
  const {table} = ranker
  for (let size = Math.max(100, limit * 6); ; size *= 8) {
    const best = topRows(ranker, moment, weights.sound, size)
    const songs = new Set<number>()
    const distinct = best.filter(({row}) => {
      const song = table.songs[row] ?? 0
      return songs.has(song) ? false : songs.add(song)
    })
    if (distinct.length >= Math.min(limit * 3, table.tracks.length) || best.length < size) {
      const scored = distinct.map(({row, utility}) => ({row, score: scoreOf(utility, scale)}))
      return spread(table, scored, limit, diversity)
    }
  }
}

/**
 * The best rows with sound added, exactly. The best without sound come first, so that few of the others can still get in
 * with a perfect one, and only theirs is compared.
 */
function topRows({table, scratch}: Ranker, moment: Moment, soundWeight: number, size: number): RankedRow[] {
  const silent = new TopList(size, table)
  for (let row = 0; row < scratch.length; row++) {
    const utility = scratch[row] ?? Number.NEGATIVE_INFINITY
    if (utility !== Number.NEGATIVE_INFINITY && utility >= silent.floor) silent.add(row, utility)
  }
  const first = silent.sorted()
  if (soundWeight === 0) return first
  const heap = new TopList(size, table)
  const given = moment.context.soundDistances
  const withSound = (row: number, utility: number) =>
    heap.add(row, utility + soundWeight * soundAt(table, moment, given, row))
  for (const {row, utility} of first) withSound(row, utility)
  const isIn = new Set(first.map(({row}) => row))
  const reach = Math.max(0, soundWeight)
  for (let row = 0; row < scratch.length; row++) {
    const utility = scratch[row] ?? Number.NEGATIVE_INFINITY
    if (utility !== Number.NEGATIVE_INFINITY && utility + reach >= heap.floor && !isIn.has(row)) withSound(row, utility)
  }
  return heap.sorted()
}

function soundAt(
  table: CandidateTable,
  moment: Moment,
  given: ReadonlyMap<string, number> | null,
  row: number,
): number {
  if (given !== null) return featureOf(table, moment, 'sound', row) ?? NEUTRAL.sound
  const {vector} = moment
  if (vector === null || table.hasVector[row] !== 1) return NEUTRAL.sound
  const {vectors, dimensions, typicalDistance} = table
  const end = (row + 1) * dimensions
  const ceiling = typicalDistance * typicalDistance
  let sum = 0
  for (let cell = row * dimensions, d = 0; cell < end && sum < ceiling; cell++, d++) {
    const difference = (vectors[cell] ?? 0) - (vector[d] ?? 0)
    sum += difference * difference
  }
  return soundScore(table, Math.sqrt(sum))
}

/** Likeness of two suggestions of one artist, against 1 for the same sound. */
const SAME_ARTIST_LIKENESS = 0.7

/**
 * Maximal marginal relevance: each choice is worth its score less a share of its likeness to what is chosen already.
 *
 * @see Carbonell and Goldstein, The Use of MMR, SIGIR 1998
 */
function spread(table: CandidateTable, scored: readonly Scored[], limit: number, diversity: number): Scored[] {
  const pool = scored.map((entry) => ({...entry, likeness: 0, isTaken: false}))
  const chosen: Scored[] = []
  while (chosen.length < Math.min(limit, pool.length)) {
    let best: (typeof pool)[number] | null = null
    let bestWorth = Number.NEGATIVE_INFINITY
    for (const entry of pool) {
      const worth = entry.score - diversity * entry.likeness
      if (!entry.isTaken && worth > bestWorth) {
        best = entry
        bestWorth = worth
      }
    }
    if (best === null) break
    best.isTaken = true
    chosen.push({row: best.row, score: best.score})
    if (diversity > 0)
      for (const entry of pool)
        if (!entry.isTaken) entry.likeness = Math.max(entry.likeness, likeness(table, best.row, entry.row))
  }
  const order = new Map(pool.map(({row}, place) => [row, place]))
  return chosen.sort((a, b) => (order.get(a.row) ?? 0) - (order.get(b.row) ?? 0))
}

function likeness(table: CandidateTable, a: number, b: number): number {
  const isSameArtist = table.artists[a] !== 0 && table.artists[a] === table.artists[b]
  const areHeard = table.hasVector[a] === 1 && table.hasVector[b] === 1
  const sound = areHeard ? soundScore(table, soundDistance(table, a, b)) : 0
  return Math.max(isSameArtist ? SAME_ARTIST_LIKENESS : 0, sound)
}
