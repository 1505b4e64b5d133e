// Grid markers on one side, crate's beat grid on the other.
import {type BeatGrid, type GridMarker, mainTempoBpm} from '../../src/core/beat-grid.js'
import {MARK_TYPE, type Mark} from './mark.js'

/**
 * The grid of an entry. Traktor counts bars from its markers, so each is a downbeat. Before version 20 they share the
 * tempo of the track; from 20 on each has its own.
 *
 * @param tempoBpm of the track, for markers without their own; a marker that has neither is left out
 */
export function gridFromMarks(marks: readonly Mark[], tempoBpm: number | null, shiftMs: number): BeatGrid {
  const markers: GridMarker[] = []
  for (const mark of marks) {
    if (mark.type !== MARK_TYPE.grid) continue
    const own = mark.gridTempoBpm ?? tempoBpm
    if (own !== null && own > 0) markers.push({positionMs: mark.startMs + shiftMs, tempoBpm: own, beatInBar: 1})
  }
  return markers.sort((a, b) => a.positionMs - b.positionMs)
}

/** A marker set on the downbeat that it implies: the one before it, or where that lies before the start, the one after. */
function onDownbeat(marker: GridMarker): GridMarker {
  const beatMs = 60_000 / marker.tempoBpm
  const back = marker.positionMs - (marker.beatInBar - 1) * beatMs
  const barMs = (marker.beatsPerBar ?? 4) * beatMs
  const positionMs = back < 0 ? back + Math.ceil(-back / barMs) * barMs : back
  return {...marker, positionMs, beatInBar: 1}
}

/**
 * The grid as Traktor can hold it. The first marker goes to a downbeat, which moves no beat. Later ones stay where they
 * are: their tempo does not reach back, and the beats matter more than the count of the bar.
 */
export function gridForTraktor(grid: BeatGrid, shiftMs: number): BeatGrid {
  const valid = grid.filter((marker) => marker.tempoBpm > 0 && Number.isFinite(marker.positionMs))
  const shifted = valid.map((marker) => ({...marker, positionMs: marker.positionMs + shiftMs}))
  return shifted.map((marker, index) => {
    if (index > 0) return marker
    const moved = onDownbeat(marker)
    const next = shifted[1]
    return next !== undefined && moved.positionMs >= next.positionMs ? marker : moved
  })
}

/** @param grid as `gridForTraktor` gives it */
export function marksFromGrid(grid: BeatGrid): Mark[] {
  return grid.map((marker) => ({
    name: grid.length === 1 ? 'AutoGrid' : 'Beat Marker',
    type: MARK_TYPE.grid,
    startMs: Math.max(0, marker.positionMs),
    lengthMs: 0,
    hotcue: -1,
    colorRgb: null,
    gridTempoBpm: marker.tempoBpm,
  }))
}

/** What TEMPO BPM says for a track with a grid: the tempo that rules most of it. */
export function tempoOfGrid(grid: BeatGrid, durationMs: number | null): number | null {
  const last = grid.at(-1)
  return last === undefined ? null : mainTempoBpm(grid, durationMs ?? last.positionMs + 1)
}
