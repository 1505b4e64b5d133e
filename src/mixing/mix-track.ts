// A track as mixing sees it: a dozen plain values, each of which may be unknown.
import {type MusicalKey, parseKey} from '../core/key.js'
import {type Section, type Track, trackName} from '../core/track.js'

export interface MixTrack {
  readonly id: string
  /** "Artist – Title" as people see it. */
  readonly name: string
  readonly artist: string | null
  readonly title: string | null
  readonly tempoBpm: number | null
  readonly key: MusicalKey | null
  /** 1 to 10. */
  readonly energy: number | null
  readonly genre: string | null
  readonly durationMs: number | null
  /** Where it is mixed in and out; null where not known. */
  readonly mixInMs: number | null
  readonly mixOutMs: number | null
  /** How well it can be mixed into, 0 to 1; null where it was never analysed. */
  readonly mixability: number | null
  /** Milliseconds since 1970; null where it was never played out as far as is known. */
  readonly lastPlayedAtMs: number | null
  /** Position in the similarity space; tracks of one table have vectors of one length. */
  readonly vector: Float32Array | null
}

/** Every value unknown but the id; for callers that know little. */
export function blankTrack(id: string): MixTrack {
  return {
    id,
    name: id,
    artist: null,
    title: null,
    tempoBpm: null,
    key: null,
    energy: null,
    genre: null,
    durationMs: null,
    mixInMs: null,
    mixOutMs: null,
    mixability: null,
    lastPlayedAtMs: null,
    vector: null,
  }
}

/** A track of the library for mixing; what analysis did not find is taken from the tags. */
export function mixTrackFromTrack(track: Track, vector: Float32Array | null): MixTrack {
  const {analysis, tags} = track
  const lastPlayedAtMs = track.lastPlayedAt === null ? Number.NaN : Date.parse(track.lastPlayedAt)
  return {
    id: track.id,
    name: trackName(track),
    artist: tags.artist,
    title: tags.title,
    tempoBpm: track.tempoBpm ?? tags.tempoBpm,
    key: track.key ?? (tags.key === null ? null : parseKey(tags.key)),
    energy: analysis?.energy ?? null,
    genre: tags.genre,
    durationMs: track.file.durationMs,
    mixInMs: analysis?.mixInMs ?? null,
    mixOutMs: analysis?.mixOutMs ?? null,
    mixability: analysis === null ? null : mixabilityOf(analysis.mixInMs, analysis.isTempoVariable, analysis.sections),
    lastPlayedAtMs: Number.isNaN(lastPlayedAtMs) ? null : lastPlayedAtMs,
    vector,
  }
}

/** Bars of intro that leave room for a whole blend. */
const FULL_INTRO_BARS = 16

/** A mix-in point, a steady beat and an intro to blend over make a track easy to bring in. */
function mixabilityOf(mixInMs: number | null, isTempoVariable: boolean, sections: readonly Section[]): number {
  if (mixInMs === null) return 0.2
  const first = sections[0]
  const introBars = first?.label === 'intro' ? first.bars : 0
  const intro = Math.min(1, introBars / FULL_INTRO_BARS)
  return (isTempoVariable ? 0.4 : 0.7) + 0.3 * intro
}
