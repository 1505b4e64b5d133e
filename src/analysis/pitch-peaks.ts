// The tones of a track: peaks of long spectra with their exact frequencies, from which tuning, key and chords are read.
import {GrowingFloats} from './growing.js'
import {LONG_FRAME as FRAME_SIZE, FRAMES_PER_CALL, kernels} from './kernels.js'

const PITCH_HOP = 2048
/** Samples that the frames of one call span. */
const CALL_LENGTH = FRAME_SIZE + (FRAMES_PER_CALL - 1) * PITCH_HOP
const LOWEST_HZ = 50
const HIGHEST_HZ = 2100
/** Bins on each side over which the floor is averaged: 32 Hz at 11 kHz. */
const FLOOR_REACH = 24
/** A peak must be this many times the mean amplitude around it. */
const LEAST_PROMINENCE = 2.5
/** Peaks kept per frame, the strongest. */
export const PEAKS_PER_FRAME = 32

/** Peaks of frame i, centred on i / frameRateHz seconds, stand at i × PEAKS_PER_FRAME; frequency 0 fills the rest. */
export interface PitchFrames {
  readonly frameRateHz: number
  readonly length: number
  readonly frequencyHz: Float32Array
  /** Linear amplitude, 1 = a full-scale sine. */
  readonly amplitude: Float32Array
  /** Power of the frame between the limits, with what is no peak. */
  readonly power: Float32Array
}

export class PitchPeakExtractor {
  private readonly rateHz: number
  /** Bins in which tones are looked for. */
  private readonly low: number
  private readonly high: number
  private readonly spectrum = new Float64Array(FRAME_SIZE / 2)
  private readonly floor = new Float64Array(FRAME_SIZE / 2)
  private buffer = new Float32Array(FRAME_SIZE / 2)
  private filled = FRAME_SIZE / 2
  private frames = 0
  private samples = 0
  private readonly frequencies = new GrowingFloats()
  private readonly amplitudes = new GrowingFloats()
  private readonly powers = new GrowingFloats()

  constructor(rateHz: number) {
    this.rateHz = rateHz
    this.low = Math.floor((LOWEST_HZ * FRAME_SIZE) / rateHz)
    this.high = Math.min(FRAME_SIZE / 2 - FLOOR_REACH - 2, Math.ceil((HIGHEST_HZ * FRAME_SIZE) / rateHz))
  }

  push(block: Float32Array): void {
    this.samples += block.length
    this.feed(block)
  }

  private feed(block: Float32Array): void {
    if (this.buffer.length < this.filled + block.length) {
      const grown = new Float32Array(this.filled + block.length)
      grown.set(this.buffer.subarray(0, this.filled))
      this.buffer = grown
    }
    this.buffer.set(block, this.filled)
    this.filled += block.length
    let at = 0
    for (; at + CALL_LENGTH <= this.filled; at += FRAMES_PER_CALL * PITCH_HOP) this.addFrames(at)
    this.buffer.copyWithin(0, at, this.filled)
    this.filled -= at
  }

  private addFrames(at: number): void {
    const {low, high, spectrum} = this
    const from = Math.max(1, low - FLOOR_REACH - 1)
    const to = high + FLOOR_REACH
    const {frames, powers, spectra} = kernels()
    frames.set(this.buffer.subarray(at, at + CALL_LENGTH))
    powers(FRAME_SIZE, PITCH_HOP, from, to)
    for (let i = 0; i < FRAMES_PER_CALL; i++) {
      // Even frames stand before odd ones.
      const place = (i % 2) * (FRAMES_PER_CALL / 2) + (i >> 1)
      let power = 0
      for (let k = from; k <= to; k++) {
        const value = spectra[FRAMES_PER_CALL * k + place] as number
        spectrum[k] = value
        power += value
      }
      this.powers.push(power)
      this.subtractFloor(low, high)
      this.keepPeaks(low, high)
    }
    this.frames += FRAMES_PER_CALL
  }

  /** What a bin's surroundings hold is drums and noise: only what stands out of them is a tone. */
  private subtractFloor(low: number, high: number): void {
    const {spectrum, floor} = this
    let sum = 0
    for (let k = low - FLOOR_REACH; k < low + FLOOR_REACH; k++) sum += Math.sqrt(spectrum[Math.max(0, k)] ?? 0)
    for (let k = low; k <= high; k++) {
      sum += Math.sqrt(spectrum[k + FLOOR_REACH] ?? 0) - Math.sqrt(spectrum[Math.max(0, k - FLOOR_REACH - 1)] ?? 0)
      floor[k] = sum / (2 * FLOOR_REACH + 1)
    }
  }

  private keepPeaks(low: number, high: number): void {
    const {spectrum} = this
    const peaks: {bin: number; power: number}[] = []
    for (let k = low; k <= high; k++) {
      const value = spectrum[k] as number
      const least = LEAST_PROMINENCE * (this.floor[k] as number)
      if (
        value > 1e-10 &&
        value > least * least &&
        value > (spectrum[k - 1] as number) &&
        value >= (spectrum[k + 1] as number)
      )
        peaks.push({bin: k, power: value})
    }
    if (peaks.length > PEAKS_PER_FRAME) peaks.sort((a, b) => b.power - a.power)
    for (let p = 0; p < PEAKS_PER_FRAME; p++) {
      const peak = peaks[p]
      if (peak === undefined) {
        this.frequencies.push(0)
        this.amplitudes.push(0)
        continue
      }
      // Parabola through the log spectrum, Smith & Serra, PARSHL (1987).
      const left = Math.log(Math.max(1e-20, spectrum[peak.bin - 1] as number))
      const centre = Math.log(peak.power)
      const right = Math.log(Math.max(1e-20, spectrum[peak.bin + 1] as number))
      const bend = left - 2 * centre + right
      const shift = bend < 0 ? (0.5 * (left - right)) / bend : 0
      this.frequencies.push(((peak.bin + shift) * this.rateHz) / FRAME_SIZE)
      this.amplitudes.push(Math.sqrt(Math.exp(centre - 0.25 * (left - right) * shift)))
    }
  }

  finish(): PitchFrames {
    this.feed(new Float32Array(FRAME_SIZE + FRAMES_PER_CALL * PITCH_HOP))
    const length = Math.min(this.frames, Math.ceil(this.samples / PITCH_HOP))
    return {
      frameRateHz: this.rateHz / PITCH_HOP,
      length,
      frequencyHz: this.frequencies.take(length * PEAKS_PER_FRAME),
      amplitude: this.amplitudes.take(length * PEAKS_PER_FRAME),
      power: this.powers.take(length),
    }
  }
}
