// Built sets against greedy and shuffled ones, and how long suggesting and building take.
import {prepareCandidates} from '../../src/mixing/candidates.js'
import {contextOf} from '../../src/mixing/features.js'
import {orderCost} from '../../src/mixing/order.js'
import {reviewPlaylist} from '../../src/mixing/playlist-review.js'
import {type BuiltSet, buildSet} from '../../src/mixing/set-builder.js'
import {prepareRanker, suggest} from '../../src/mixing/suggest.js'
import {transitionCostOver} from '../../src/mixing/transition.js'
import {randomFrom, syntheticLibrary} from './synthetic.js'

/** On a busy machine the processor's time tells more than the clock. */
interface Elapsed {
  readonly ms: number
  readonly cpuMs: number
}

export function printSets(): void {
  const table = prepareCandidates(syntheticLibrary(10_000))
  const cost = transitionCostOver(table)
  const random = randomFrom(3)
  console.log('\nsets out of 10,000 tracks        mean cost  clashes  leaps  duration error      time  processor')
  for (const minutes of [60, 360]) {
    const durationMs = minutes * 60_000
    const line = (name: string, rows: readonly number[], set: BuiltSet | null, elapsed: Elapsed | null) => {
      const {counts} = reviewPlaylist(table, rows)
      const error = set === null ? '' : `${((set.durationMs - durationMs) / 1000).toFixed(0)} s`
      const time = elapsed === null ? '' : `${(elapsed.ms / 1000).toFixed(2)} s`
      const cpu = elapsed === null ? '' : `${(elapsed.cpuMs / 1000).toFixed(2)} s`
      console.log(
        `${`${minutes} min ${name}`.padEnd(32)} ${orderCost(rows, cost).toFixed(3).padStart(9)} ` +
          `${`${counts['key-clash']}`.padStart(8)} ${`${counts['tempo-leap']}`.padStart(6)} ${error.padStart(15)} ${time.padStart(9)} ${cpu.padStart(10)}`,
      )
    }
    const timed = (beamWidth?: number) => {
      const startedMs = performance.now()
      const cpu = process.cpuUsage()
      const set = buildSet(table, {durationMs, energy: 'journey'}, beamWidth === undefined ? {} : {beamWidth})
      const rows = set.entries.map(({track}) => table.indexById.get(track.id) ?? 0)
      return {set, rows, elapsed: {ms: performance.now() - startedMs, cpuMs: process.cpuUsage(cpu).user / 1000}}
    }
    const built = timed()
    line('built', built.rows, built.set, built.elapsed)
    const greedy = timed(1)
    line('greedy', greedy.rows, greedy.set, greedy.elapsed)
    const shuffled = built.rows.map((row) => ({row, at: random()})).sort((a, b) => a.at - b.at)
    line(
      'built, shuffled',
      shuffled.map(({row}) => row),
      null,
      null,
    )
  }
}

export function printSuggestSpeed(): void {
  const tracks = syntheticLibrary(100_000)
  const startedMs = performance.now()
  const table = prepareCandidates(tracks)
  const preparedMs = performance.now() - startedMs
  const ranker = prepareRanker(table, {nowMs: 0})
  const times: number[] = []
  const cpuTimes: number[] = []
  for (let n = 0; n < 600; n++) {
    const [playing, before] = [tracks[(n * 163) % tracks.length], tracks[(n * 97) % tracks.length]]
    if (playing === undefined || before === undefined) continue
    const context = contextOf(playing, {recent: [before], tonight: new Set([before.id])})
    const beganMs = performance.now()
    const cpu = process.cpuUsage()
    suggest(ranker, {context})
    if (n < 100) continue
    times.push(performance.now() - beganMs)
    cpuTimes.push(process.cpuUsage(cpu).user / 1000)
  }
  const at = (list: number[], share: number) =>
    (list.sort((a, b) => a - b)[Math.floor(list.length * share)] ?? 0).toFixed(1)
  console.log(
    `\nsuggest at 100,000 tracks, vectors of 64: p50 ${at(times, 0.5)} ms, p99 ${at(times, 0.99)} ms; ` +
      `processor p50 ${at(cpuTimes, 0.5)} ms, p99 ${at(cpuTimes, 0.99)} ms (prepared once in ${preparedMs.toFixed(0)} ms)`,
  )
}
