// One track with everything that is known of it.
import {existsSync} from 'node:fs'
import {resolve} from 'node:path'
import {expandHome} from '../../adapters/config/config-file.js'
import type {Waveform} from '../../core/findings.js'
import type {Extras} from '../../core/json.js'
import type {Track} from '../../core/track.js'
import type {Library} from '../../store/library.js'
import {trackJson} from '../track-json.js'

export interface ShownTrack {
  readonly track: Track
  readonly waveform: Waveform | null
  /** What analysers of plugins found of their own, by their ids. */
  readonly extras: Extras
  readonly json: Record<string, unknown>
}

/** @param text id, start of one, path, or words. @throws TRACK_NOT_FOUND, USAGE where several fit */
export function findTrack(library: Library, text: string): Track {
  const path = resolve(expandHome(text))
  return (existsSync(path) ? library.tracks.byPath(path) : null) ?? library.tracks.resolve(text)
}

export function showTrack(library: Library, text: string): ShownTrack {
  const track = findTrack(library, text)
  const {tags, file, audioHash} = track
  const waveform = audioHash === null ? null : library.analyses.waveform(audioHash)
  const extras = audioHash === null ? {} : library.analyses.extras(audioHash)
  return {track, waveform, extras, json: {track: {...trackJson(track, {withBeats: false}), tags, file, extras}}}
}
