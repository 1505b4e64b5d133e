// Mixxx's cues: positions in samples of two channels, kinds by number (src/track/cueinfo.h).
import type {Cue, DatabaseRow} from 'crate-dj/plugin'

/** Others are of Mixxx's own making: 3 beat, 5 jump, 8 the first and last sound. */
export const CUE_TYPES = {hot: 1, main: 2, loop: 4, intro: 6, outro: 7} as const

/** Mixxx shows up to 36 pads. */
export const PAD_COUNT = 36

/** What Mixxx gives to cues without one: orange-red for points, orange for loops. */
const DEFAULT_COLORS = {point: 0xff8000, loop: 0xff8000} as const

export function samplesFromMs(ms: number, sampleRateHz: number): number {
  return (ms * sampleRateHz * 2) / 1000
}

export function cueFromRow(row: DatabaseRow, sampleRateHz: number): Cue | null {
  const type = Number(row['type'])
  const samples = Number(row['position'])
  const length = Number(row['length'])
  const pad = Number(row['hotcue'])
  const kind = kindOf(type, pad)
  // −1 is Mixxx's “nowhere”; positions before the beginning come from MP3s of Serato.
  if (kind === null || !Number.isFinite(samples) || samples === -1) return null
  const color = row['color'] ?? null
  return {
    kind,
    slot: kind === 'hot' ? pad : null,
    positionMs: (samples * 1000) / (2 * sampleRateHz),
    lengthMs: length > 0 && type !== CUE_TYPES.main ? (length * 1000) / (2 * sampleRateHz) : null,
    name: String(row['label'] ?? ''),
    colorRgb: color === null || type === CUE_TYPES.main ? null : Number(color) & 0xffffff,
    origin: 'import:mixxx',
  }
}

function kindOf(type: number, pad: number): Cue['kind'] | null {
  if (type === CUE_TYPES.main) return 'load'
  if (type === CUE_TYPES.intro) return 'fade-in'
  if (type === CUE_TYPES.outro) return 'fade-out'
  if (type !== CUE_TYPES.hot && type !== CUE_TYPES.loop) return null
  return pad >= 0 && pad < 256 ? 'hot' : 'memory'
}

export interface StoredCue {
  readonly type: number
  readonly position: number
  readonly length: number
  readonly hotcue: number
  readonly label: string
  readonly color: number
}

export function rowFromCue(cue: Cue, sampleRateHz: number): StoredCue {
  const isLoop = cue.lengthMs !== null
  const type =
    cue.kind === 'load'
      ? CUE_TYPES.main
      : cue.kind === 'fade-in'
        ? CUE_TYPES.intro
        : cue.kind === 'fade-out'
          ? CUE_TYPES.outro
          : isLoop
            ? CUE_TYPES.loop
            : CUE_TYPES.hot
  return {
    type,
    position: samplesFromMs(cue.positionMs, sampleRateHz),
    length: cue.lengthMs === null ? 0 : samplesFromMs(cue.lengthMs, sampleRateHz),
    hotcue: cue.kind === 'hot' && cue.slot !== null && cue.slot < PAD_COUNT ? cue.slot : -1,
    label: cue.name,
    color: cue.colorRgb ?? DEFAULT_COLORS[isLoop ? 'loop' : 'point'],
  }
}
