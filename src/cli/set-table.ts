// A set or playlist as a table: each track, and how it follows from the one before.
import {formatKey, type KeyNotation, type MusicalKey} from '../core/key.js'
import {type Track, trackName} from '../core/track.js'
import {formatTempo} from './format.js'
import type {Column} from './table.js'
import {theme} from './theme.js'

/** A row: a track, and the step that leads to it; null for the first. */
export interface ShownStep {
  readonly track: {
    readonly name: string
    readonly tempoBpm: number | null
    readonly key: MusicalKey | null
    readonly energy: number | null
  }
  readonly step: {
    readonly move: {readonly words: string} | null
    readonly tempo: {readonly pitchPercent: number} | null
    readonly cost: number
  } | null
}

/** From this cost on a step is one to look at. */
const HARD_STEP = 0.45

export function setColumns(notation: KeyNotation): Column<ShownStep>[] {
  return [
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
      value: ({step}) => (step === null ? '' : stepWords(step)),
      shrinks: true,
      paint: (text, {step}) => (step !== null && step.cost >= HARD_STEP ? theme.warn(text) : theme.dim(text)),
    },
  ]
}

function stepWords({move, tempo}: NonNullable<ShownStep['step']>): string {
  const pitch = tempo === null ? null : `${tempo.pitchPercent > 0 ? '+' : ''}${tempo.pitchPercent.toFixed(1)} %`
  return [move?.words, pitch].filter(Boolean).join(', ')
}

/** The rows of a playlist with the steps between its tracks. */
export function playlistSteps(
  tracks: readonly Track[],
  steps: readonly NonNullable<ShownStep['step']>[],
): (ShownStep & {readonly position: number})[] {
  return tracks.map((track, index) => ({
    position: index + 1,
    track: {
      name: trackName(track),
      tempoBpm: track.tempoBpm,
      key: track.key,
      energy: track.analysis?.energy ?? null,
    },
    step: index === 0 ? null : (steps[index - 1] ?? null),
  }))
}

/** "mixes at 82 of 100": what is left of 100 by the mean cost of a step. */
export function mixScore(meanCost: number): string {
  return `${Math.round((1 - meanCost) * 100)} of 100`
}
