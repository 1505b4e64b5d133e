// Loudness and true peak against the cases of EBU Tech 3341 and against ffmpeg.
import {spawnSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {LoudnessMeter} from '../../src/analysis/loudness.js'
import {analyzePcm} from '../../src/analysis/track-analyzer.js'
import {TruePeakMeter} from '../../src/analysis/true-peak.js'
import {DEV_AUDIO, decodeFile, needs} from './corpus.js'
import {type Stereo, silence, sine} from './signals.js'

function loudnessOf(sound: Stereo, channelCount = 2): number | null {
  const meter = new LoudnessMeter(sound.sampleRateHz, channelCount)
  meter.push(sound.channels.slice(0, channelCount))
  return meter.integratedLufs()
}

function joined(...parts: readonly Stereo[]): Stereo {
  const [first] = parts
  const length = parts.reduce((sum, part) => sum + part.channels[0].length, 0)
  const whole = {
    sampleRateHz: first?.sampleRateHz ?? 48_000,
    channels: [new Float32Array(length), new Float32Array(length)],
  } as const
  let at = 0
  for (const part of parts) {
    for (const channel of [0, 1] as const) whole.channels[channel].set(part.channels[channel], at)
    at += part.channels[0].length
  }
  return whole
}

const decibels = (db: number): number => 10 ** (db / 20)

describe('LoudnessMeter', () => {
  it('has no number for silence', () => {
    expect(loudnessOf(silence(5))).toBeNull()
  })

  it.each([
    [-23, 44_100],
    [-33, 44_100],
    [-23, 48_000],
    [-23, 96_000],
  ])('reads a stereo 1 kHz sine at %s dBFS as that many LUFS at %s Hz (EBU Tech 3341, cases 1 and 2)', (db, rateHz) => {
    expect(Math.abs((loudnessOf(sine(1000, decibels(db), 20, rateHz)) ?? 0) - db)).toBeLessThan(0.1)
  })

  it('leaves quiet stretches out by the relative gate (case 3)', () => {
    const quiet = sine(1000, decibels(-36), 10, 48_000)
    const loudness = loudnessOf(joined(quiet, sine(1000, decibels(-23), 60, 48_000), quiet))
    expect(Math.abs((loudness ?? 0) + 23)).toBeLessThan(0.1)
  })

  it('reads one channel alone 3 dB lower', () => {
    expect(Math.abs((loudnessOf(sine(1000, decibels(-23), 20), 1) ?? 0) + 26)).toBeLessThan(0.1)
  })
})

describe('TruePeakMeter', () => {
  it('finds the peak between the samples of a sine at a quarter of the rate', () => {
    const rateHz = 48_000
    const sound = Float32Array.from({length: 4800}, (_, i) => 0.5 * Math.sin((Math.PI / 2) * i + Math.PI / 4))
    const meter = new TruePeakMeter(1)
    for (let at = 0; at < sound.length; at += 100) meter.push([sound.subarray(at, at + 100)])
    expect(Math.max(...sound)).toBeCloseTo(0.3536, 3)
    expect(Math.abs((meter.truePeakDb() ?? 0) - 20 * Math.log10(0.5))).toBeLessThan(0.2)
    expect(rateHz).toBe(48_000)
  })

  it('has no number for silence', () => {
    const meter = new TruePeakMeter(1)
    meter.push([new Float32Array(1000)])
    expect(meter.truePeakDb()).toBeNull()
  })
})

describe('against ffmpeg ebur128', () => {
  it.skipIf(needs('ffmpeg')).each(['gen_house_126', 'gen_lofi_85', 'gen_dubstep_140'])('agrees on %s', (name) => {
    const path = join(DEV_AUDIO, 'gen', `${name}.ogg`)
    expect(existsSync(path)).toBe(true)
    const {stderr} = spawnSync(
      'ffmpeg',
      ['-hide_banner', '-nostats', '-i', path, '-af', 'ebur128=peak=true', '-f', 'null', '-'],
      {
        encoding: 'utf8',
      },
    )
    const summary = stderr.slice(stderr.lastIndexOf('Summary:'))
    const {analysis} = analyzePcm(decodeFile(path))
    expect(Math.abs((analysis.loudnessLufs ?? 0) - Number(/I:\s+(-?[\d.]+) LUFS/.exec(summary)?.[1]))).toBeLessThan(0.2)
    expect(Math.abs((analysis.truePeakDb ?? 0) - Number(/Peak:\s+(-?[\d.]+) dBFS/.exec(summary)?.[1]))).toBeLessThan(
      0.3,
    )
  })
})
