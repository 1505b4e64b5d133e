// Crate's grid into an entry that may have one.
import type {BeatGrid} from '../../src/core/beat-grid.js'
import {isMadeByPerson} from '../../src/core/cue.js'
import {ORIGIN} from './cue.js'
import {type Edit, removeElement, setAttribute} from './edit.js'
import {tempoToWrite} from './entry-values.js'
import type {TrackFacts} from './fields.js'
import {gridForTraktor, gridFromMarks, marksFromGrid} from './grid.js'
import {MARK_TYPE, type Mark, type PlacedMark, UNNAMED} from './mark.js'
import type {MergeRule} from './options.js'

const SAME_MS = 0.01
const SAME_BPM = 0.000_1

export interface GridChanges {
  readonly edits: readonly Edit[]
  readonly added: readonly Mark[]
  /** For TEMPO BPM; null where it stays. */
  readonly tempoBpm: number | null
  /** Whether the grid that stands after the merge is crate's. */
  readonly isOurs: boolean
  /** Crate's grid was left out because the DJ locked Traktor's. */
  readonly isRefused: boolean
}

const NOTHING: GridChanges = {edits: [], added: [], tempoBpm: null, isOurs: false, isRefused: false}

export function mergeGridMarks(
  text: string,
  placed: readonly PlacedMark[],
  track: TrackFacts,
  entry: {readonly tempoBpm: number | null; readonly isLocked: boolean},
  {rule, shiftMs, version}: {readonly rule: MergeRule; readonly shiftMs: number; readonly version: number},
): GridChanges {
  const current = gridFromMarks(
    placed.map(({mark}) => mark),
    entry.tempoBpm,
    0,
  )
  const free = gridForTraktor(track.beatGrid, shiftMs)
  const tempoBpm = tempoToWrite(track, free, version)
  if (free.length === 0 || tempoBpm === null) return NOTHING
  const wanted = version >= 20 ? free : free.map((marker) => ({...marker, tempoBpm}))
  if (isSameGrid(current, wanted)) return {...NOTHING, isOurs: true}
  const isPersons = isMadeByPerson(track.gridOrigin) && track.gridOrigin !== ORIGIN
  const wins = current.length === 0 || rule === 'replace' || (rule === 'merge' && isPersons)
  if (!wins) return NOTHING
  if (entry.isLocked && current.length > 0 && rule !== 'replace') return {...NOTHING, isRefused: true}
  const old = placed.filter(({mark}) => mark.type === MARK_TYPE.grid)
  return {
    edits: old.flatMap((one) => retire(text, one)),
    added: marksFromGrid(wanted),
    tempoBpm,
    isOurs: true,
    isRefused: false,
  }
}

/** A grid marker on a pad stays there as a cue: the DJ's hand knows the pad. */
function retire(text: string, {mark, element}: PlacedMark): Edit[] {
  if (mark.hotcue < 0) return [removeElement(text, element)]
  return [setAttribute(element, 'NAME', UNNAMED), setAttribute(element, 'TYPE', String(MARK_TYPE.cue))]
}

function isSameGrid(a: BeatGrid, b: BeatGrid): boolean {
  return (
    a.length === b.length &&
    a.every((marker, index) => {
      const other = b[index]
      return (
        other !== undefined &&
        Math.abs(marker.positionMs - other.positionMs) <= SAME_MS &&
        Math.abs(marker.tempoBpm - other.tempoBpm) <= SAME_BPM
      )
    })
  )
}
