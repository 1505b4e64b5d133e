// Engine's grid, markers that count beats, ↔ crate's, markers that know their tempo.
import type {BeatGrid, GridMarker} from 'crate-dj/plugin'
import type {BeatMarker} from './blobs.js'

/** The last marker closes the grid; the first stands before the music, so the grid begins at its first beat that is heard. */
export function gridFromMarkers(markers: readonly BeatMarker[], sampleRateHz: number): GridMarker[] {
  const grid: GridMarker[] = []
  for (const [n, marker] of markers.slice(0, -1).entries()) {
    const next = markers[n + 1]
    if (next === undefined) break
    const beats = next.beat - marker.beat
    const periodMs = ((next.sample - marker.sample) * 1000) / sampleRateHz / beats
    const tempoBpm = Math.round((60_000 / periodMs) * 1e6) / 1e6
    if (!(beats > 0) || !(tempoBpm >= 10 && tempoBpm <= 1000)) continue
    const startMs = (marker.sample * 1000) / sampleRateHz
    const skipped = Math.max(0, Math.ceil(-startMs / periodMs - 1e-6))
    if (skipped >= beats) continue
    const positionMs = startMs + skipped * periodMs
    grid.push({positionMs, tempoBpm, beatInBar: wrap(marker.beat + skipped) + 1})
  }
  return grid
}

/** Begins a bar before the first marker and ends behind the music, as Engine's own do. */
export function markersFromGrid(grid: BeatGrid, sampleRateHz: number, durationMs: number): BeatMarker[] {
  const [first] = grid
  if (first === undefined) return []
  const sampleAt = (ms: number) => (ms * sampleRateHz) / 1000
  let beat = first.beatInBar - 1
  const markers: BeatMarker[] = [{sample: sampleAt(first.positionMs - (4 * 60_000) / first.tempoBpm), beat: beat - 4}]
  for (const [n, marker] of grid.entries()) {
    if (n > 0) markers.push({sample: sampleAt(marker.positionMs), beat})
    const periodMs = 60_000 / marker.tempoBpm
    const endMs = grid[n + 1]?.positionMs ?? Math.max(durationMs, marker.positionMs) + periodMs
    const beats = Math.max(
      1,
      n + 1 < grid.length
        ? Math.round((endMs - marker.positionMs) / periodMs)
        : Math.ceil((endMs - marker.positionMs) / periodMs),
    )
    beat += beats
    if (n + 1 === grid.length) markers.push({sample: sampleAt(marker.positionMs + beats * periodMs), beat})
  }
  return markers
}

function wrap(beat: number): number {
  return ((beat % 4) + 4) % 4
}
