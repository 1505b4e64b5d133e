// The few fields of a track that tables show.
import {keyIndex} from '../core/key.js'
import type {Track} from '../core/track.js'

export interface ListedTrack {
  readonly id: string
  readonly path: string
  readonly artist: string | null
  readonly title: string | null
  readonly genre: string | null
  readonly tempoBpm: number | null
  readonly keyIndex: number | null
  readonly energy: number | null
  readonly durationMs: number | null
  readonly isMissing: boolean
}

export function listedTrack({id, file, tags, tempoBpm, key, analysis}: Track, isMissing: boolean): ListedTrack {
  return {
    id,
    path: file.path,
    artist: tags.artist,
    title: tags.title,
    genre: tags.genre,
    tempoBpm,
    keyIndex: key === null ? null : keyIndex(key),
    energy: analysis?.energy ?? null,
    durationMs: file.durationMs,
    isMissing,
  }
}
