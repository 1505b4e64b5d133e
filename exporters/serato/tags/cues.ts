// Cues between crate and Serato, which keeps hot cues and loops in two rows of pads.
import type {Cue} from '../../../src/core/cue.js'
import {isMadeByPerson} from '../../../src/core/cue.js'
import {cueColorFromStored, LOOP_COLOR, storedFromCueColor} from '../colors.js'
import {type CueEntry, type LoopEntry, markerName} from './markers2.js'
import type {SeratoTags} from './read.js'

/** Pads of either row. */
export const PADS = 8

const ORIGIN = 'import:serato'

/**
 * Hot cues and loops as crate has them. A loop is hot on its pad unless a hot cue stands there, for other programs have
 * one row of pads; then it is a memory loop.
 *
 * @param shiftMs to add to Serato's positions to get crate's
 */
export function cuesFromSerato({cues, loops}: Pick<SeratoTags, 'cues' | 'loops'>, shiftMs: number): Cue[] {
  const taken = new Set(cues.map(({slot}) => slot))
  return [
    ...cues.map(({slot, positionMs, storedColor, name}): Cue => {
      const colorRgb = cueColorFromStored(storedColor)
      return {kind: 'hot', slot, positionMs: positionMs + shiftMs, lengthMs: null, name, colorRgb, origin: ORIGIN}
    }),
    ...loops.map(({slot, positionMs, endMs, storedColor, name, isLocked}): Cue => {
      const isHot = !taken.has(slot)
      return {
        kind: isHot ? 'hot' : 'memory',
        slot: isHot ? slot : null,
        positionMs: positionMs + shiftMs,
        lengthMs: endMs - positionMs,
        name,
        colorRgb: storedColor === LOOP_COLOR || storedColor === 0 ? null : storedColor,
        origin: ORIGIN,
        ...(isLocked ? {isLocked} : {}),
      }
    }),
  ]
}

/** How an import remembers what it saw, so that a later export can tell a cue deleted in crate from one new in Serato. */
export function seenMarks({cues, loops}: Pick<SeratoTags, 'cues' | 'loops'>): string[] {
  return [...cues.map(markOfCue), ...loops.map(markOfLoop)]
}

function markOfCue({slot, positionMs}: CueEntry): string {
  return `cue ${slot} ${positionMs}`
}

function markOfLoop({slot, positionMs, endMs}: LoopEntry): string {
  return `loop ${slot} ${positionMs} ${endMs}`
}

export interface MergedMarks {
  readonly cues: readonly CueEntry[]
  readonly loops: readonly LoopEntry[]
  /** Loops for which no pad is left. */
  readonly leftOut: number
  /** Names cut to what Serato keeps. */
  readonly cutNames: number
}

/**
 * What stands in the file after an export: cues that a person made in crate win their pad; cues of the analysis take
 * pads that are free; what is in the file and crate never saw stays; what crate saw at import and no longer has goes.
 *
 * @param cues with positions in Serato's time
 * @param seen as `seenMarks` gave it at import
 * @param fillsPads memory cues go to the pads that are free, in order of position
 */
export function mergeMarks(
  cues: readonly Cue[],
  present: Pick<SeratoTags, 'cues' | 'loops'>,
  seen: readonly string[],
  fillsPads = false,
): MergedMarks {
  const known = new Set(seen)
  const presentCues = new Map(present.cues.map((cue) => [cue.slot, cue]))
  const presentLoops = new Map(present.loops.map((loop) => [loop.slot, loop]))
  const padded = fillsPads ? onFreePads(cues, present.cues) : cues
  const ourCues = pointsByPad(padded)
  const loops = loopsByPad(cues, new Set(ourCues.keys()), presentLoops)
  const mergedCues = merge(ourCues, presentCues, (cue) => known.has(markOfCue(cue)))
  const mergedLoops = merge(loops.byPad, presentLoops, (loop) => known.has(markOfLoop(loop)))
  const carried = padded.filter((cue) => cue.lengthMs !== null || (cue.slot !== null && cue.slot < PADS))
  return {
    cues: mergedCues,
    loops: mergedLoops,
    leftOut: loops.leftOut,
    cutNames: carried.filter(({name}) => markerName(name) !== name).length,
  }
}

interface Ours<Entry> {
  readonly entry: Entry
  readonly isByPerson: boolean
}

function merge<Entry extends CueEntry>(
  ours: ReadonlyMap<number, Ours<Entry>>,
  present: ReadonlyMap<number, Entry>,
  wasSeen: (entry: Entry) => boolean,
): Entry[] {
  const merged = new Map<number, Entry>()
  for (const [slot, entry] of present) if (!wasSeen(entry)) merged.set(slot, entry)
  for (const [slot, {entry, isByPerson}] of ours) if (isByPerson || !merged.has(slot)) merged.set(slot, entry)
  return [...merged.values()].sort((a, b) => a.slot - b.slot)
}

