// Marks on one side, crate's cues on the other.
import {type Cue, type CueKind, sortCues} from '../../src/core/cue.js'
import {MARK_TYPE, type Mark, UNNAMED} from './mark.js'

export const ORIGIN = 'import:traktor'

/** Pads that Traktor has. */
export const PADS = 8

/** Names that Traktor gives by itself; they tell the DJ nothing. */
const AUTOMATIC_NAMES = new Set([UNNAMED, 'AutoGrid', 'Beat Marker'])

const KIND_OF_TYPE = new Map<number, CueKind>([
  [MARK_TYPE.fadeIn, 'fade-in'],
  [MARK_TYPE.fadeOut, 'fade-out'],
  [MARK_TYPE.load, 'load'],
])

const TYPE_OF_KIND: Partial<Record<CueKind, number>> = {
  'fade-in': MARK_TYPE.fadeIn,
  'fade-out': MARK_TYPE.fadeOut,
  load: MARK_TYPE.load,
}

/**
 * The cues among marks. A grid marker that holds a pad is a hot cue as well, which is what Traktor Pro 4 makes of it
 * (FORMATS §4.3). Of marks on the same pad the last counts, as in Traktor.
 */
export function cuesFromMarks(marks: readonly Mark[], shiftMs: number): Cue[] {
  const lastOnPad = new Map(marks.filter((mark) => mark.hotcue >= 0).map((mark) => [mark.hotcue, mark]))
  const isCue = (mark: Mark) => mark.type !== MARK_TYPE.grid || mark.hotcue >= 0
  const counts = (mark: Mark) => mark.hotcue < 0 || lastOnPad.get(mark.hotcue) === mark
  const known = (mark: Mark) => mark.type >= MARK_TYPE.cue && mark.type <= MARK_TYPE.loop
  return sortCues(
    marks.filter((mark) => known(mark) && isCue(mark) && counts(mark)).map((mark) => cueFromMark(mark, shiftMs)),
  )
}

function cueFromMark(mark: Mark, shiftMs: number): Cue {
  const slot = mark.hotcue >= 0 ? mark.hotcue : null
  return {
    kind: KIND_OF_TYPE.get(mark.type) ?? (slot === null ? 'memory' : 'hot'),
    slot,
    positionMs: mark.startMs + shiftMs,
    lengthMs: mark.lengthMs > 0 && mark.type !== MARK_TYPE.grid ? mark.lengthMs : null,
    name: AUTOMATIC_NAMES.has(mark.name) ? '' : mark.name,
    colorRgb: mark.type === MARK_TYPE.grid ? null : mark.colorRgb,
    origin: ORIGIN,
  }
}

/** How many marks were left out because a later one holds their pad. */
export function countHiddenPads(marks: readonly Mark[]): number {
  const onPads = marks.filter((mark) => mark.hotcue >= 0)
  if (onPads.length < 2) return 0
  return onPads.length - new Set(onPads.map((mark) => mark.hotcue)).size
}

/** @param shiftMs to add to crate's positions; what would come before the start of the file stands at it */
export function markFromCue(cue: Cue, shiftMs: number): Mark {
  return {
    name: cue.name === '' ? UNNAMED : cue.name,
    type: TYPE_OF_KIND[cue.kind] ?? (cue.lengthMs === null ? MARK_TYPE.cue : MARK_TYPE.loop),
    startMs: Math.max(0, cue.positionMs + shiftMs),
    lengthMs: cue.lengthMs ?? 0,
    hotcue: cue.slot !== null && cue.slot < PADS ? cue.slot : -1,
    colorRgb: cue.colorRgb,
    gridTempoBpm: null,
  }
}
