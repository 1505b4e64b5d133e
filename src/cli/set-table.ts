// A built set as a table: when each track comes in, and how it follows from the one before.
import {formatKey, type KeyNotation, type MusicalKey} from '../core/key.js'
import {formatDuration, formatTempo} from './format.js'
import type {Column} from './table.js'
import {theme} from './theme.js'

export interface ShownEntry {
  readonly track: {
    readonly id: string
    readonly name: string
    readonly tempoBpm: number | null
    readonly key: MusicalKey | null
    readonly energy: number | null
  }
  readonly startMs: number
  readonly move: {readonly words: string} | null
  readonly tempo: {readonly pitchPercent: number} | null
  readonly cost: number
}

/** From this cost on a step is one to look at. */
const HARD_STEP = 0.45

export function setColumns(notation: KeyNotation): Column<ShownEntry>[] {
  return [
    {title: 'AT', value: ({startMs}) => formatDuration(startMs), align: 'right'},
    {title: 'BPM', value: ({track}) => formatTempo(track.tempoBpm), align: 'right'},
    {
      title: 'KEY',
      value: ({track}) => (track.key === null ? '–' : formatKey(track.key, notation)),
      align: 'right',
      paint: theme.accent,
    },
    {title: 'NRG', value: ({track}) => track.energy, align: 'right'},
    {title: 'TRACK', value: ({track}) => track.name, shrinks: true},
    {
      title: 'FROM THE ONE BEFORE',
      value: ({move, tempo}) =>
        [move?.words, tempo === null ? null : `${tempo.pitchPercent > 0 ? '+' : ''}${tempo.pitchPercent.toFixed(1)} %`]
          .filter(Boolean)
          .join(', '),
      shrinks: true,
      paint: (text, {cost}) => (cost >= HARD_STEP ? theme.warn(text) : theme.dim(text)),
    },
  ]
}
