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

/** What is lost of so many, in words: of one, of several. */
type Words = readonly [one: string, many: string]

interface Counted<Item> {
  readonly words: Words
  readonly count: (item: Item) => number
}

type PlaylistLoss = 'folders' | 'playlist-duplicates' | 'playlists' | 'smart-rules'

const PER_TRACK: Readonly<Record<Exclude<Loss, PlaylistLoss | 'tags'>, Counted<LossTrack>>> = {
  analysis: {
    words: [
      'track loses what only the analysis knows (sections, confidence)',
      'tracks lose what only the analysis knows (sections, confidence)',
    ],
    count: tracksWhere(({analysis}) => (analysis?.sections.length ?? 0) > 0),
  },
  color: {words: ['track colour', 'track colours'], count: tracksWhere(({colorRgb}) => colorRgb !== null)},
  comment: {words: ['comment', 'comments'], count: tracksWhere(({tags}) => tags.comment !== null)},
  'cue-color': {words: ['cue colour', 'cue colours'], count: cuesWhere(({colorRgb}) => colorRgb !== null)},
  'cue-name': {words: ['cue name', 'cue names'], count: cuesWhere(({name}) => name !== '')},
  'cue-precision': {
    words: ['cue position is rounded to a millisecond', 'cue positions are rounded to a millisecond'],
    count: cuesWhere(({positionMs}) => !Number.isInteger(positionMs)),
  },
  'date-added': {words: ['date added', 'dates added'], count: tracksWhere(({addedAt}) => addedAt !== null)},
  energy: {
    words: ['energy value', 'energy values'],
    count: tracksWhere(({analysis}) => (analysis?.energy ?? null) !== null),
  },
  'fade-cues': {
    words: ['fade mark', 'fade marks'],
    count: cuesWhere(({kind}) => kind === 'fade-in' || kind === 'fade-out'),
  },
  'flexible-grid': {
    words: [
      'track with a changing tempo keeps only its first part',
      'tracks with a changing tempo keep only its first part',
    ],
    count: tracksWhere(({beatGrid}) => beatGrid.length > 1),
  },
  grid: {words: ['beat grid', 'beat grids'], count: tracksWhere(({beatGrid}) => beatGrid.length > 0)},
  'hot-cues': {words: ['hot cue', 'hot cues'], count: cuesWhere(({slot}) => slot !== null)},
  'hot-cues-above-8': {
    words: ['hot cue above the eighth pad', 'hot cues above the eighth pad'],
    count: cuesWhere(({slot}) => slot !== null && slot > 7),
  },
  key: {words: ['key', 'keys'], count: tracksWhere(({key}) => key !== null)},
  'last-played': {
    words: ['date of the last play', 'dates of the last play'],
    count: tracksWhere(({lastPlayedAt}) => lastPlayedAt !== null),
  },
  'load-cues': {words: ['load mark', 'load marks'], count: cuesWhere(({kind}) => kind === 'load')},
  locks: {
    words: ['lock of a grid or loop', 'locks of grids and loops'],
    count: ({isGridLocked, cues}) => (isGridLocked ? 1 : 0) + cues.filter(({isLocked}) => isLocked === true).length,
  },
  'loop-locks': {words: ['lock of a loop', 'locks of loops'], count: cuesWhere(({isLocked}) => isLocked === true)},
  loops: {words: ['loop', 'loops'], count: cuesWhere(({lengthMs}) => lengthMs !== null)},
  loudness: {
    words: ['loudness value', 'loudness values'],
    count: tracksWhere(({analysis}) => (analysis?.loudnessLufs ?? null) !== null),
  },
  'memory-cue-color': {
    words: ['colour of a memory cue', 'colours of memory cues'],
    count: cuesWhere(({kind, slot, colorRgb}) => kind === 'memory' && slot === null && colorRgb !== null),
  },
  'memory-cues': {
    words: ['memory cue', 'memory cues'],
    count: cuesWhere(({kind, slot}) => kind === 'memory' && slot === null),
  },
  'play-count': {words: ['play count', 'play counts'], count: tracksWhere(({playCount}) => playCount > 0)},
  'time-of-day': {
    words: ['date without the time of the day', 'dates without the time of the day'],
    count: ({addedAt, lastPlayedAt}) => [addedAt, lastPlayedAt].filter((date) => date?.includes('T') === true).length,
  },
  rating: {
    words: ['rating', 'ratings'],
    count: tracksWhere(({ratingStars}) => ratingStars !== null && ratingStars > 0),
  },
}

const PER_PLAYLIST: Readonly<Record<PlaylistLoss, Counted<PlaylistNode<string>>>> = {
  folders: {words: ['playlist folder', 'playlist folders'], count: ({kind}) => (kind === 'folder' ? 1 : 0)},
  'playlist-duplicates': {
    words: ['track that stands twice in a playlist', 'tracks that stand twice in a playlist'],
    count: (node) => (node.kind === 'folder' ? 0 : node.tracks.length - new Set(node.tracks).size),
  },
  playlists: {words: ['playlist', 'playlists'], count: ({kind}) => (kind === 'folder' ? 0 : 1)},
  'smart-rules': {
    words: ['smart playlist becomes a plain list', 'smart playlists become plain lists'],
    count: ({kind}) => (kind === 'smart' ? 1 : 0),
  },
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
    words: (): Words => {
      const names = losesTags
        .filter((name) => seen.has(name))
        .map((name) => TAG_WORDS[name] ?? name)
        .join(', ')
      return [`track loses tags (${names})`, `tracks lose tags (${names})`]
    },
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
  const ofTracks: Readonly<Partial<Record<Loss, Counted<LossTrack>>>> = PER_TRACK
  const ofPlaylists: Readonly<Partial<Record<Loss, Counted<PlaylistNode<string>>>>> = PER_PLAYLIST
  const textOf = (loss: Loss, count: number) => {
    const words = loss === 'tags' ? lostTags.words() : (ofTracks[loss] ?? ofPlaylists[loss])?.words
    return words?.[count === 1 ? 0 : 1] ?? loss
  }
  return {
    addTrack: (track) => {
      for (const loss of loses) add(loss, loss === 'tags' ? lostTags.count(track) : (ofTracks[loss]?.count(track) ?? 0))
    },
    addPlaylists: (nodes) => {
      for (const {node} of walkPlaylists(nodes))
        for (const loss of loses) add(loss, ofPlaylists[loss]?.count(node) ?? 0)
    },
    result: () =>
      [...counts].filter(([, count]) => count > 0).map(([loss, count]) => ({loss, count, text: textOf(loss, count)})),
  }
}
