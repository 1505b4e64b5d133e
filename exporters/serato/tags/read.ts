// Everything that Serato has put into one audio file, decoded from whichever container it is in.
import type {RawTags} from '../../../src/api/format.js'
import {isCrateError} from '../../../src/core/errors.js'
import {type Autotags, decodeAutotags} from './autotags.js'
import {decodeBeatGrid, type SeratoGrid} from './beatgrid.js'
import {findTag, type Packing, packingOf, type SeratoTagName, unpack} from './keys.js'
import {CUE_ENTRIES, decodeMarkers, decodeMp4Markers, ENTRY_TYPE, type Markers} from './markers.js'
import {
  type CueEntry,
  cueOfEntry,
  decodeMarkers2,
  decodeOggMarkers2,
  isBpmLocked,
  type LoopEntry,
  loopOfEntry,
  type Markers2,
  trackColorOf,
} from './markers2.js'
import {decodeOggBeatGrid} from './ogg-text.js'

export interface SeratoTags {
  readonly packing: Packing
  /** By pad, ascending; of two on one pad the last counts. */
  readonly cues: readonly CueEntry[]
  readonly loops: readonly LoopEntry[]
  /** As stored; null where no tag tells. */
  readonly storedTrackColor: number | null
  readonly isBpmLocked: boolean
  readonly grid: SeratoGrid | null
  readonly autotags: Autotags | null
  /** The tags that the above came from; null where the file has none. */
  readonly markers2: Markers2 | null
  readonly markers: Markers | null
  /** Tags that are there and could not be read. */
  readonly unreadable: readonly {readonly name: SeratoTagName; readonly reason: string}[]
}

/** Null where the container keeps no tags of Serato. */
export function readSeratoTags(raw: RawTags): SeratoTags | null {
  const packing = packingOf(raw)
  if (packing === null) return null
  const unreadable: {name: SeratoTagName; reason: string}[] = []
  const read = <Value>(name: SeratoTagName, decode: (payload: Uint8Array) => Value | null): Value | null => {
    const tag = findTag(raw, packing, name)
    if (tag === null || tag.bytes.length === 0) return null
    try {
      const payload = unpack(packing, tag.bytes)
      const value = payload === null ? null : decode(payload)
      if (value === null) unreadable.push({name, reason: `Serato ${name}: not in the form of this container`})
      return value
    } catch (error) {
      if (!isCrateError(error)) throw error
      unreadable.push({name, reason: error.message})
      return null
    }
  }
  const markers2 = read('Markers2', packing === 'ogg' ? decodeOggMarkers2 : decodeMarkers2)
  // In Ogg the printed list holds random numbers, and FLAC has none.
  const markers = packing === 'ogg' ? null : read('Markers_', packing === 'mp4' ? decodeMp4Markers : decodeMarkers)
  const textGrid = (payload: Uint8Array) => decodeOggBeatGrid(Buffer.from(payload).toString('latin1'))
  return {
    packing,
    cues: cuesOf(markers2, markers, packing),
    loops: loopsOf(markers2, markers),
    storedTrackColor: (markers2 === null ? null : trackColorOf(markers2)) ?? markers?.storedTrackColor ?? null,
    isBpmLocked: markers2 !== null && isBpmLocked(markers2),
    grid: read('BeatGrid', packing === 'ogg' ? textGrid : decodeBeatGrid),
    autotags: read('Autotags', decodeAutotags),
    markers2,
    markers,
    unreadable,
  }
}

/**
 * Both lists together: Serato believes the older one where both have a cue, and names are in the newer one alone. A cue
 * that only one of them has is taken too, so that nothing is lost.
 */
function cuesOf(markers2: Markers2 | null, markers: Markers | null, packing: Packing): CueEntry[] {
  const cues = new Map<number, CueEntry>()
  for (const cue of (markers2?.entries ?? []).map(cueOfEntry))
    if (cue !== null && !(packing === 'ogg' && isUnsetInOgg(cue))) cues.set(cue.slot, cue)
  for (const [slot, {startMs, storedColor, type}] of (markers?.entries ?? []).slice(0, CUE_ENTRIES).entries())
    if (startMs !== null && type === ENTRY_TYPE.cue)
      cues.set(slot, {slot, positionMs: startMs, storedColor, name: cues.get(slot)?.name ?? ''})
  return [...cues.values()].sort((a, b) => a.slot - b.slot)
}

/** Serato fills all pads of an Ogg file with black cues at 0 when it saves anything else (real: bpmlock.ogg). */
function isUnsetInOgg({positionMs, storedColor, name}: CueEntry): boolean {
  return positionMs === 0 && storedColor === 0 && name === ''
}

function loopsOf(markers2: Markers2 | null, markers: Markers | null): LoopEntry[] {
  const loops = new Map<number, LoopEntry>()
  for (const loop of (markers2?.entries ?? []).map(loopOfEntry))
    if (loop !== null && loop.endMs > loop.positionMs) loops.set(loop.slot, loop)
  for (const [slot, entry] of (markers?.entries ?? []).slice(CUE_ENTRIES).entries()) {
    const {startMs, endMs, storedColor, isLocked, type} = entry
    if (startMs === null || endMs === null || endMs <= startMs || type !== ENTRY_TYPE.loop) continue
    const named = loops.get(slot)
    const color = named?.storedColor ?? storedColor
    loops.set(slot, {slot, positionMs: startMs, endMs, storedColor: color, isLocked, name: named?.name ?? ''})
  }
  return [...loops.values()].sort((a, b) => a.slot - b.slot)
}
