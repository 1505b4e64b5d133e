// The compiled inner loops against the formulas that define them, worked out here number by number.
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {kernels, LONG_FRAME, SHORT_FRAME} from '../../src/analysis/kernels.js'
import {LoudnessMeter} from '../../src/analysis/loudness.js'
import {TruePeakMeter} from '../../src/analysis/true-peak.js'
import {WaveformExtractor} from '../../src/analysis/waveform.js'
import {randomNumbers, sine} from './signals.js'

function noise(length: number, seed: number): Float32Array {
  const random = randomNumbers(seed)
  return Float32Array.from({length}, () => 2 * random() - 1)
}

/** Power of one bin by the sum that defines it, under a Hann window; 4 for a sine of amplitude 2, 1 for full scale. */
function powerOfBin(frame: Float32Array, bin: number): number {
  const size = frame.length
  let re = 0
  let im = 0
  for (const [n, value] of frame.entries()) {
    const windowed = (value * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size)) * 4) / size
    re += windowed * Math.cos((2 * Math.PI * bin * n) / size)
    im += windowed * Math.sin((2 * Math.PI * bin * n) / size)
  }
  return re * re + im * im
}

/** Where a frame's value stands among four even and four odd ones. */
const placeOf = (frame: number): number => (frame % 2) * 4 + (frame >> 1)

describe('the code that is shipped', () => {
  it('is what kernels/dsp.ts compiles to', () => {
    const folder = mkdtempSync(join(tmpdir(), 'crate-kernels-'))
    try {
      const path = join(folder, 'kernel-code.ts')
      const {status, stderr} = spawnSync(process.execPath, ['scripts/build-kernels.mjs', path], {encoding: 'utf8'})
      expect(status, stderr).toBe(0)
      expect(readFileSync(path, 'utf8')).toBe(readFileSync('src/analysis/kernel-code.ts', 'utf8'))
    } finally {
      rmSync(folder, {recursive: true})
    }
  })
})

describe('spectra', () => {
  it('hold the power of eight long frames', () => {
    const hop = 2048
    const sound = noise(LONG_FRAME + 7 * hop, 3)
    const {frames, powers, spectra} = kernels()
    frames.set(sound)
    powers(LONG_FRAME, hop, 1, 1600)
    for (let frame = 0; frame < 8; frame++)
      for (const bin of [1, 2, 37, 500, 1024, 1599, 1600]) {
        const wanted = powerOfBin(sound.subarray(frame * hop, frame * hop + LONG_FRAME), bin)
        expect(spectra[8 * bin + placeOf(frame)]).toBeCloseTo(wanted, 7)
      }
  })

  it('give power and rise of bands, frame by frame and across calls', () => {
    const hop = 64
    const sound = noise(SHORT_FRAME + 15 * hop, 5)
    const bands = [
      [1, 7],
      [7, 250],
    ] as const
    const {coefficients, frames, history, onsets, results} = kernels()
    history.fill(127 << 23)
    const seen: {power: number; rise: number}[][] = [[], []]
    for (const call of [0, 1]) {
      frames.set(sound.subarray(8 * call * hop, 8 * call * hop + SHORT_FRAME + 7 * hop))
      for (const [band, edges] of bands.entries()) coefficients.ints.set(edges, 2 * band)
      onsets(bands.length, SHORT_FRAME, hop, 1e6)
      for (const band of bands.keys())
        for (let frame = 0; frame < 8; frame++)
          seen[band]?.push({
            power: results[16 * band + placeOf(frame)] ?? 0,
            rise: results[16 * band + 8 + placeOf(frame)] ?? 0,
          })
    }
    const bitsOf = (value: number): number => new Int32Array(Float32Array.of(value).buffer)[0] ?? 0
    for (const [band, [low, high]] of bands.entries()) {
      const powers = Array.from({length: 16}, (_, frame) =>
        Array.from({length: high - low}, (_, i) =>
          powerOfBin(sound.subarray(frame * hop, frame * hop + SHORT_FRAME), low + i),
        ),
      )
      for (const [frame, bins] of powers.entries()) {
        const power = bins.reduce((sum, value) => sum + value, 0)
        const rise = bins.reduce((sum, value, i) => {
          const before = powers[frame - 2]?.[i] ?? 0
          return sum + Math.max(0, bitsOf(1 + 1e6 * value) - bitsOf(1 + 1e6 * before))
        }, 0)
        expect(Math.abs((seen[band]?.[frame]?.power ?? 0) / power - 1)).toBeLessThan(1e-4)
        expect(Math.abs((seen[band]?.[frame]?.rise ?? 0) / rise - 1)).toBeLessThan(1e-3)
      }
    }
  })
})

describe('meters', () => {
  it('do not disturb each other though they share their memory', () => {
    const sounds = [sine(1000, 0.5, 2), sine(60, 0.05, 2)] as const
    const alone = sounds.map(({sampleRateHz, channels}) => {
      const meter = new LoudnessMeter(sampleRateHz, 2)
      meter.push(channels)
      return meter.integratedLufs()
    })
    const meters = sounds.map(({sampleRateHz}) => new LoudnessMeter(sampleRateHz, 2))
    for (let at = 0; at < 2 * 44_100; at += 1000)
      for (const [i, sound] of sounds.entries())
        meters[i]?.push(sound.channels.map((channel) => channel.subarray(at, at + 1000)))
    for (const [i, meter] of meters.entries()) expect(meter.integratedLufs()).toBeCloseTo(alone[i] ?? 0, 9)
  })

  it('find the one peak between samples wherever it stands in a long block', () => {
    for (const place of [3, 16_370, 16_372, 16_378, 16_384, 32_760, 49_990]) {
      const sound = new Float32Array(50_000)
      // Two equal samples side by side: the band-limited curve rises between them to 4/π of either.
      sound[place] = 0.5
      sound[place + 1] = 0.5
      const meter = new TruePeakMeter(1)
      meter.push([sound])
      expect(meter.truePeakDb()).toBeGreaterThan(20 * Math.log10(0.58))
      expect(meter.truePeakDb()).toBeLessThan(20 * Math.log10(0.5 * (4 / Math.PI)) + 0.1)
    }
  })
})

describe('WaveformExtractor', () => {
  it('splits at edges where a Butterworth filter passes 3 dB less', () => {
    const rateHz = 11_025
    const extractor = new WaveformExtractor(2 * rateHz, rateHz)
    extractor.pushHigh(sine(2500, 0.8, 2, 2 * rateHz).channels[0])
    extractor.pushDecimated(sine(150, 0.8, 2, rateHz).channels[0])
    const {waveform, highPower} = extractor.finish()
    const wanted = 0.8 * Math.SQRT1_2
    expect(Math.abs(Math.max(...waveform.low.slice(50, 150)) / 255 - wanted)).toBeLessThan(0.01)
    expect(Math.abs(Math.max(...waveform.high.slice(50, 150)) / 255 - wanted)).toBeLessThan(0.01)
    const meanPower = highPower.slice(50, 150).reduce((sum, power) => sum + power, 0) / 100
    expect(Math.abs(meanPower - wanted ** 2 / 2)).toBeLessThan(0.005)
  })
})
