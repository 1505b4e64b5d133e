// Suggests genres by neighbours: a track is probably of the genre of the labelled tracks that sound most like it.

export interface LabelledTrack {
  readonly id: string
  /** As the DJ wrote it. */
  readonly genre: string
  /** Position in the similarity space; all of one length. */
  readonly vector: Float32Array
}

export interface GenreSuggestion {
  readonly genre: string
  /** Share of the neighbours' votes, 0 to 1. */
  readonly confidence: number
  /** The nearest labelled tracks that voted for it, nearest first. */
  readonly because: readonly string[]
}

/** Neighbours that vote; odd, so that two genres rarely tie. */
const NEIGHBOURS = 9
/** A genre with fewer labelled tracks cannot be learnt: its only neighbours would be itself. */
const FEWEST_OF_A_GENRE = 3

/** Labelled tracks made ready for many questions; genres that are spelt alike but for case and spaces are one. */
export interface GenreVoters {
  readonly tracks: readonly LabelledTrack[]
  readonly groups: readonly string[]
  /** The most common spelling of each group. */
  readonly spelling: ReadonlyMap<string, string>
}

export function prepareVoters(labelled: readonly LabelledTrack[]): GenreVoters {
  const spellings = new Map<string, Map<string, number>>()
  for (const {genre} of labelled) {
    const counts = spellings.get(groupOf(genre)) ?? new Map<string, number>()
    counts.set(genre, (counts.get(genre) ?? 0) + 1)
    spellings.set(groupOf(genre), counts)
  }
  const size = (group: string) => [...(spellings.get(group)?.values() ?? [])].reduce((sum, count) => sum + count, 0)
  const tracks = labelled.filter(({genre}) => size(groupOf(genre)) >= FEWEST_OF_A_GENRE)
  const spelling = new Map(
    [...spellings].map(([group, counts]) => [
      group,
      [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? group,
    ]),
  )
  return {tracks, groups: tracks.map(({genre}) => groupOf(genre)), spelling}
}

function groupOf(genre: string): string {
  return genre
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_&/-]+/g, ' ')
    .trim()
}

/**
 * The genre that the neighbours vote for, each by the inverse of its distance; null where nobody can vote.
 *
 * @param without id of a track that does not vote (the one asked about)
 * @see Dudani, The distance-weighted k-nearest-neighbor rule, IEEE Trans. SMC 6 (1976)
 */
export function suggestGenre(
  {tracks, groups, spelling}: GenreVoters,
  vector: Float32Array,
  without: string | null = null,
): GenreSuggestion | null {
  const nearest: {index: number; distance: number}[] = []
  for (const [index, track] of tracks.entries()) {
    if (track.id === without || track.vector.length !== vector.length) continue
    const limit = nearest.length < NEIGHBOURS ? Number.POSITIVE_INFINITY : (nearest.at(-1)?.distance ?? 0)
    const distance = squaredDistance(track.vector, vector, limit)
    if (distance >= limit) continue
    const at = nearest.findIndex((other) => other.distance > distance)
    nearest.splice(at === -1 ? nearest.length : at, 0, {index, distance})
    if (nearest.length > NEIGHBOURS) nearest.pop()
  }
  const votes = new Map<string, number>()
  let total = 0
  for (const {index, distance} of nearest) {
    const weight = 1 / (Math.sqrt(distance) + 1e-6)
    const group = groups[index] ?? ''
    votes.set(group, (votes.get(group) ?? 0) + weight)
    total += weight
  }
  let winner: [string, number] | null = null
  for (const vote of votes) if (winner === null || vote[1] > winner[1]) winner = vote
  if (winner === null) return null
  const [group, weight] = winner
  return {
    genre: spelling.get(group) ?? group,
    confidence: weight / total,
    because: nearest.filter(({index}) => groups[index] === group).map(({index}) => tracks[index]?.id ?? ''),
  }
}

/** Stops early once the distance is beyond `limit`: most tracks are far away. */
function squaredDistance(a: Float32Array, b: Float32Array, limit: number): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    sum += difference * difference
    if ((at & 15) === 15 && sum >= limit) return sum
  }
  return sum
}

export interface GenreAccuracy {
  /** Labelled tracks that were asked about, each without its own vote. */
  readonly tried: number
  /** Share whose own genre came out, 0 to 1; null with none tried. */
  readonly accuracy: number | null
  /** What always naming the most common genre would reach. */
  readonly baseline: number | null
}

/** Leave-one-out: every labelled track asked about without itself. @param most asks about so many, evenly spread */
export function leaveOneOut(voters: GenreVoters, most = Number.POSITIVE_INFINITY): GenreAccuracy {
  const step = Math.max(1, Math.ceil(voters.tracks.length / most))
  let tried = 0
  let right = 0
  const counts = new Map<string, number>()
  for (let at = 0; at < voters.tracks.length; at += step) {
    const track = voters.tracks[at]
    if (track === undefined) continue
    const own = voters.groups[at] ?? ''
    tried++
    counts.set(own, (counts.get(own) ?? 0) + 1)
    const suggestion = suggestGenre(voters, track.vector, track.id)
    if (suggestion !== null && groupOf(suggestion.genre) === own) right++
  }
  if (tried === 0) return {tried, accuracy: null, baseline: null}
  return {tried, accuracy: right / tried, baseline: Math.max(...counts.values()) / tried}
}
