// POSITION_MARK and TEMPO: cues, loops and beat grids (FORMATS §1.4 and §1.5).
import type {BeatGrid, GridMarker} from '../../src/core/beat-grid.js'
import {channelsOfRgb, rgbFromChannels} from '../../src/core/color.js'
import type {Cue, CueKind} from '../../src/core/cue.js'
import {formatSeconds, parseSeconds, parseTempo, parseWhole} from './values.js'
import type {Attributes, XmlElement} from './xml.js'

const ORIGIN = 'import:rekordbox'

/** Pads A to H; Rekordbox 7 has sixteen, its XML eight. */
export const PAD_COUNT = 8

const KIND_OF_TYPE: Readonly<Record<string, CueKind | 'point' | 'loop'>> = {
  '0': 'point',
  '1': 'fade-in',
  '2': 'fade-out',
  '3': 'load',
  '4': 'loop',
}
const TYPE_OF_KIND: Readonly<Record<CueKind, string>> = {
  hot: '0',
  memory: '0',
  'fade-in': '1',
  'fade-out': '2',
  load: '3',
}

const MARK_ATTRIBUTES = new Set(['Name', 'Type', 'Start', 'End', 'Num', 'Red', 'Green', 'Blue'])
const TEMPO_ATTRIBUTES = new Set(['Inizio', 'Bpm', 'Metro', 'Battito'])

export type Read<Value> = {readonly value: Value | null; readonly fault: string | null}

/** The cue that a mark is. A loop of no length becomes a point, because it breaks CDJs (FORMATS §1.5). */
export function cueFromMark(attributes: Attributes): Read<Cue> {
  const type = KIND_OF_TYPE[attributes['Type']?.trim() ?? '']
  const positionMs = parseSeconds(attributes['Start'] ?? '')
  if (type === undefined) return {value: null, fault: `a mark of unknown type “${attributes['Type'] ?? ''}”`}
  if (positionMs === null) return {value: null, fault: `a mark at “${attributes['Start'] ?? ''}” seconds`}
  const slot = parseWhole(attributes['Num'] ?? '', 255)
  const endMs = parseSeconds(attributes['End'] ?? '')
  const lengthMs = endMs !== null && endMs > positionMs ? Math.round((endMs - positionMs) * 1e3) / 1e3 : null
  const kind = type === 'point' || type === 'loop' ? (slot === null ? 'memory' : 'hot') : type
  const cue: Cue = {
    kind,
    slot,
    positionMs,
    lengthMs: type === 'point' ? null : lengthMs,
    name: attributes['Name'] ?? '',
    colorRgb: colorOf(attributes),
    origin: ORIGIN,
  }
  return {value: cue, fault: type === 'loop' && lengthMs === null ? 'a loop of no length, taken as a cue' : null}
}

function colorOf(attributes: Attributes): number | null {
  const [red, green, blue] = ['Red', 'Green', 'Blue'].map((name) => parseWhole(attributes[name] ?? '', 255))
  return typeof red === 'number' && typeof green === 'number' && typeof blue === 'number'
    ? rgbFromChannels(red, green, blue)
    : null
}

/** The mark of a cue on a pad that the format has, or on none. Colours stand on pads alone, `End` on loops alone. */
export function markFromCue(cue: Cue): XmlElement {
  const start = formatSeconds(cue.positionMs)
  const end = cue.lengthMs === null ? start : formatSeconds(cue.positionMs + cue.lengthMs)
  const isLoop = end !== start
  const attributes: Record<string, string> = {
    Name: cue.name,
    Type: isLoop && (cue.kind === 'hot' || cue.kind === 'memory') ? '4' : TYPE_OF_KIND[cue.kind],
    Start: start,
  }
  if (isLoop) attributes['End'] = end
  attributes['Num'] = String(cue.slot ?? -1)
  if (cue.slot !== null && cue.colorRgb !== null) {
    const {red, green, blue} = channelsOfRgb(cue.colorRgb)
    Object.assign(attributes, {Red: String(red), Green: String(green), Blue: String(blue)})
  }
  return {name: 'POSITION_MARK', attributes, children: []}
}

