// A track of which nothing is known but its path, for formats that fill in a little.
import type {ImportedTrack} from '../../src/api/format.js'
import {audioFormatOf} from '../../src/core/music-path.js'
import {EMPTY_TAGS} from '../../src/core/track.js'

export function bareTrack(ref: string, path: string): ImportedTrack {
  return {
    ref,
    file: {
      path,
      sizeBytes: null,
      modifiedAtMs: null,
      format: audioFormatOf(path),
      durationMs: null,
      sampleRateHz: null,
      channels: null,
      bitDepth: null,
      bitRateKbps: null,
      mp3HeaderCase: null,
    },
    tags: EMPTY_TAGS,
    tempoBpm: null,
    key: null,
    beatGrid: [],
    gridOrigin: null,
    isGridLocked: false,
    cues: [],
    ratingStars: null,
    colorRgb: null,
    playCount: 0,
    lastPlayedAt: null,
    addedAt: null,
    extras: {},
  }
}
