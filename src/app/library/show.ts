// One track with everything that is known of it.
import {existsSync} from 'node:fs'
import {resolve} from 'node:path'
import {expandHome} from '../../adapters/config/config-file.js'
import type {Waveform} from '../../core/findings.js'
import type {Track} from '../../core/track.js'
import type {Library} from '../../store/library.js'
import {trackJson} from '../track-json.js'

export interface ShownTrack {
  readonly track: Track
  readonly waveform: Waveform | null
  readonly json: Record<string, unknown>
}

/** @param text id, start of one, path, or words. @throws TRACK_NOT_FOUND, USAGE where several fit */
export function findTrack(library: Library, text: string): Track {
  const path = resolve(expandHome(text))
  return (existsSync(path) ? library.tracks.byPath(path) : null) ?? library.tracks.resolve(text)
}

export function showTrack(library: Library, text: string): ShownTrack {
  const track = findTrack(library, text)
  const waveform = track.audioHash === null ? null : library.analyses.waveform(track.audioHash)
  return {track, waveform, json: {track: {...trackJson(track, {withBeats: false}), tags: track.tags, file: track.file}}}
}
