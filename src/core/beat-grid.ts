// The beat grid: where the beats are, as markers from each of which a constant tempo runs to the next.

export interface GridMarker {
  /** Position of a beat, from the first audible sample of the decoded file. */
  readonly positionMs: number
  /** Tempo from this marker to the next. */
  readonly tempoBpm: number
  /** Which beat of the bar stands here, 1 = downbeat. */
  readonly beatInBar: number
  /** Beats in a bar, 4 where absent. */
  readonly beatsPerBar?: number
}

/** Markers in order of position; empty where there is no grid. */
export type BeatGrid = readonly GridMarker[]

export interface Beat {
  readonly positionMs: number
  readonly beatInBar: number
}

/** A marker closer than this to the expected beat is that beat: grids carry rounding of up to a few milliseconds. */
const MARKER_TOLERANCE = 0.4

/**
 * Every beat from the first marker to `endMs`, and backwards from the first marker to 0.
 *
 * A beat that would stand less than 0.4 of a beat before the next marker is left out: the marker is that beat.
 */
export function beatsOfGrid(grid: BeatGrid, endMs: number): Beat[] {
  const beats: Beat[] = []
  const first = grid[0]
  if (first === undefined || !(first.tempoBpm > 0)) return beats
  const before: Beat[] = []
  const firstPeriodMs = 60_000 / first.tempoBpm
  for (let n = 1; first.positionMs - n * firstPeriodMs >= 0; n++)
    before.push({
      positionMs: first.positionMs - n * firstPeriodMs,
      beatInBar: wrapBeat(first.beatInBar - n, first.beatsPerBar),
    })
  beats.push(...before.reverse())
  for (const [index, marker] of grid.entries()) {
    const periodMs = 60_000 / marker.tempoBpm
    const next = grid[index + 1]
    const limitMs = next === undefined ? endMs : Math.min(endMs, next.positionMs - MARKER_TOLERANCE * periodMs)
    for (let n = 0; marker.positionMs + n * periodMs < limitMs; n++)
      beats.push({
        positionMs: marker.positionMs + n * periodMs,
        beatInBar: wrapBeat(marker.beatInBar + n, marker.beatsPerBar),
      })
  }
  return beats
}

function wrapBeat(beat: number, beatsPerBar = 4): number {
  return ((((beat - 1) % beatsPerBar) + beatsPerBar) % beatsPerBar) + 1
}

/** The marker that rules at a position: the last one at or before it, else the first; undefined for an empty grid. */
export function markerAt(grid: BeatGrid, positionMs: number): GridMarker | undefined {
  let found = grid[0]
  for (const marker of grid) {
    if (marker.positionMs > positionMs) break
    found = marker
  }
  return found
}

/** The tempo that rules most of the time up to `endMs`; null for an empty grid. */
export function mainTempoBpm(grid: BeatGrid, endMs: number): number | null {
  const durations = new Map<number, number>()
  for (const [index, marker] of grid.entries()) {
    const untilMs = grid[index + 1]?.positionMs ?? Math.max(endMs, marker.positionMs + 1)
    durations.set(marker.tempoBpm, (durations.get(marker.tempoBpm) ?? 0) + untilMs - marker.positionMs)
  }
  let best: [number, number] | null = null
  for (const entry of durations) if (best === null || entry[1] > best[1]) best = entry
  return best?.[0] ?? null
}