/** The grid marker that a TEMPO is. Beat 0, which one real file has, counts as the beat before the first: the last. */
export function markerFromTempo(attributes: Attributes): Read<GridMarker> {
  const positionMs = parseSeconds(attributes['Inizio'] ?? '')
  const tempoBpm = parseTempo(attributes['Bpm'] ?? '')
  if (positionMs === null) return {value: null, fault: `a grid marker at “${attributes['Inizio'] ?? ''}” seconds`}
  if (tempoBpm === null) return {value: null, fault: `a grid marker of “${attributes['Bpm'] ?? ''}” BPM`}
  const beats = parseWhole(/^\s*(\d+)\s*\//.exec(attributes['Metro'] ?? '4/4')?.[1] ?? '4', 64) ?? 4
  const beatsPerBar = beats === 0 ? 4 : beats
  const battito = parseWhole(attributes['Battito'] ?? '1', 64) ?? 1
  const beatInBar = battito === 0 ? beatsPerBar : ((battito - 1) % beatsPerBar) + 1
  return {value: {positionMs, tempoBpm, beatInBar, ...(beatsPerBar === 4 ? {} : {beatsPerBar})}, fault: null}
}

export function tempoFromMarker(marker: GridMarker): XmlElement {
  const attributes = {
    Inizio: formatSeconds(marker.positionMs),
    Bpm: marker.tempoBpm.toFixed(2),
    Metro: `${marker.beatsPerBar ?? 4}/4`,
    Battito: String(marker.beatInBar),
  }
  return {name: 'TEMPO', attributes, children: []}
}

/** Whether our own element says everything that this one says; if not, the original is worth keeping. */
export function isPlainMark({name, attributes, children}: XmlElement): boolean {
  const known = name === 'TEMPO' ? TEMPO_ATTRIBUTES : MARK_ATTRIBUTES
  if (children.length > 0 || Object.keys(attributes).some((key) => !known.has(key))) return false
  if (name !== 'TEMPO') return KIND_OF_TYPE[attributes['Type']?.trim() ?? ''] !== undefined
  const {value} = markerFromTempo(attributes)
  if (value === null) return true
  const own = tempoFromMarker(value).attributes
  return ['Metro', 'Battito'].every((key) => attributes[key] === undefined || own[key] === attributes[key])
}

/**
 * A pad holds one cue: of several on one pad, and on pads that the format does not have, the last stays and the others
 * are stored cues beside it.
 *
 * @returns the cues in their order, and how many left their pad
 */
export function fitToPads(cues: readonly Cue[], padCount = PAD_COUNT): {cues: Cue[]; moved: number} {
  const lastOn = new Map<number, Cue>()
  for (const cue of cues) if (cue.slot !== null) lastOn.set(cue.slot, cue)
  let moved = 0
  const fitted = cues.map((cue): Cue => {
    if (cue.slot === null || (cue.slot < padCount && lastOn.get(cue.slot) === cue)) return cue
    moved++
    return {...cue, kind: cue.kind === 'hot' ? 'memory' : cue.kind, slot: null}
  })
  return {cues: fitted, moved}
}

/** A memory cue beside each hot cue that has none within a millisecond: club players list those. */
export function withMemoryTwins(cues: readonly Cue[]): Cue[] {
  const isTwin = (cue: Cue, hot: Cue) => cue.slot === null && Math.abs(cue.positionMs - hot.positionMs) < 1
  return cues.flatMap((cue): Cue[] => {
    if (cue.kind !== 'hot' || cues.some((other) => isTwin(other, cue))) return [cue]
    return [cue, {...cue, kind: 'memory', slot: null, colorRgb: null}]
  })
}

/** Cues that begin before the file begin with it; a loop keeps its end. */
export function clampCues(cues: readonly Cue[]): Cue[] {
  return cues.map((cue) => {
    if (cue.positionMs >= 0) return cue
    const lengthMs = cue.lengthMs === null ? null : cue.lengthMs + cue.positionMs
    return {...cue, positionMs: 0, lengthMs: lengthMs !== null && lengthMs > 0 ? lengthMs : null}
  })
}

/**
 * The same beats with a first marker that is not before the file and, where a beat allows it, not after `firstCueMs`:
 * a CDJ that meets a cue before the grid begins starts an emergency loop (dj-data-converter #51). Where the cue stands
 * before the first beat of the file, a marker at 0 leads in.
 */
export function coverFirstCue(grid: BeatGrid, firstCueMs: number | null): BeatGrid {
  const from = dropBeforeStart(grid)
  const first = from[0]
  if (first === undefined || firstCueMs === null || round(first.positionMs) <= round(firstCueMs)) return from
  const periodMs = 60_000 / first.tempoBpm
  const wanted = Math.ceil((first.positionMs - firstCueMs) / periodMs)
  const possible = Math.floor(first.positionMs / periodMs)
  const moved = moveByBeats(first, -Math.min(wanted, possible))
  const covered = round(moved.positionMs) <= round(firstCueMs)
  const lead = covered ? [] : [{...moveByBeats(moved, -1), positionMs: 0}]
  const isFirstMovable = moved.positionMs !== first.positionMs
  return [...lead, isFirstMovable ? moved : first, ...from.slice(1)]
}

function dropBeforeStart(grid: BeatGrid): BeatGrid {
  const firstInside = grid.findIndex((marker) => marker.positionMs >= -0.5)
  const last = firstInside === -1 ? grid.at(-1) : grid[firstInside - 1]
  const inside = firstInside === -1 ? [] : grid.slice(firstInside)
  if (last === undefined) return inside
  const moved = moveByBeats(last, Math.ceil(-last.positionMs / (60_000 / last.tempoBpm)))
  const next = inside[0]
  return next !== undefined && moved.positionMs > next.positionMs - 0.4 * (60_000 / last.tempoBpm)
    ? inside
    : [moved, ...inside]
}

function moveByBeats(marker: GridMarker, beats: number): GridMarker {
  const beatsPerBar = marker.beatsPerBar ?? 4
  const beatInBar = ((((marker.beatInBar - 1 + beats) % beatsPerBar) + beatsPerBar) % beatsPerBar) + 1
  return {...marker, positionMs: marker.positionMs + (beats * 60_000) / marker.tempoBpm, beatInBar}
}

function round(positionMs: number): number {
  return Math.round(positionMs)
}
