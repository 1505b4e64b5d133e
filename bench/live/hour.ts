// An hour on bad lines, with sensors unplugged forty times, beside the same hour without faults; on a simulated clock.
//
//   npx tsx bench/live/hour.ts [MINUTES]
import {roughNight} from './rough-hour.js'

const minutes = Number(process.argv[2] ?? 60)
const nights = [
  {name: 'good lines', options: {minutes, faultShare: 0, unplugged: 0, seed: 11}},
  {
    name: '1 % each lost, doubled, swapped, broken; unplugged 40 times',
    options: {minutes, faultShare: 0.01, unplugged: 40, seed: 11},
  },
]
let isGood = true
for (const {name, options} of nights) {
  const startMs = performance.now()
  const {frames, malformed, evaluation, notes, hanging, firedWhileAway, slowestMs, heapMb} = await roughNight(options)
  const percent = (value: number | null) => `${(100 * (value ?? 0)).toFixed(1)} %`
  const falseAlarms = evaluation.falseAlarmsPerMinute ?? 0
  console.log(`${name}: ${minutes} minutes in ${((performance.now() - startMs) / 1000).toFixed(0)} s`)
  console.log(
    `  ${frames} frames, ${malformed} packets refused, ${notes} notes, ${hanging} hanging, ${firedWhileAway} fired while away`,
  )
  console.log(
    `  ${evaluation.expected} strokes: recall ${percent(evaluation.recall)}, precision ${percent(evaluation.precision)}, ${falseAlarms.toFixed(3)} false triggers a minute (at most 0.3)`,
  )
  console.log(
    `  slowest packet ${slowestMs.toFixed(1)} ms; heap, MB: ${heapMb.map((value) => value.toFixed(0)).join(' ')}`,
  )
  if (hanging > 0 || firedWhileAway > 0 || falseAlarms > 0.3) isGood = false
}
console.log(
  isGood ? 'no hanging note, no trigger while away, false triggers within 0.3 a minute' : 'NOT within the limits',
)
process.exit(isGood ? 0 : 1)