/** The cues with memory cues as hot cues on pads that neither the track nor the file uses, as far as there are any. */
function onFreePads(cues: readonly Cue[], present: readonly CueEntry[]): readonly Cue[] {
  const taken = new Set([...cues.map(({slot}) => slot), ...present.map(({slot}) => slot)])
  const free = [...Array(PADS).keys()].filter((pad) => !taken.has(pad))
  const hasTwin = ({positionMs}: Cue) =>
    cues.some(
      ({kind, lengthMs, positionMs: other}) => kind === 'hot' && lengthMs === null && Math.abs(other - positionMs) < 1,
    )
  const moving = cues
    .filter((cue) => cue.kind === 'memory' && cue.lengthMs === null && cue.slot === null && !hasTwin(cue))
    .sort((a, b) => a.positionMs - b.positionMs)
    .slice(0, free.length)
  return cues.map((cue) => {
    const index = moving.indexOf(cue)
    return index < 0 ? cue : {...cue, kind: 'hot', slot: free[index] ?? null}
  })
}

/** Points on pads; of two on one pad a hot cue goes before a load mark, and a person's before the analysis'. */
function pointsByPad(cues: readonly Cue[]): Map<number, Ours<CueEntry>> {
  const rank = (cue: Cue) => (isMadeByPerson(cue.origin) ? 0 : 2) + (cue.kind === 'hot' ? 0 : 1)
  const points = new Map<number, Ours<CueEntry>>()
  const onPads = cues.filter((cue) => cue.lengthMs === null && cue.slot !== null && cue.slot >= 0 && cue.slot < PADS)
  for (const cue of [...onPads].sort((a, b) => rank(b) - rank(a))) {
    const slot = cue.slot ?? 0
    const entry: CueEntry = {
      slot,
      positionMs: seratoMs(cue.positionMs),
      storedColor: storedFromCueColor(cue.colorRgb, slot),
      name: markerName(cue.name),
    }
    points.set(slot, {entry, isByPerson: isMadeByPerson(cue.origin)})
  }
  return points
}

/**
 * Loops on the pads of their own row: hot loops on theirs, others where the file has them already, else on pads whose
 * hot cue makes them memory loops again on the way back, else on any that is free.
 */
function loopsByPad(
  cues: readonly Cue[],
  cuePads: ReadonlySet<number>,
  present: ReadonlyMap<number, LoopEntry>,
): {byPad: Map<number, Ours<LoopEntry>>; leftOut: number} {
  const byPad = new Map<number, Ours<LoopEntry>>()
  const waiting: Cue[] = []
  const place = (cue: Cue, slot: number) =>
    byPad.set(slot, {entry: loopEntry(cue, slot), isByPerson: isMadeByPerson(cue.origin)})
  for (const cue of cues) {
    if (cue.lengthMs === null || !(cue.lengthMs > 0)) continue
    const isFree = cue.slot !== null && cue.slot >= 0 && cue.slot < PADS && !byPad.has(cue.slot)
    if (isFree && cue.slot !== null) place(cue, cue.slot)
    else waiting.push(cue)
  }
  const homeless: Cue[] = []
  for (const cue of waiting) {
    const {positionMs, endMs} = loopEntry(cue, 0)
    const home = [...present.values()].find((loop) => loop.positionMs === positionMs && loop.endMs === endMs)
    if (home !== undefined && !byPad.has(home.slot)) place(cue, home.slot)
    else homeless.push(cue)
  }
  const pads = [...Array(PADS).keys()]
  const isFree = (slot: number) => !byPad.has(slot)
  let leftOut = 0
  for (const cue of homeless) {
    const slot =
      pads.find((pad) => isFree(pad) && !present.has(pad) && cuePads.has(pad)) ??
      pads.findLast((pad) => isFree(pad) && !present.has(pad)) ??
      pads.findLast(isFree)
    if (slot === undefined) leftOut++
    else place(cue, slot)
  }
  return {byPad, leftOut}
}

function loopEntry(cue: Cue, slot: number): LoopEntry {
  const positionMs = seratoMs(cue.positionMs)
  return {
    slot,
    positionMs,
    endMs: Math.max(positionMs + 1, seratoMs(cue.positionMs + (cue.lengthMs ?? 0))),
    storedColor: cue.colorRgb ?? LOOP_COLOR,
    isLocked: cue.isLocked === true,
    name: markerName(cue.name),
  }
}

/** Whole and not before the start, below the value that means unset. */
function seratoMs(positionMs: number): number {
  return Math.min(0xfffffffe, Math.max(0, Math.round(positionMs)))
}
