// What an export changes in the Serato tags of one audio file: nothing that is there already and nothing that it need not.
import type {RawTags} from '../../../src/api/format.js'
import {isMadeByPerson, type Origin} from '../../../src/core/cue.js'
import type {JsonValue} from '../../../src/core/json.js'
import {shiftBetween} from '../../../src/core/position-shift.js'
import type {Track} from '../../../src/core/track.js'
import {areEqualBytes} from '../bytes.js'
import {storedFromTrackColor} from '../colors.js'
import {encodeAutotags, withTempo} from './autotags.js'
import {encodeBeatGrid} from './beatgrid.js'
import {type MergedMarks, mergeMarks} from './cues.js'
import {gridToSerato, isSameGrid} from './grid.js'
import {findTag, pack, type SeratoTagName, tagKey, unpack} from './keys.js'
import {
  CUE_ENTRIES,
  ENTRY_TYPE,
  encodeMarkers,
  encodeMp4Markers,
  LOOP_ENTRIES,
  MAX_MARKERS_MS,
  type Markers,
  type MarkersEntry,
} from './markers.js'
import {
  type CueEntry,
  encodeMarkers2,
  encodeOggMarkers2,
  entryOfBpmLock,
  entryOfCue,
  entryOfLoop,
  entryOfTrackColor,
  type Markers2Entry,
  MIN_OUTER_BYTES,
  MIN_WRAPPED_OUTER_BYTES,
  markerName,
  newMarkers2,
} from './markers2.js'
import {encodeOggBeatGrid, encodeOggMarkers} from './ogg-text.js'
import {readSeratoTags, type SeratoTags} from './read.js'

export interface TagChange {
  readonly key: string
  readonly bytes: Uint8Array
}

export interface TagChanges {
  readonly set: readonly TagChange[]
  /** The same in words, for a person to read before it happens. */
  readonly changes: readonly string[]
  /** What the person should know about this file. */
  readonly warnings: readonly string[]
}

const NO_COLOR = 0xffffff

/** Entries that crate writes itself; all others pass through behind them. */
const OWN_ENTRIES = ['COLOR', 'CUE', 'LOOP', 'BPMLOCK']

export interface TagOptions {
  /** Positions of MP3 are converted to Serato's time. */
  readonly shiftsPositions: boolean
  /** Memory cues, which Serato does not have, go to pads that are free. */
  readonly fillsPads?: boolean
}

export function tagChanges(track: Track, raw: RawTags, {shiftsPositions, fillsPads = false}: TagOptions): TagChanges {
  const present = readSeratoTags(raw)
  if (present === null) return {set: [], changes: [], warnings: ['is in a container for which Serato has no tags']}
  const warnings: string[] = []
  const changes: string[] = []
  const set: TagChange[] = []
  const shiftOf = (origin: Origin | null) => (shiftsPositions ? shiftToSerato(track, origin) : 0)
  const cues = track.cues.map((cue) => ({...cue, positionMs: cue.positionMs + shiftOf(cue.origin)}))
  const isUnreadable = (name: SeratoTagName) => present.unreadable.some((tag) => tag.name === name)

  if (isUnreadable('Markers2') || isUnreadable('Markers_'))
    warnings.push(`has marks that cannot be read, which stay as they are: ${present.unreadable[0]?.reason ?? ''}`)
  else {
    const merged = mergeMarks(cues, present, seenBy(track), fillsPads)
    const marks = markChanges(track, raw, present, merged)
    set.push(...marks.set)
    changes.push(...marks.changes)
    if (merged.leftOut > 0) warnings.push(`has ${merged.leftOut} loops more than Serato has pads for`)
    if (merged.cutNames > 0) warnings.push(`has ${merged.cutNames} names that Serato cuts to 50 bytes`)
  }
  if (!isUnreadable('BeatGrid')) {
    const grid = gridChanges(track, raw, present, shiftOf(track.gridOrigin), warnings)
    set.push(...grid)
    if (grid.length > 0) changes.push('beat grid')
  }
  return {set, changes, warnings}
}

