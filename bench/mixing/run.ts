// What next, measured: next-track ranking on two DJs' real sets, built sets against greedy ones, speed. Run with: npx tsx bench/mixing/run.ts
import {bootstrapMean, rankNextTracks} from './next-track.js'
import {readRealDjs} from './real-sets.js'
import {printSets, printSuggestSpeed} from './sets-and-speed.js'

function printNextTracks(): void {
  for (const dj of readRealDjs()) {
    const {results, explanation, candidates} = rankNextTracks(dj)
    console.log(`\n${dj.name} DJ: ${results[0]?.ranks.length} new transitions, each among ${candidates} tracks`)
    console.log(`${'ranked by'.padEnd(34)}${'MRR'.padEnd(26)}hit@10`)
    for (const {method, ranks, evenings} of results) {
      const isRandom = method === 'random'
      const reciprocal = isRandom ? harmonic(candidates) / candidates : null
      const mrr = bootstrapMean(
        ranks.map((rank) => reciprocal ?? 1 / rank),
        evenings,
      )
      const hits = bootstrapMean(
        ranks.map((rank) => (isRandom ? 10 / candidates : rank <= 10 ? 1 : 0)),
        evenings,
      )
      const cell = ({value, low, high}: typeof mrr) => `${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`
      console.log(`${method.padEnd(34)}${cell(mrr).padEnd(26)}${cell(hits)}`)
    }
    for (const sentence of explanation) console.log(`  ${sentence}`)
  }
}

function harmonic(count: number): number {
  let sum = 0
  for (let n = 1; n <= count; n++) sum += 1 / n
  return sum
}

printNextTracks()
printSets()
printSuggestSpeed()
