// A track as `--json` shows it: the field names are a promise to scripts.
import {beatsOfGrid} from '../core/beat-grid.js'
import type {Cue} from '../core/cue.js'
import {camelotFromKey, openKeyFromKey} from '../core/key.js'
import type {Track} from '../core/track.js'

export interface TrackJsonOptions {
  /** Adds every beat and downbeat. */
  readonly withBeats?: boolean
}

export function trackJson(track: Track, {withBeats = false}: TrackJsonOptions = {}): Record<string, unknown> {
  const {analysis, tags, file} = track
  return {
    id: track.id,
    path: file.path,
    title: tags.title,
    artist: tags.artist,
    album: tags.album,
    genre: tags.genre,
    year: tags.year,
    durationMs: file.durationMs,
    tempoBpm: track.tempoBpm,
    tempoConfidence: analysis?.tempoConfidence ?? null,
    tempoAlternativesBpm: analysis?.tempoAlternativesBpm ?? [],
    isTempoVariable: track.beatGrid.length > 0 ? hasSeveralTempos(track) : (analysis?.isTempoVariable ?? false),
    beatGrid: track.beatGrid,
    ...(withBeats ? beatsJson(track) : {}),
    key: keyJson(track),
    energy: analysis?.energy ?? null,
    loudnessLufs: analysis?.loudnessLufs ?? null,
    truePeakDb: analysis?.truePeakDb ?? null,
    sections: analysis?.sections ?? [],
    cues: track.cues.map(cueJson),
    mixInMs: analysis?.mixInMs ?? null,
    mixOutMs: analysis?.mixOutMs ?? null,
    ratingStars: track.ratingStars,
    colorRgb: track.colorRgb,
    playCount: track.playCount,
    lastPlayedAt: track.lastPlayedAt,
    addedAt: track.addedAt,
  }
}

function hasSeveralTempos({beatGrid}: Track): boolean {
  return beatGrid.some(({tempoBpm}) => Math.abs(tempoBpm - (beatGrid[0]?.tempoBpm ?? tempoBpm)) > 0.005)
}

function beatsJson({beatGrid, file}: Track): {beatsMs: number[]; downbeatsMs: number[]} {
  const beats = beatsOfGrid(beatGrid, file.durationMs ?? 0)
  return {
    beatsMs: beats.map(({positionMs}) => positionMs),
    downbeatsMs: beats.filter(({beatInBar}) => beatInBar === 1).map(({positionMs}) => positionMs),
  }
}

/** A person's key (from an import or by hand) has the confidence 1. */
function keyJson({key, analysis}: Track): Record<string, unknown> | null {
  if (key === null) return null
  const found = analysis?.key
  const isFound = found !== null && found !== undefined && found.tonic === key.tonic && found.mode === key.mode
  return {
    tonic: key.tonic,
    mode: key.mode,
    camelot: camelotFromKey(key),
    openKey: openKeyFromKey(key),
    confidence: isFound ? found.confidence : 1,
    tuningCents: found?.tuningCents ?? null,
  }
}

function cueJson({kind, slot, positionMs, lengthMs, name, colorRgb, origin}: Cue): Cue {
  return {kind, slot, positionMs, lengthMs, name, colorRgb, origin}
}
