// The onset function: how much new energy each instant brings, in four bands, on a grid of about 5.8 ms.
import {GrowingFloats} from './growing.js'
import {SHORT_FRAME as FRAME_SIZE, FRAMES_PER_CALL, kernels} from './kernels.js'

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
const MANTISSA = 2 ** -23
/** Samples that the frames of one call span. */
const CALL_LENGTH = FRAME_SIZE + (FRAMES_PER_CALL - 1) * ONSET_HOP

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
  private readonly edges: readonly (readonly [number, number])[]
  /** Bits of the compressed magnitude of the last even and the last odd frame, 1 before the first. */
  private readonly history = new Int32Array(FRAME_SIZE).fill(127 << 23)
  private frame = 0
  private buffer = new Float32Array(FRAME_SIZE / 2)
  private filled = FRAME_SIZE / 2
  private readonly flux = Array.from({length: BAND_COUNT}, () => new GrowingFloats())
  private readonly power = Array.from({length: BAND_COUNT}, () => new GrowingFloats())
  private samples = 0

  constructor(rateHz: number) {
    this.rateHz = rateHz
    const binOf = (hz: number): number => Math.min(FRAME_SIZE / 2, Math.round((hz * FRAME_SIZE) / rateHz))
    this.edges = BAND_EDGES_HZ.map(([low, high]) => [Math.max(1, binOf(low)), binOf(high)] as const)
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
    for (; at + CALL_LENGTH <= this.filled; at += FRAMES_PER_CALL * ONSET_HOP) this.addFrames(at)
    this.buffer.copyWithin(0, at, this.filled)
    this.filled -= at
  }

  private addFrames(at: number): void {
    const {coefficients, frames, history, onsets, results} = kernels()
    frames.set(this.buffer.subarray(at, at + CALL_LENGTH))
    history.set(this.history)
    for (const [band, edges] of this.edges.entries()) coefficients.ints.set(edges, 2 * band)
    onsets(BAND_COUNT, FRAME_SIZE, ONSET_HOP, COMPRESSION)
    this.history.set(history)
    for (const [band, [low, high]] of this.edges.entries())
      for (let i = 0; i < FRAMES_PER_CALL; i++) {
        // Even frames stand before odd ones.
        const place = 2 * FRAMES_PER_CALL * band + (i % 2) * (FRAMES_PER_CALL / 2) + (i >> 1)
        const rise = (results[place + FRAMES_PER_CALL] as number) * MANTISSA
        this.power[band]?.push(results[place] as number)
        this.flux[band]?.push(high > low ? rise / (high - low) : 0)
      }
    this.frame += FRAMES_PER_CALL
  }

  finish(): OnsetFrames {
    this.feed(new Float32Array(FRAME_SIZE + FRAMES_PER_CALL * ONSET_HOP))
    const length = Math.min(this.frame, Math.ceil(this.samples / ONSET_HOP))
    return {
      frameRateHz: this.rateHz / ONSET_HOP,
      length,
      flux: this.flux.map((values) => values.take(length)),
      power: this.power.map((values) => values.take(length)),
    }
  }
}
