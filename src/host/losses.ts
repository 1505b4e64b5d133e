// Counts what an export will lose, before anything is written.
import type {Loss} from '../api/format.js'
import type {Cue} from '../core/cue.js'
import {type PlaylistNode, walkPlaylists} from '../core/playlist.js'
import type {Tags, Track} from '../core/track.js'

/** What is counted of a track: those of the library have it, and those of an import, which have no analysis. */
export type LossTrack = Pick<
  Track,
  | 'tags'
  | 'cues'
  | 'beatGrid'
  | 'isGridLocked'
  | 'colorRgb'
  | 'key'
  | 'ratingStars'
  | 'playCount'
  | 'lastPlayedAt'
  | 'addedAt'
> & {readonly analysis?: Track['analysis']}

export interface CountedLoss {
  readonly loss: Loss
  /** How many cues, tracks or playlists carry it. */
  readonly count: number
  readonly text: string
}

type Counter = (track: LossTrack) => number

const cuesWhere =
  (matches: (cue: Cue) => boolean): Counter =>
  ({cues}) =>
    cues.filter(matches).length
const tracksWhere =
  (matches: (track: LossTrack) => boolean): Counter =>
  (track) =>
    matches(track) ? 1 : 0

const PER_TRACK: Partial<Record<Loss, {readonly text: string; readonly count: Counter}>> = {
  analysis: {
    text: 'tracks lose what only the analysis knows (sections, confidence)',
    count: tracksWhere(({analysis}) => (analysis?.sections.length ?? 0) > 0),
  },
  color: {text: 'track colours', count: tracksWhere(({colorRgb}) => colorRgb !== null)},
  comment: {text: 'comments', count: tracksWhere(({tags}) => tags.comment !== null)},
  'cue-color': {text: 'cue colours', count: cuesWhere(({colorRgb}) => colorRgb !== null)},
  'cue-name': {text: 'cue names', count: cuesWhere(({name}) => name !== '')},
  'cue-precision': {
    text: 'cue positions are rounded to a millisecond',
    count: cuesWhere(({positionMs}) => !Number.isInteger(positionMs)),
  },
  'date-added': {text: 'dates added', count: tracksWhere(({addedAt}) => addedAt !== null)},
  energy: {text: 'energy values', count: tracksWhere(({analysis}) => (analysis?.energy ?? null) !== null)},
  'fade-cues': {text: 'fade marks', count: cuesWhere(({kind}) => kind === 'fade-in' || kind === 'fade-out')},
  'flexible-grid': {
    text: 'tracks with a changing tempo keep only its first part',
    count: tracksWhere(({beatGrid}) => beatGrid.length > 1),
  },
  grid: {text: 'beat grids', count: tracksWhere(({beatGrid}) => beatGrid.length > 0)},
  'hot-cues': {text: 'hot cues', count: cuesWhere(({slot}) => slot !== null)},
  'hot-cues-above-8': {text: 'hot cues above the eighth pad', count: cuesWhere(({slot}) => slot !== null && slot > 7)},
  key: {text: 'keys', count: tracksWhere(({key}) => key !== null)},
  'last-played': {text: 'dates of the last play', count: tracksWhere(({lastPlayedAt}) => lastPlayedAt !== null)},
  'load-cues': {text: 'load marks', count: cuesWhere(({kind}) => kind === 'load')},
  locks: {
    text: 'locks of grids and loops',
    count: ({isGridLocked, cues}) => (isGridLocked ? 1 : 0) + cues.filter(({isLocked}) => isLocked === true).length,
  },
  'loop-locks': {text: 'locks of loops', count: cuesWhere(({isLocked}) => isLocked === true)},
  loops: {text: 'loops', count: cuesWhere(({lengthMs}) => lengthMs !== null)},
  loudness: {text: 'loudness values', count: tracksWhere(({analysis}) => (analysis?.loudnessLufs ?? null) !== null)},
  'memory-cues': {text: 'memory cues', count: cuesWhere(({kind, slot}) => kind === 'memory' && slot === null)},
  'play-count': {text: 'play counts', count: tracksWhere(({playCount}) => playCount > 0)},
  'time-of-day': {
    text: 'dates without the time of the day',
    count: ({addedAt, lastPlayedAt}) => [addedAt, lastPlayedAt].filter((date) => date?.includes('T') === true).length,
  },
  rating: {text: 'ratings', count: tracksWhere(({ratingStars}) => ratingStars !== null && ratingStars > 0)},
}

const PER_PLAYLIST: Partial<
  Record<Loss, {readonly text: string; readonly count: (node: PlaylistNode<string>) => number}>
> = {
  folders: {text: 'playlist folders', count: ({kind}) => (kind === 'folder' ? 1 : 0)},
  'playlist-duplicates': {
    text: 'tracks that stand twice in a playlist',
    count: (node) => (node.kind === 'folder' ? 0 : node.tracks.length - new Set(node.tracks).size),
  },
  playlists: {text: 'playlists', count: ({kind}) => (kind === 'folder' ? 0 : 1)},
  'smart-rules': {text: 'smart playlists become plain lists', count: ({kind}) => (kind === 'smart' ? 1 : 0)},
}

/** How tags are called in a sentence, where it is not their own name. */
const TAG_WORDS: Partial<Record<keyof Tags, string>> = {
  albumArtist: 'album artist',
  catalogNumber: 'catalogue number',
  discNumber: 'disc number',
  isrc: 'ISRC',
  releaseDate: 'day of release',
  tempoBpm: 'tempo tag',
  trackNumber: 'track number',
  trackTotal: 'number of tracks',
}

/** Tracks that lose one of these tags, and which of them occur. A date of release that is the year alone is no loss. */
function tagTally(losesTags: readonly (keyof Tags)[]) {
  const seen = new Set<keyof Tags>()
  return {
    count: ({tags}: LossTrack) => {
      const lost = losesTags.filter((name) =>
        name === 'releaseDate' ? (tags.releaseDate ?? '').length > 4 : tags[name] !== null,
      )
      for (const name of lost) seen.add(name)
      return lost.length > 0 ? 1 : 0
    },
    text: () =>
      `tracks lose tags (${losesTags
        .filter((name) => seen.has(name))
        .map((name) => TAG_WORDS[name] ?? name)
        .join(', ')})`,
  }
}

/**
 * A tally to be fed while iterating, so that the library is read once.
 *
 * @param losesTags the tags that `tags` stands for
 */
export function lossTally(
  loses: readonly Loss[],
  losesTags: readonly (keyof Tags)[] = [],
): {
  addTrack(track: LossTrack): void
  addPlaylists(nodes: readonly PlaylistNode<string>[]): void
  result(): CountedLoss[]
} {
  const counts = new Map<Loss, number>()
  const lostTags = tagTally(losesTags)
  const add = (loss: Loss, count: number) => counts.set(loss, (counts.get(loss) ?? 0) + count)
  return {
    addTrack: (track) => {
      for (const loss of loses)
        add(loss, loss === 'tags' ? lostTags.count(track) : (PER_TRACK[loss]?.count(track) ?? 0))
    },
    addPlaylists: (nodes) => {
      for (const {node} of walkPlaylists(nodes))
        for (const loss of loses) add(loss, PER_PLAYLIST[loss]?.count(node) ?? 0)
    },
    result: () =>
      [...counts]
        .filter(([, count]) => count > 0)
        .map(([loss, count]) => ({
          loss,
          count,
          text: loss === 'tags' ? lostTags.text() : (PER_TRACK[loss]?.text ?? PER_PLAYLIST[loss]?.text ?? loss),
        })),
  }
}
