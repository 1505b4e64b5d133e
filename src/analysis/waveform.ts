// Overview peaks in three bands, and the power above the decimated band that energy and timbre ask for.
import type {Waveform} from '../core/findings.js'
import {GrowingFloats} from './growing.js'
import {KERNEL_BLOCK, kernels} from './kernels.js'

const COLUMN_MS = 10
const MAX_COLUMNS = 3000
const LOW_EDGE_HZ = 150
const HIGH_EDGE_HZ = 2500

/** b0, b1, b2, a1, a2 of a Butterworth section of second order; Zölzer, DAFX, §2.2. */
function secondOrder(kind: 'low' | 'high', edgeHz: number, rateHz: number): readonly number[] {
  const k = Math.tan(Math.PI * Math.min(0.49, edgeHz / rateHz))
  const norm = 1 / (1 + Math.SQRT2 * k + k * k)
  const b0 = kind === 'low' ? k * k * norm : norm
  const b1 = kind === 'low' ? 2 * b0 : -2 * b0
  return [b0, b1, b0, 2 * (k * k - 1) * norm, (1 - Math.SQRT2 * k + k * k) * norm]
}

/** Filters a stream and keeps the peak and the mean power of what passes per 10 ms. */
class BandColumns {
  readonly peaks = new GrowingFloats()
  readonly powers = new GrowingFloats()
  private readonly coefficients: readonly number[]
  /** Two past values before and after the filter. */
  private readonly state = new Float64Array(4)
  private readonly samplesPerColumn: number
  private position = 0
  private nextEdge: number
  private peak = 0
  private sum = 0
  private count = 0

  constructor(coefficients: readonly number[], rateHz: number) {
    this.coefficients = coefficients
    this.samplesPerColumn = (rateHz * COLUMN_MS) / 1000
    this.nextEdge = this.samplesPerColumn
  }

  /** @param rest receives what the filter holds back, block minus output; may be left out */
  push(block: Float32Array, rest?: Float32Array): void {
    for (let at = 0; at < block.length; at += KERNEL_BLOCK) {
      const part = block.subarray(at, at + KERNEL_BLOCK)
      this.filter(part)
      rest?.set(kernels().output.subarray(0, part.length), at)
    }
  }

  private filter(block: Float32Array): void {
    const {band, coefficients, input, results, state} = kernels()
    input.set(block)
    coefficients.doubles.set(this.coefficients)
    state.set(this.state)
    for (let at = 0; at < block.length; ) {
      const end = Math.min(block.length, at + Math.max(1, Math.ceil(this.nextEdge - this.position)))
      results[0] = this.peak
      this.sum += band(at, end)
      this.peak = results[0]
      this.count += end - at
      this.position += end - at
      at = end
      if (this.position >= this.nextEdge) this.close()
    }
    // Decaying filters end in denormal numbers, which are slow on many processors.
    for (let i = 0; i < this.state.length; i++) {
      const value = state[i] as number
      this.state[i] = Math.abs(value) < 1e-30 ? 0 : value
    }
  }

  close(): void {
    if (this.count === 0) return
    this.peaks.push(this.peak)
    this.powers.push(this.sum / this.count)
    this.peak = 0
    this.sum = 0
    this.count = 0
    this.nextEdge += this.samplesPerColumn
  }
}

export interface WaveformFrames {
  readonly waveform: Waveform
  /** Mean power above 2.5 kHz per 10 ms. */
  readonly highPower: Float32Array
}

export class WaveformExtractor {
  private readonly low: BandColumns
  private readonly mid: BandColumns
  private readonly high: BandColumns
  private aboveLow = new Float32Array(0)

  /**
   * @param highRateHz rate of the blocks for the upper band
   * @param decimatedRateHz rate of the blocks for the two lower bands
   */
  constructor(highRateHz: number, decimatedRateHz: number) {
    this.low = new BandColumns(secondOrder('low', LOW_EDGE_HZ, decimatedRateHz), decimatedRateHz)
    this.mid = new BandColumns(secondOrder('low', HIGH_EDGE_HZ, decimatedRateHz), decimatedRateHz)
    this.high = new BandColumns(secondOrder('high', HIGH_EDGE_HZ, highRateHz), highRateHz)
  }

  pushHigh(mono: Float32Array): void {
    this.high.push(mono)
  }

  pushDecimated(mono: Float32Array): void {
    if (this.aboveLow.length < mono.length) this.aboveLow = new Float32Array(mono.length)
    const rest = this.aboveLow.subarray(0, mono.length)
    this.low.push(mono, rest)
    this.mid.push(rest)
  }

  finish(): WaveformFrames {
    for (const band of [this.low, this.mid, this.high]) band.close()
    const count = this.high.peaks.length
    const merged = Math.max(1, Math.ceil(count / MAX_COLUMNS))
    const columns = Math.ceil(count / merged)
    return {
      waveform: {
        columnMs: COLUMN_MS * merged,
        low: reducePeaks(this.low.peaks.take(columns * merged), merged, columns),
        mid: reducePeaks(this.mid.peaks.take(columns * merged), merged, columns),
        high: reducePeaks(this.high.peaks.take(columns * merged), merged, columns),
      },
      highPower: this.high.powers.take(count),
    }
  }
}

function reducePeaks(peaks: Float32Array, merged: number, columns: number): Uint8Array {
  return Uint8Array.from({length: columns}, (_, column) => {
    let highest = 0
    for (let i = column * merged; i < (column + 1) * merged; i++) highest = Math.max(highest, peaks[i] ?? 0)
    return Math.min(255, Math.round(highest * 255))
  })
}
