// The scores of one run: the corpus's own scorer, and beside it downbeats and section boundaries.
import {execFileSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type BenchTrack, SCORER, TRUTH} from './corpus.js'
import type {PeerTrack} from './peers.js'

export interface SubsetScore {
  readonly n: number
  readonly acc1: number | null
  readonly acc2: number | null
  readonly exact: number | null
  readonly key: number | null
  readonly f70: number | null
  readonly offsetMs: number | null
  readonly half: number | null
  readonly abstain: number | null
}

/** Scores per subset and for ALL, as shares of 1. */
export function scoreTracks(tracks: readonly PeerTrack[], work: string): Readonly<Record<string, SubsetScore>> {
  const path = join(work, 'results.json')
  writeFileSync(path, JSON.stringify({tracks}))
  const printed = execFileSync('node', [SCORER, path, TRUTH], {encoding: 'utf8'})
  return JSON.parse(printed.slice(printed.lastIndexOf('\n{') + 1)) as Record<string, SubsetScore>
}

/** F-measure of two rising lists of positions, each position matched at most once within the window. */
export function fMeasure(found: readonly number[], wanted: readonly number[], window: number): number {
  let i = 0
  let j = 0
  let matched = 0
  while (i < found.length && j < wanted.length) {
    const distance = (found[i] ?? 0) - (wanted[j] ?? 0)
    if (Math.abs(distance) <= window) {
      matched++
      i++
      j++
    } else if (distance < 0) i++
    else j++
  }
  return found.length + wanted.length > 0 ? (2 * matched) / (found.length + wanted.length) : 0
}

interface OurTrack extends PeerTrack {
  readonly downbeatsMs: readonly number[]
  readonly sections: readonly {readonly startMs: number}[]
}

/** Mean F-measure per subset of downbeats within 70 ms from 5 s on, and of section starts within half a bar. */
export function structureScores(
  corpus: readonly BenchTrack[],
  tracks: readonly PeerTrack[],
): Readonly<Record<string, {readonly downbeats: number; readonly sections: number | null}>> {
  const byPath = new Map(tracks.map((track) => [track.path, track as OurTrack]))
  const lists = new Map<string, {downbeats: number[]; sections: number[]}>()
  for (const {truth, wav} of corpus) {
    const track = byPath.get(wav)
    if (track === undefined || truth.subset === 'edge' || truth.downbeats === undefined || truth.bpm === null) continue
    const list = lists.get(truth.subset) ?? {downbeats: [], sections: []}
    lists.set(truth.subset, list)
    const late = (positions: readonly number[]): number[] => positions.filter((ms) => ms >= 5000)
    const wanted = truth.downbeats.map((s) => 1000 * s)
    list.downbeats.push(fMeasure(late(track.downbeatsMs), late(wanted), 70))
    if (truth.sections === undefined) continue
    const starts = truth.sections.map(({t}) => 1000 * t)
    list.sections.push(
      fMeasure(
        track.sections.map(({startMs}) => startMs),
        starts,
        (2 * 60_000) / truth.bpm,
      ),
    )
  }
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  return Object.fromEntries(
    [...lists].map(([subset, {downbeats, sections}]) => [
      subset,
      {downbeats: mean(downbeats), sections: sections.length > 0 ? mean(sections) : null},
    ]),
  )
}
