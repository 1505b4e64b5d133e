// The onset function: how much new energy each instant brings, in four bands, on a grid of about 5.8 ms.
import {fftOfSize, hannWindow} from './fft.js'
import {GrowingFloats} from './growing.js'

const FRAME_SIZE = 512
export const ONSET_HOP = 64
/** Kick and bass, low mids, mids with the snare's body, highs with hats and clap. */
const BAND_EDGES_HZ = [
  [20, 150],
  [150, 430],
  [430, 1500],
  [1500, 5400],
] as const
export const BAND_COUNT = BAND_EDGES_HZ.length
/** The log's floor: a bin of −60 dB against full scale. */
const COMPRESSION = 1e6
const LAG_FRAMES = 2
const MANTISSA = 2 ** -23

/** Everything about rhythm that the beat search needs; frame i is centred on i / frameRateHz seconds. */
export interface OnsetFrames {
  readonly frameRateHz: number
  readonly length: number
  /** Mean rise of the log2 spectrum against two frames before, per band. */
  readonly flux: readonly Float32Array[]
  /** Linear power per band, 1 = a full-scale sine. */
  readonly power: readonly Float32Array[]
}

/**
 * Half-wave rectified log-spectral flux over a stream of mono sound at 8 to 16 kHz.
 *
 * The logarithm is read off the floating-point exponent and mantissa (piecewise linear, error below 0.09 of an octave),
 * which is all that a difference of logarithms over broad bands needs.
 *
 * @see Böck, Krebs, Schedl: Evaluating the online capabilities of onset detection methods (ISMIR 2012)
 */
export class OnsetExtractor {
  private readonly rateHz: number
  private readonly fft = fftOfSize(FRAME_SIZE)
  private readonly window: Float64Array
  private readonly re = new Float64Array(FRAME_SIZE)
  private readonly im = new Float64Array(FRAME_SIZE)
  private readonly edges: readonly (readonly [number, number])[]
  private readonly compressed = new Float32Array(FRAME_SIZE / 2)
  private readonly bits: Int32Array
  private readonly history: Int32Array[]
  private frame = 0
  private buffer = new Float32Array(FRAME_SIZE / 2)
  private filled = FRAME_SIZE / 2
  private readonly flux = Array.from({length: BAND_COUNT}, () => new GrowingFloats())
  private readonly power = Array.from({length: BAND_COUNT}, () => new GrowingFloats())
  private samples = 0

  constructor(rateHz: number) {
    this.rateHz = rateHz
    this.bits = new Int32Array(this.compressed.buffer)
    // Scaled so that a full-scale sine has power 1 in its bin; halved because two frames share one transform.
    this.window = hannWindow(FRAME_SIZE).map((value) => (value * 2) / FRAME_SIZE)
    const binOf = (hz: number): number => Math.min(FRAME_SIZE / 2, Math.round((hz * FRAME_SIZE) / rateHz))
    this.edges = BAND_EDGES_HZ.map(([low, high]) => [Math.max(1, binOf(low)), binOf(high)] as const)
    const floor = new Int32Array(FRAME_SIZE / 2)
    this.history = Array.from({length: LAG_FRAMES}, () => Int32Array.from(floor, () => 127 << 23))
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
    for (; at + FRAME_SIZE + ONSET_HOP <= this.filled; at += 2 * ONSET_HOP) this.transformPair(at)
    this.buffer.copyWithin(0, at, this.filled)
    this.filled -= at
  }

  private transformPair(at: number): void {
    const {re, im, window, buffer} = this
    const {order} = this.fft
    for (let i = 0; i < FRAME_SIZE; i++) {
      const weight = window[i] as number
      const place = order[i] as number
      re[place] = (buffer[at + i] as number) * weight
      im[place] = (buffer[at + i + ONSET_HOP] as number) * weight
    }
    this.fft.transformOrdered(re, im)
    this.addFrame(1)
    this.addFrame(-1)
  }

  /** @param sign 1 for the frame in the real part, −1 for the one in the imaginary part */
  private addFrame(sign: 1 | -1): void {
    const {re, im, compressed, bits} = this
    const before = this.history[this.frame % LAG_FRAMES] as Int32Array
    for (let band = 0; band < BAND_COUNT; band++) {
      const [low, high] = this.edges[band] ?? [1, 1]
      let power = 0
      let rise = 0
      for (let k = low; k < high; k++) {
        const r = (re[k] as number) + sign * (re[FRAME_SIZE - k] as number)
        const i = (im[k] as number) - sign * (im[FRAME_SIZE - k] as number)
        const value = r * r + i * i
        power += value
        compressed[k] = 1 + COMPRESSION * value
        const change = (bits[k] as number) - (before[k] as number)
        // max(0, change) without a branch: it would be guessed wrong half of the time.
        rise += change & ~(change >> 31)
        before[k] = bits[k] as number
      }
      this.power[band]?.push(power)
      this.flux[band]?.push(high > low ? (rise * MANTISSA) / (high - low) : 0)
    }
    this.frame++
  }

  finish(): OnsetFrames {
    this.feed(new Float32Array(FRAME_SIZE))
    const length = Math.min(this.frame, Math.ceil(this.samples / ONSET_HOP))
    return {
      frameRateHz: this.rateHz / ONSET_HOP,
      length,
      flux: this.flux.map((values) => values.view().slice(0, length)),
      power: this.power.map((values) => values.view().slice(0, length)),
    }
  }
}
