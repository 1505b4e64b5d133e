// What the tags of Serato are called in each container, and how their payloads are packed there.
import type {RawTag, RawTags} from '../../../src/api/format.js'
import {decodeWrapped, encodeWrapped} from './wrapper.js'

export type SeratoTagName = 'Markers2' | 'Markers_' | 'BeatGrid' | 'Autotags' | 'Overview' | 'Analysis'

/**
 * `id3` raw bytes in GEOB (MP3, AIFF, WAV); `flac` wrapped base64 in Vorbis comments; `mp4` the same in atoms; `ogg`
 * comments of their own form.
 */
export type Packing = 'id3' | 'flac' | 'mp4' | 'ogg'

/** Null where Serato keeps no tags: Opus, bare AAC (its marks are XML files in `_Serato_`), what it does not play. */
export function packingOf({container, format}: Pick<RawTags, 'container' | 'format'>): Packing | null {
  if (format === 'aac') return null
  if (container === 'id3' || container === 'mp4') return container
  if (format === 'flac') return 'flac'
  return format === 'ogg' ? 'ogg' : null
}

const KEYS: Readonly<Record<Packing, Readonly<Record<SeratoTagName, string | null>>>> = {
  id3: {
    Markers2: 'GEOB:Serato Markers2',
    Markers_: 'GEOB:Serato Markers_',
    BeatGrid: 'GEOB:Serato BeatGrid',
    Autotags: 'GEOB:Serato Autotags',
    Overview: 'GEOB:Serato Overview',
    Analysis: 'GEOB:Serato Analysis',
  },
  flac: {
    Markers2: 'SERATO_MARKERS_V2',
    Markers_: null,
    BeatGrid: 'SERATO_BEATGRID',
    Autotags: 'SERATO_AUTOGAIN',
    Overview: 'SERATO_OVERVIEW',
    Analysis: 'SERATO_ANALYSIS',
  },
  mp4: {
    Markers2: '----:com.serato.dj:markersv2',
    Markers_: '----:com.serato.dj:markers',
    BeatGrid: '----:com.serato.dj:beatgrid',
    Autotags: '----:com.serato.dj:autgain',
    Overview: '----:com.serato.dj:overview',
    Analysis: '----:com.serato.dj:analysisVersion',
  },
  ogg: {
    Markers2: 'serato_markers2',
    Markers_: 'serato_markers',
    BeatGrid: 'serato_beatgrid',
    Autotags: null,
    Overview: 'serato_overview',
    Analysis: 'serato_analysis_ver',
  },
}

/** How the tag is called; null where the container has none of this kind. */
export function tagKey(packing: Packing, name: SeratoTagName): string | null {
  return KEYS[packing][name]
}

/** The tag as the container has it; comment names of Vorbis are compared without case. */
export function findTag(raw: RawTags, packing: Packing, name: SeratoTagName): RawTag | null {
  const key = tagKey(packing, name)?.toLowerCase()
  if (key === undefined) return null
  return raw.tags.find((tag) => tag.key.toLowerCase() === key) ?? null
}

/** The payload inside the value of a tag; null where a wrapper is expected and is not there. */
export function unpack(packing: Packing, bytes: Uint8Array): Uint8Array | null {
  return packing === 'flac' || packing === 'mp4' ? (decodeWrapped(bytes)?.payload ?? null) : bytes
}

export function pack(packing: Packing, name: SeratoTagName, payload: Uint8Array): Uint8Array {
  return packing === 'flac' || packing === 'mp4' ? encodeWrapped({name: `Serato ${name}`, payload}) : payload
}