function extrasOf(track: Track): {readonly [name: string]: JsonValue} {
  const kept = track.extras['serato']
  return typeof kept === 'object' && kept !== null && !Array.isArray(kept)
    ? (kept as {readonly [name: string]: JsonValue})
    : {}
}

/** To add to crate's positions to get Serato's; those that an import could not convert are Serato's already. */
function shiftToSerato(track: Track, origin: Origin | null): number {
  const isInSeratoTime = origin === 'import:serato' && extrasOf(track)['clock'] === 'serato'
  return isInSeratoTime ? 0 : shiftBetween('crate', 'serato', track.file).shiftMs
}

/** The marks of the file that an import of crate saw. */
function seenBy(track: Track): readonly string[] {
  const {seen} = extrasOf(track)
  return Array.isArray(seen) ? seen.filter((mark) => typeof mark === 'string') : []
}

function markChanges(
  track: Track,
  raw: RawTags,
  present: SeratoTags,
  merged: MergedMarks,
): {set: TagChange[]; changes: string[]} {
  const color = track.colorRgb === null ? (present.storedTrackColor ?? NO_COLOR) : storedFromTrackColor(track.colorRgb)
  const isLocked = track.isGridLocked || present.isBpmLocked
  const changes = [
    ...wordsOfMarks('cues', present.cues.map(withCutName), merged.cues),
    ...wordsOfMarks('loops', present.loops.map(withCutName), merged.loops),
    ...(color === (present.storedTrackColor ?? NO_COLOR) ? [] : ['track colour']),
    ...(isLocked === present.isBpmLocked ? [] : ['lock of the grid']),
    ...(agreesWithList(merged, present.markers) ? [] : ['the older list of marks']),
  ]
  if (changes.length === 0) return {set: [], changes}
  const own: Markers2Entry[] = [
    entryOfTrackColor(color),
    ...merged.cues.map((cue) => keptEntry(present, 'CUE', cue.slot, entryOfCue(cue))),
    ...merged.loops.map((loop) => keptEntry(present, 'LOOP', loop.slot, entryOfLoop(loop))),
    entryOfBpmLock(isLocked),
  ]
  const foreign = present.markers2?.entries.filter(({type}) => !OWN_ENTRIES.includes(type)) ?? []
  const {packing} = present
  const isWrapped = packing === 'flac' || packing === 'mp4'
  const markers2 = newMarkers2([...own, ...foreign], isWrapped ? MIN_WRAPPED_OUTER_BYTES : MIN_OUTER_BYTES)
  const list = listOf(merged, color)
  const set = [
    change(raw, present, 'Markers2', packing === 'ogg' ? encodeOggMarkers2(markers2) : encodeMarkers2(markers2)),
    packing === 'ogg'
      ? change(raw, present, 'Markers_', Buffer.from(encodeOggMarkers(list), 'latin1'))
      : change(raw, present, 'Markers_', packing === 'mp4' ? encodeMp4Markers(list) : encodeMarkers(list)),
  ].filter((one) => one !== null)
  return {set, changes: set.length === 0 ? [] : changes}
}

/** `7 cues`, `7 cues instead of 2`; empty where they are the same. */
function wordsOfMarks(noun: string, before: readonly CueEntry[], after: readonly CueEntry[]): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  return [before.length === 0 ? `${after.length} ${noun}` : `${after.length} ${noun} instead of ${before.length}`]
}

function withCutName<Entry extends CueEntry>(entry: Entry): Entry {
  return {...entry, name: markerName(entry.name)}
}

/** Whether the older list, where the file has one, has all the marks that belong there. */
function agreesWithList({cues, loops}: MergedMarks, list: Markers | null): boolean {
  if (list === null) return true
  const has = (entry: MarkersEntry | undefined, mark: CueEntry) =>
    entry === undefined || entry.startMs === mark.positionMs || mark.positionMs > MAX_MARKERS_MS
  return (
    cues.every((cue) => cue.slot >= CUE_ENTRIES || has(list.entries[cue.slot], cue)) &&
    loops.every((loop) => has(list.entries[CUE_ENTRIES + loop.slot], loop))
  )
}

