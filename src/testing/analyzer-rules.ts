// What every analyser keeps to.
import type {AnalyzerContribution, AnalyzerResult, Pcm} from '../api/analyzer.js'
import {analyzerResultFaults} from '../core/plugin/result-faults.js'
import {type Rule, rule, withinMs} from './finding.js'
import {kitContext, noise, printedBy, withOtherClock} from './stage.js'

const LIMIT_MS = 30_000

/** Kicks at a tempo over a tone, as the simplest music. */
export function kicks({tempoBpm = 126, seconds = 12, sampleRateHz = 44_100, channels = 2, toneHz = 220} = {}): Pcm {
  const length = Math.round(seconds * sampleRateHz)
  const period = (60 / tempoBpm) * sampleRateHz
  const one = Float32Array.from({length}, (_, n) => {
    const since = (n % period) / sampleRateHz
    const kick = Math.sin(2 * Math.PI * (50 + 90 * Math.exp(-since * 40)) * since) * Math.exp(-since * 18)
    return 0.7 * kick + 0.1 * Math.sin((2 * Math.PI * toneHz * n) / sampleRateHz)
  })
  return {sampleRateHz, channels: Array.from({length: channels}, () => one.slice())}
}

export function analyzerRules(contribution: AnalyzerContribution): readonly Rule[] {
  const {fields, settings} = contribution
  const run = async (pcm: Pcm): Promise<AnalyzerResult> => {
    const analyzer = await contribution.load()
    const result = await withinMs(
      LIMIT_MS,
      Promise.resolve(analyzer.analyze(pcm, kitContext(settings))).then((value) => ({value})),
    )
    if (result === null) throw new Error(`it did not end within ${LIMIT_MS / 1000} s`)
    return result.value
  }
  const faultsOf = async (pcm: Pcm) => analyzerResultFaults(await run(pcm), fields)
  return [
    rule('analyze-result', 'returns only what it declared, in range, and JSON', () => faultsOf(kicks())),
    rule('analyze-version', 'has a version of 1 or more', () =>
      contribution.version >= 1 ? [] : [`its version is ${contribution.version}`],
    ),
    rule('analyze-determinism', 'finds the same in the same audio', async () => {
      const first = JSON.stringify(await run(kicks()))
      return JSON.stringify(await run(kicks())) === first ? [] : ['two runs differ']
    }),
    rule('analyze-order', 'finds the same whatever it heard before', async () => {
      const first = JSON.stringify(await run(kicks({tempoBpm: 100, toneHz: 300})))
      await run(kicks({tempoBpm: 174, toneHz: 523}))
      return JSON.stringify(await run(kicks({tempoBpm: 100, toneHz: 300}))) === first
        ? []
        : ['another track in between changes the result']
    }),
    rule('analyze-clock', 'uses no clock but the context’s', async () =>
      JSON.stringify(await run(kicks())) === JSON.stringify(await withOtherClock(() => run(kicks())))
        ? []
        : ['the result follows the machine’s clock'],
    ),
    rule('analyze-no-mutation', 'leaves the samples as they are', async () => {
      const pcm = kicks()
      const before = pcm.channels.map((channel) => Buffer.from(channel.slice().buffer))
      await run(pcm)
      const isSame = pcm.channels.every((channel, index) => before[index]?.equals(Buffer.from(channel.buffer)))
      return isSame ? [] : ['it wrote into the samples']
    }),
    rule('analyze-silence', 'is honest about silence', () =>
      faultsOf({sampleRateHz: 44_100, channels: [new Float32Array(441_000)]}),
    ),
    rule('analyze-short', 'takes a single sample and a tenth of a second', async () => [
      ...(await faultsOf({sampleRateHz: 44_100, channels: [Float32Array.of(0.5)]})),
      ...(await faultsOf(kicks({seconds: 0.1}))),
    ]),
    rule('analyze-mono', 'takes one channel', () => faultsOf(kicks({channels: 1}))),
    rule('analyze-rates', 'takes audio at 8,000 to 96,000 Hz', async () => [
      ...(await faultsOf(kicks({sampleRateHz: 8000}))),
      ...(await faultsOf(kicks({sampleRateHz: 96_000, seconds: 5}))),
    ]),
    rule('analyze-loud', 'takes clipped noise', () =>
      faultsOf({
        sampleRateHz: 44_100,
        channels: [Float32Array.from(noise(5, 441_000), (value) => (value > 127 ? 1 : -1))],
      }),
    ),
    rule('analyze-quiet', 'prints nothing', async () => {
      const printed = await printedBy(() => run(kicks({seconds: 2})))
      return printed === '' ? [] : [`prints ${JSON.stringify(printed.slice(0, 60))}`]
    }),
  ]
}
