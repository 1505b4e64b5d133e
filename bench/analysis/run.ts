// Accuracy and speed of the analysis against the tools that a DJ could use instead, on the same files in one run.
//
//   npx tsx bench/analysis/run.ts [--work DIR] [--rendered DIR] [--only REGEX] [--no-peers]
//
// --rendered is the folder that ../shared/audio/render-lmms.sh wrote into. What a peer needs and how to get it is printed
// where it is missing. Times are processor time of whole programs, decoding of WAV included.
import {mkdirSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {prepareCorpus} from './corpus.js'
import {CRATE, PEERS, type PeerRun} from './peers.js'
import {scoreTracks, structureScores} from './score.js'

const {values} = parseArgs({
  options: {
    work: {type: 'string', default: join(tmpdir(), 'crate-bench-analysis')},
    rendered: {type: 'string'},
    only: {type: 'string', default: ''},
    'no-peers': {type: 'boolean', default: false},
  },
})

const work = values.work
mkdirSync(work, {recursive: true})
const corpus = prepareCorpus(join(work, 'wav'), values.rendered ?? null, new RegExp(values.only))
const seconds = corpus.reduce((sum, track) => sum + track.seconds, 0)
const wavs = corpus.map((track) => track.wav)
console.log(`${corpus.length} files, ${(seconds / 60).toFixed(0)} minutes`)

const percent = (share: number | null | undefined): string =>
  (share == null ? '–' : (100 * share).toFixed(1)).padStart(7)
const HEAD = 'subset          n   Acc1   Acc2  exact    key    F70 offset   half abstain downbts sections'

function report(name: string, run: PeerRun): void {
  const speed = seconds / run.cpuSeconds
  const memory = run.peakMegabytes === null ? '' : `, ${run.peakMegabytes} MB at most`
  console.log(`\n${name}: ${speed.toFixed(0)} × real time on one core${memory}\n${HEAD}`)
  const structure = name === 'crate' ? structureScores(corpus, run.tracks) : {}
  for (const [subset, score] of Object.entries(scoreTracks(run.tracks, work)))
    console.log(
      subset.padEnd(10) +
        String(score.n).padStart(7) +
        percent(score.acc1) +
        percent(score.acc2) +
        percent(score.exact) +
        percent(score.key) +
        percent(score.f70) +
        (score.offsetMs?.toFixed(1) ?? '–').padStart(7) +
        percent(score.half) +
        percent(score.abstain).padStart(8) +
        percent(structure[subset]?.downbeats).padStart(8) +
        percent(structure[subset]?.sections).padStart(9),
    )
}

const ours = CRATE.run(wavs, work)
report('crate', ours)
const ratios: string[] = []
for (const peer of values['no-peers'] ? [] : PEERS) {
  const reason = peer.missing()
  if (reason !== null) {
    console.log(`\n${peer.name}: not here (${reason})`)
    continue
  }
  try {
    const run = peer.run(wavs, work)
    report(peer.name, run)
    ratios.push(`${peer.name} ${(run.cpuSeconds / ours.cpuSeconds).toFixed(2)}`)
  } catch (error) {
    console.log(`\n${peer.name}: failed (${error instanceof Error ? error.message : String(error)})`)
  }
}
if (ratios.length > 0) console.log(`\nprocessor time of the peer over that of crate: ${ratios.join(', ')}`)