/** The entry as the file has it where it says the same, with a longer name than crate would write, say. */
function keptEntry(present: SeratoTags, type: string, slot: number, entry: Markers2Entry): Markers2Entry {
  const current = present.markers2?.entries.findLast((other) => other.type === type && other.data[1] === slot)
  if (current === undefined) return entry
  const head = type === 'CUE' ? 12 : 20
  const nameOf = ({data}: Markers2Entry) => Buffer.from(data).toString('utf8', head).split('\0')[0] ?? ''
  const isSameHead = areEqualBytes(current.data.subarray(0, head), entry.data.subarray(0, head))
  return isSameHead && nameOf(current).startsWith(nameOf(entry)) && nameOf(entry) !== '' ? current : entry
}

/** The older list, which Serato believes before Markers2: a cue that it lacks would be deleted. */
function listOf({cues, loops}: MergedMarks, storedTrackColor: number): Markers {
  const entries: MarkersEntry[] = []
  const unset = (type: number): MarkersEntry => ({startMs: null, endMs: null, storedColor: 0, type, isLocked: false})
  for (let slot = 0; slot < CUE_ENTRIES; slot++) {
    const cue = cues.find((one) => one.slot === slot)
    entries.push(
      cue === undefined || cue.positionMs > MAX_MARKERS_MS
        ? unset(ENTRY_TYPE.unset)
        : {startMs: cue.positionMs, endMs: null, storedColor: cue.storedColor, type: ENTRY_TYPE.cue, isLocked: false},
    )
  }
  for (let slot = 0; slot < LOOP_ENTRIES; slot++) {
    const loop = loops.find((one) => one.slot === slot)
    entries.push(
      loop === undefined || loop.endMs > MAX_MARKERS_MS
        ? unset(ENTRY_TYPE.loop)
        : {
            startMs: loop.positionMs,
            endMs: loop.endMs,
            storedColor: loop.storedColor,
            type: ENTRY_TYPE.loop,
            isLocked: loop.isLocked,
          },
    )
  }
  return {entries, storedTrackColor, rest: Buffer.alloc(0)}
}

/** A grid of crate's analysis fills a gap; one that a person made replaces what is there. */
function gridChanges(
  track: Track,
  raw: RawTags,
  present: SeratoTags,
  shiftMs: number,
  warnings: string[],
): TagChange[] {
  const current = present.grid?.last === null ? null : present.grid
  if (track.beatGrid.length === 0 || (current !== null && !isMadeByPerson(track.gridOrigin))) return []
  const grid = gridToSerato(track.beatGrid, shiftMs)
  if (grid === null || grid.last === null || (current !== null && isSameGrid(current, grid))) return []
  const footer = current?.footer.subarray(0, 1) ?? Buffer.of(0)
  if (present.packing === 'ogg') {
    const text = encodeOggBeatGrid({...grid, footer})
    if (text === null) warnings.push('has a grid of several markers, whose form in Ogg Vorbis is not known')
    return [text === null ? null : change(raw, present, 'BeatGrid', Buffer.from(text, 'latin1'))].filter(
      (one) => one !== null,
    )
  }
  const {autotags} = present
  return [
    change(raw, present, 'BeatGrid', encodeBeatGrid({...grid, footer})),
    autotags === null
      ? null
      : change(raw, present, 'Autotags', encodeAutotags(withTempo(autotags, grid.last.tempoBpm))),
  ].filter((one) => one !== null)
}

/** Null where the container has no such tag, or has these very bytes. */
function change(raw: RawTags, {packing}: SeratoTags, name: SeratoTagName, payload: Uint8Array): TagChange | null {
  const key = tagKey(packing, name)
  if (key === null) return null
  const current = findTag(raw, packing, name)
  const unpacked = current === null ? null : unpack(packing, current.bytes)
  if (unpacked !== null && areEqualBytes(unpacked, payload)) return null
  return {key: current?.key ?? key, bytes: pack(packing, name, payload)}
}
