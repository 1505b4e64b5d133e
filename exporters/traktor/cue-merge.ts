// Crate's cues into an entry that has marks of its own.
import {type Cue, isMadeByPerson} from '../../src/core/cue.js'
import {cuesFromMarks, markFromCue, ORIGIN} from './cue.js'
import {type Edit, removeElement, setAttribute} from './edit.js'
import {attributesOfMark, MARK_TYPE, type Mark, type PlacedMark, UNNAMED} from './mark.js'
import type {MergeRule} from './options.js'

/** Closer than this, two positions are the same: programs round to 0.001 ms at worst. */
const SAME_MS = 0.01
/** Closer than this, a cue that crate found adds nothing to one that is there (as in core/cue). */
const NEAR_MS = 50

export interface CueChanges {
  readonly edits: readonly Edit[]
  readonly added: readonly Mark[]
}

interface Standing {
  /** As crate reads it: a grid marker on a pad is a cue there. */
  readonly mark: Mark
  readonly placed: PlacedMark
}

/** @param shiftMs to add to crate's positions to get Traktor's */
export function mergeCueMarks(
  text: string,
  placed: readonly PlacedMark[],
  cues: readonly Cue[],
  {rule, shiftMs, version}: {readonly rule: MergeRule; readonly shiftMs: number; readonly version: number},
): CueChanges {
  if (cues.length === 0) return {edits: [], added: []}
  const standing = placed.flatMap((one): Standing[] => {
    const [cue] = cuesFromMarks([one.mark], 0)
    return cue === undefined ? [] : [{mark: markFromCue(cue, 0), placed: one}]
  })
  const edits: Edit[] = []
  const added: Mark[] = []
  const settled = new Set<Standing>()
  for (const cue of cues) {
    const wanted = markFromCue(cue, shiftMs)
    const same = standing.filter(({mark}) => isSame(mark, wanted, version))
    for (const one of same) settled.add(one)
    if (same.length > 0 || added.some((mark) => isSame(mark, wanted, version))) continue
    const rival = standing.findLast((one) => isRival(one.mark, wanted))
    const wins = rule === 'replace' || (rule === 'merge' && isMadeByPerson(cue.origin) && cue.origin !== ORIGIN)
    if (rival === undefined) {
      if (wins || !standing.some(({mark}) => isNear(mark, wanted))) added.push(wanted)
    } else if (wins) {
      settled.add(rival)
      if (rival.placed.mark.type === MARK_TYPE.grid) {
        edits.push(setAttribute(rival.placed.element, 'HOTCUE', '-1'))
        added.push(wanted)
      } else edits.push(...rewrite(rival.placed, wanted, version))
    }
  }
  if (rule === 'replace')
    for (const one of standing)
      if (!settled.has(one))
        edits.push(
          one.placed.mark.type === MARK_TYPE.grid
            ? setAttribute(one.placed.element, 'HOTCUE', '-1')
            : removeElement(text, one.placed.element),
        )
  return {edits, added}
}

/** A cue without name or colour does not take those of the same cue away. */
function isSame(standing: Mark, wanted: Mark, version: number): boolean {
  return (
    standing.type === wanted.type &&
    standing.hotcue === wanted.hotcue &&
    Math.abs(standing.startMs - wanted.startMs) <= SAME_MS &&
    Math.abs(standing.lengthMs - wanted.lengthMs) <= SAME_MS &&
    (wanted.name === UNNAMED || wanted.name === standing.name) &&
    (version < 20 || wanted.colorRgb === null || wanted.colorRgb === standing.colorRgb)
  )
}

/** Whether two marks cannot both stand: on one pad, or the same kind of mark at the same place. */
function isRival(standing: Mark, wanted: Mark): boolean {
  if (wanted.hotcue >= 0) return standing.hotcue === wanted.hotcue
  return standing.hotcue < 0 && standing.type === wanted.type && Math.abs(standing.startMs - wanted.startMs) <= SAME_MS
}

function isNear(standing: Mark, wanted: Mark): boolean {
  return standing.type === wanted.type && Math.abs(standing.startMs - wanted.startMs) < NEAR_MS
}

function rewrite({mark, element}: PlacedMark, wanted: Mark, version: number): Edit[] {
  const before = attributesOfMark(mark, version)
  return Object.entries(attributesOfMark(wanted, version))
    .filter(([name, value]) => before[name] !== value)
    .map(([name, value]) => setAttribute(element, name, value))
}
