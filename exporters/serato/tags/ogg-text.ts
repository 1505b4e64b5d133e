// The printed forms that Ogg Vorbis has of the grid and of the older marker list.
// Source: real files of Serato DJ Pro (FORMATS §3.7). The numbers of loops in real files are random: only ours are not.
import type {SeratoGrid} from './beatgrid.js'
import type {Markers} from './markers.js'

const GRID_HEAD = '0000000100000000'
const MARKERS_HEAD = '0000000200000005'

/** Null for text of another form. Files with several markers have not been seen; they are read as in the binary form. */
export function decodeOggBeatGrid(text: string): SeratoGrid | null {
  const match = /^[0-9a-f]{16}([0-9a-f]{8})((?:\([^()]*\))*)/i.exec(text)
  if (match === null) return null
  const pairs = [...(match[2] ?? '').matchAll(/\((-?[\d.]+),(-?[\d.]+)\)/g)].map(
    ([, position = '', value = '']) => [Number.parseFloat(position), Number.parseFloat(value)] as const,
  )
  if (pairs.length !== Number.parseInt(match[1] ?? '', 16) || pairs.flat().some((value) => !Number.isFinite(value)))
    return null
  const last = pairs.at(-1)
  return {
    markers: pairs.slice(0, -1).map(([positionSeconds, beatsToNext]) => ({positionSeconds, beatsToNext})),
    last: last === undefined ? null : {positionSeconds: last[0], tempoBpm: last[1]},
    footer: Buffer.alloc(0),
  }
}

/** Null for a grid of several markers, whose form in Ogg is not known. */
export function encodeOggBeatGrid({markers, last}: SeratoGrid): string | null {
  if (markers.length > 0) return null
  if (last === null) return `${GRID_HEAD}00000000`
  return `${GRID_HEAD}00000001(${last.positionSeconds.toFixed(6)},${last.tempoBpm.toFixed(6)})`
}

/** The list in print: `(type,start,end,0,colour,locked)` per entry, zeros where one is unset. */
export function encodeOggMarkers({entries, storedTrackColor}: Markers): string {
  const color = storedTrackColor.toString(16).padStart(8, '0').toUpperCase()
  const tuples = entries.map(({startMs, endMs, storedColor, type, isLocked}) =>
    startMs === null
      ? `(${type},0,0,0,0,0)`
      : `(${type},${startMs},${endMs ?? 0},0,${storedColor},${isLocked ? 1 : 0})`,
  )
  return `${MARKERS_HEAD}${color}${tuples.join('')}`
}
