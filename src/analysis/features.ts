// One pass over the sound: what every later question is answered from, a few kilobytes per second of music.
import type {Waveform} from '../core/findings.js'
import {Decimator} from './decimator.js'
import {KERNEL_BLOCK, kernels} from './kernels.js'
import {LoudnessMeter} from './loudness.js'
import {OnsetExtractor, type OnsetFrames} from './onset.js'
import {type PitchFrames, PitchPeakExtractor} from './pitch-peaks.js'
import {QuietGain} from './quiet-gain.js'
import {RetainedAudio} from './retained-audio.js'
import {TruePeakMeter} from './true-peak.js'
import {WaveformExtractor} from './waveform.js'

export interface AudioShape {
  readonly sampleRateHz: number
  readonly channelCount: number
}

export interface Features {
  readonly durationMs: number
  readonly loudnessLufs: number | null
  readonly truePeakDb: number | null
  readonly onsets: OnsetFrames
  readonly pitches: PitchFrames
  readonly waveform: Waveform
  /** Mean power above 2.5 kHz per 10 ms; at the level of `onsets`, `pitches` and `audio`, to which very quiet files are raised. */
  readonly highPower: Float32Array
  readonly audio: RetainedAudio
}

/** The block length in which sound goes through all extractors, so that it stays in the processor's cache. */
const BLOCK = KERNEL_BLOCK

export class FeatureExtractor {
  private readonly shape: AudioShape
  private readonly decimator: Decimator
  private readonly loudness: LoudnessMeter
  private readonly truePeak: TruePeakMeter
  private readonly onsets: OnsetExtractor
  private readonly pitches: PitchPeakExtractor
  private readonly waveform: WaveformExtractor
  private readonly audio: RetainedAudio
  private readonly quietGain: QuietGain
  private readonly mono = new Float32Array(BLOCK)
  private samples = 0

  constructor(shape: AudioShape) {
    this.shape = shape
    this.decimator = new Decimator(shape.sampleRateHz)
    const rateHz = this.decimator.outputRateHz
    this.loudness = new LoudnessMeter(shape.sampleRateHz, shape.channelCount)
    this.truePeak = new TruePeakMeter(shape.channelCount)
    this.onsets = new OnsetExtractor(rateHz)
    this.pitches = new PitchPeakExtractor(rateHz)
    this.waveform = new WaveformExtractor(this.decimator.halfRateHz, rateHz)
    this.audio = new RetainedAudio(rateHz)
    this.quietGain = new QuietGain(rateHz, (block) => {
      this.onsets.push(block)
      this.pitches.push(block)
      this.audio.push(block)
    })
  }

  push(channels: readonly Float32Array[]): void {
    const length = channels[0]?.length ?? 0
    for (let at = 0; at < length; at += BLOCK)
      this.pushBlock(channels.map((channel) => channel.subarray(at, Math.min(length, at + BLOCK))))
  }

  private pushBlock(given: readonly Float32Array[]): void {
    let channels = given
    const mono = this.mono.subarray(0, given[0]?.length ?? 0)
    if (!mixDown(channels, mono)) {
      channels = given.map((channel) => channel.map((value) => (Number.isFinite(value) ? value : 0)))
      mixDown(channels, mono)
    }
    this.samples += mono.length
    this.loudness.push(channels)
    this.truePeak.push(channels)
    this.pushHalf(this.decimator.pushFirst(mono))
  }

  private pushHalf(block: Float32Array): void {
    this.waveform.pushHigh(block)
    this.pushDecimated(this.decimator.pushRest(block))
  }

  private pushDecimated(block: Float32Array): void {
    this.waveform.pushDecimated(block)
    this.quietGain.push(block)
  }

  finish(): Features {
    this.pushHalf(this.decimator.finishFirst())
    this.pushDecimated(this.decimator.finishRest())
    this.quietGain.finish()
    this.audio.finish()
    const {waveform, highPower} = this.waveform.finish()
    return {
      durationMs: (1000 * this.samples) / this.shape.sampleRateHz,
      loudnessLufs: this.loudness.integratedLufs(),
      truePeakDb: this.truePeak.truePeakDb(),
      onsets: this.onsets.finish(),
      pitches: this.pitches.finish(),
      waveform,
      highPower: this.quietGain.gain === 1 ? highPower : highPower.map((power) => power * this.quietGain.gain ** 2),
      audio: this.audio,
    }
  }
}

/** Writes the mean of the channels; false where a value is not finite, which a damaged file can hold. */
function mixDown(channels: readonly Float32Array[], mono: Float32Array): boolean {
  const [left, right] = channels
  let sum = 0
  if (channels.length === 2 && left !== undefined && right !== undefined) {
    const {input, mean, output, second} = kernels()
    input.set(left)
    second.set(right)
    sum = mean(mono.length)
    mono.set(output.subarray(0, mono.length))
  } else
    for (let i = 0; i < mono.length; i++) {
      let value = 0
      for (const channel of channels) value += channel[i] as number
      mono[i] = value / channels.length
      sum += value
    }
  return Number.isFinite(sum)
}
