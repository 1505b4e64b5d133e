// crate's own analysis over a list of files, as a worker of it would run: one thread, decoding included.
import {readFileSync} from 'node:fs'
import {withDecodedAudio} from '../../src/adapters/audio/decode.js'
import {createTrackAnalyzer} from '../../src/analysis/track-analyzer.js'
import {beatsOfGrid} from '../../src/core/beat-grid.js'

const paths = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as string[]
const tracks: unknown[] = []
for (const path of paths) {
  const findings = await withDecodedAudio(path, async ({sampleRateHz, channelCount, blocks}) => {
    const analyzer = createTrackAnalyzer({sampleRateHz, channelCount})
    for await (const block of blocks) analyzer.push(block)
    return analyzer.finish()
  })
  const beats = beatsOfGrid(findings.analysis.beatGrid, findings.durationMs)
  tracks.push({
    path,
    ...findings.analysis,
    beatsMs: beats.map((beat) => beat.positionMs),
    downbeatsMs: beats.filter((beat) => beat.beatInBar === 1).map((beat) => beat.positionMs),
  })
}
const cpu = process.cpuUsage()
process.stdout.write(
  JSON.stringify({
    tracks,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
)
