// The beat grid between crate, whose markers carry tempos, and Serato, whose markers count beats.
import type {BeatGrid, GridMarker} from '../../../src/core/beat-grid.js'
import type {SeratoGrid, SeratoGridMarker} from './beatgrid.js'

/** Serato's grid has no beats of a bar; its first marker is the downbeat, and bars have four beats. */
const BEATS_PER_BAR = 4

/** Crate leaves a beat out that would stand closer than this part of a beat before the next marker. */
const MARKER_TOLERANCE = 0.4

/** Positions of other programs are whole milliseconds, and their tempos have two decimals. */
const POSITION_SLACK_MS = 2
const TEMPO_SLACK_BPM = 0.005

/** @param shiftMs to add to Serato's positions to get crate's */
export function gridFromSerato({markers, last}: Pick<SeratoGrid, 'markers' | 'last'>, shiftMs: number): BeatGrid {
  if (last === null || !Number.isFinite(last.positionSeconds)) return []
  const grid: GridMarker[] = []
  let beats = 0
  const add = (positionSeconds: number, tempoBpm: number) => {
    const beatInBar = (beats % BEATS_PER_BAR) + 1
    if (tempoBpm > 0 && Number.isFinite(tempoBpm) && Number.isFinite(positionSeconds))
      grid.push({positionMs: positionSeconds * 1000 + shiftMs, tempoBpm, beatInBar})
  }
  for (const [index, {positionSeconds, beatsToNext}] of markers.entries()) {
    const next = markers[index + 1] ?? last
    add(positionSeconds, (60 * beatsToNext) / (next.positionSeconds - positionSeconds))
    beats += beatsToNext
  }
  add(last.positionSeconds, last.tempoBpm)
  return grid
}

interface Anchor {
  readonly positionMs: number
  readonly tempoBpm: number
}

/**
 * The grid as Serato counts it, from a downbeat that is not before the start. A jump that is no whole number of beats
 * gets a marker of its own on the last good beat, from which one beat stretches to the new marker.
 *
 * @param shiftMs to add to crate's positions to get Serato's
 * @returns null for a grid without a usable marker
 */
export function gridToSerato(grid: BeatGrid, shiftMs: number): Pick<SeratoGrid, 'markers' | 'last'> | null {
  const anchors = startingAnchors(
    grid
      .filter(({positionMs, tempoBpm}) => tempoBpm > 0 && Number.isFinite(tempoBpm) && Number.isFinite(positionMs))
      .map((marker) => ({...marker, positionMs: marker.positionMs + shiftMs})),
  )
  const last = anchors.at(-1)
  if (last === undefined) return null
  const markers: SeratoGridMarker[] = []
  for (const [index, anchor] of anchors.entries()) {
    const next = anchors[index + 1]
    if (next !== undefined) markers.push(...segment(anchor, next))
  }
  return {markers, last: {positionSeconds: last.positionMs / 1000, tempoBpm: last.tempoBpm}}
}

/** The markers from the first downbeat at or after 0; the first is moved there along its own beats. */
function startingAnchors(grid: BeatGrid): Anchor[] {
  const [first, ...rest] = grid
  if (first === undefined) return []
  const periodMs = 60_000 / first.tempoBpm
  const beatsPerBar = first.beatsPerBar ?? BEATS_PER_BAR
  const toDownbeat = (beatsPerBar - ((first.beatInBar - 1) % beatsPerBar)) % beatsPerBar
  const downbeatMs = first.positionMs + toDownbeat * periodMs
  const barMs = beatsPerBar * periodMs
  const startMs = downbeatMs < 0 ? downbeatMs + Math.ceil(-downbeatMs / barMs) * barMs : downbeatMs
  const next = rest[0]
  const limitMs = next === undefined ? Number.POSITIVE_INFINITY : next.positionMs - MARKER_TOLERANCE * periodMs
  if (startMs < limitMs) return [{positionMs: startMs, tempoBpm: first.tempoBpm}, ...rest]
  // No downbeat of its own is left before the next marker: any beat will do, else the next marker begins.
  const beatMs =
    first.positionMs < 0 ? first.positionMs + Math.ceil(-first.positionMs / periodMs) * periodMs : first.positionMs
  return beatMs < limitMs ? [{positionMs: beatMs, tempoBpm: first.tempoBpm}, ...rest] : startingAnchors(rest)
}

function segment({positionMs, tempoBpm}: Anchor, next: Anchor): SeratoGridMarker[] {
  const periodMs = 60_000 / tempoBpm
  const lengthMs = next.positionMs - positionMs
  const beats = Math.round(lengthMs / periodMs)
  const slackMs = POSITION_SLACK_MS + (lengthMs * TEMPO_SLACK_BPM) / tempoBpm
  const positionSeconds = positionMs / 1000
  if (beats >= 1 && Math.abs(lengthMs - beats * periodMs) <= slackMs) return [{positionSeconds, beatsToNext: beats}]
  const goodBeats = Math.ceil(lengthMs / periodMs - MARKER_TOLERANCE) - 1
  if (goodBeats < 1) return lengthMs > 0 ? [{positionSeconds, beatsToNext: 1}] : []
  return [
    {positionSeconds, beatsToNext: goodBeats},
    {positionSeconds: (positionMs + goodBeats * periodMs) / 1000, beatsToNext: 1},
  ]
}

/** Whether two grids mean the same: positions within 0.1 ms, tempos within a thousandth. */
export function isSameGrid(a: Pick<SeratoGrid, 'markers' | 'last'>, b: Pick<SeratoGrid, 'markers' | 'last'>): boolean {
  if (a.last === null || b.last === null) return a.last === b.last
  if (a.markers.length !== b.markers.length || Math.abs(a.last.tempoBpm - b.last.tempoBpm) > 0.001) return false
  const isClose = (x: number, y: number) => Math.abs(x - y) <= 0.0001
  return (
    isClose(a.last.positionSeconds, b.last.positionSeconds) &&
    a.markers.every((marker, index) => {
      const other = b.markers[index]
      return other?.beatsToNext === marker.beatsToNext && isClose(marker.positionSeconds, other.positionSeconds)
    })
  )
}
