// What a DJ did in another program, laid over what the library knows: nothing made by a person here is lost to it.
import type {BeatGrid} from '../core/beat-grid.js'
import {type Cue, isMadeByPerson, mergeCues, type Origin} from '../core/cue.js'
import type {Extras} from '../core/json.js'
import type {MusicalKey} from '../core/key.js'
import {EMPTY_TAGS, type Tags, type Track} from '../core/track.js'

/** The part of an imported track that a person made; all of it may be absent. */
export type TrackMarks = Pick<
  Track,
  | 'tags'
  | 'tempoBpm'
  | 'key'
  | 'beatGrid'
  | 'isGridLocked'
  | 'cues'
  | 'ratingStars'
  | 'colorRgb'
  | 'playCount'
  | 'lastPlayedAt'
  | 'addedAt'
  | 'extras'
>

/** What is to be written; undefined stays as it is. */
export interface MergedMarks {
  /** For the tags that the file leaves empty. */
  readonly tagFills: Partial<Tags>
  readonly ratingStars: number | undefined
  readonly colorRgb: number | undefined
  readonly key: MusicalKey | undefined
  readonly tempoBpm: number | undefined
  readonly grid: {readonly beatGrid: BeatGrid; readonly isLocked: boolean} | undefined
  readonly addedAt: string | undefined
  readonly cues: readonly Cue[]
  readonly playCount: number
  readonly lastPlayedAt: string | null
  readonly extras: Extras
}

/**
 * The rules: what was set in crate (`user`) stands; a later import of a format replaces what an earlier one of it
 * brought, its cues as a whole; cues of other origins stay and the new ones fill the free pads; tags fill those that
 * the file leaves empty; play counts take the larger, dates of play the later, dates of addition the earlier.
 */
export function mergeMarks(
  track: Track,
  fileTags: Tags,
  incoming: TrackMarks,
  origin: `import:${string}`,
  origins: {
    readonly rating: Origin | null
    readonly color: Origin | null
    readonly key: Origin | null
    readonly tempo: Origin | null
  },
): MergedMarks {
  const unlessUser = <T>(value: T | null, current: Origin | null): T | undefined =>
    value === null || current === 'user' ? undefined : value
  const others = track.cues.filter((cue) => isMadeByPerson(cue.origin) && cue.origin !== origin)
  const own = incoming.cues.map((cue) => ({...cue, origin: cue.origin === 'analysis' ? origin : cue.origin}))
  const hasGrid =
    incoming.beatGrid.length > 0 && track.gridOrigin !== 'user' && !(track.isGridLocked && !incoming.isGridLocked)
  return {
    tagFills: tagFills(fileTags, incoming.tags),
    ratingStars: unlessUser(incoming.ratingStars, origins.rating),
    colorRgb: unlessUser(incoming.colorRgb, origins.color),
    key: unlessUser(incoming.key, origins.key),
    tempoBpm: unlessUser(incoming.tempoBpm, origins.tempo),
    grid: hasGrid ? {beatGrid: incoming.beatGrid, isLocked: incoming.isGridLocked} : undefined,
    addedAt: earlier(track.addedAt, incoming.addedAt),
    // mergeCues takes its second argument for an analysis: what has its pad or its place taken is left out.
    cues: others.length === 0 ? own : mergeCues(others, own),
    playCount: Math.max(track.playCount, incoming.playCount),
    lastPlayedAt: later(track.lastPlayedAt, incoming.lastPlayedAt),
    extras: {...track.extras, ...incoming.extras},
  }
}

function tagFills(fileTags: Tags, incoming: Tags): Partial<Tags> {
  const names = Object.keys(EMPTY_TAGS) as (keyof Tags)[]
  const filled = names.filter((name) => fileTags[name] === null && incoming[name] !== null)
  return Object.fromEntries(filled.map((name) => [name, incoming[name]]))
}

function earlier(current: string | null, incoming: string | null): string | undefined {
  if (incoming === null) return undefined
  return current === null || incoming < current ? incoming : undefined
}

function later(current: string | null, incoming: string | null): string | null {
  if (current === null || incoming === null) return current ?? incoming
  return incoming > current ? incoming : current
}
