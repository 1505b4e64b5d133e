// Overview peaks in three bands, and the power above the decimated band that energy and timbre ask for.
import type {Waveform} from '../core/findings.js'
import {GrowingFloats} from './growing.js'

const COLUMN_MS = 10
const MAX_COLUMNS = 3000
const LOW_EDGE_HZ = 150
const HIGH_EDGE_HZ = 2500

/** A Butterworth section of second order; Zölzer, DAFX, §2.2. */
class SecondOrder {
  private readonly b0: number
  private readonly b1: number
  private readonly a1: number
  private readonly a2: number
  private s1 = 0
  private s2 = 0

  constructor(kind: 'low' | 'high', edgeHz: number, rateHz: number) {
    const k = Math.tan(Math.PI * Math.min(0.49, edgeHz / rateHz))
    const norm = 1 / (1 + Math.SQRT2 * k + k * k)
    this.b0 = kind === 'low' ? k * k * norm : norm
    this.b1 = kind === 'low' ? 2 * this.b0 : -2 * this.b0
    this.a1 = 2 * (k * k - 1) * norm
    this.a2 = (1 - Math.SQRT2 * k + k * k) * norm
  }

  run(input: Float32Array, output: Float32Array): void {
    const {b0, b1, a1, a2} = this
    let s1 = this.s1
    let s2 = this.s2
    for (let i = 0; i < input.length; i++) {
      const x = input[i] as number
      const y = b0 * x + s1
      s1 = b1 * x - a1 * y + s2
      s2 = b0 * x - a2 * y
      output[i] = y
    }
    this.s1 = Math.abs(s1) < 1e-30 ? 0 : s1
    this.s2 = Math.abs(s2) < 1e-30 ? 0 : s2
  }
}

/** Peak and mean power per 10 ms of one band. */
class Columns {
  readonly peaks = new GrowingFloats()
  readonly powers = new GrowingFloats()
  private readonly samplesPerColumn: number
  private position = 0
  private nextEdge: number
  private peak = 0
  private sum = 0
  private count = 0

  constructor(rateHz: number) {
    this.samplesPerColumn = (rateHz * COLUMN_MS) / 1000
    this.nextEdge = this.samplesPerColumn
  }

  push(block: Float32Array): void {
    let at = 0
    while (at < block.length) {
      const end = Math.min(block.length, at + Math.max(1, Math.ceil(this.nextEdge - this.position)))
      let peak = this.peak
      let sum = 0
      for (let i = at; i < end; i++) {
        const value = block[i] as number
        const size = value < 0 ? -value : value
        if (size > peak) peak = size
        sum += value * value
      }
      this.peak = peak
      this.sum += sum
      this.count += end - at
      this.position += end - at
      at = end
      if (this.position >= this.nextEdge) this.close()
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
  private readonly lowPass: SecondOrder
  private readonly midPass: SecondOrder
  private readonly highPass: SecondOrder
  private readonly low: Columns
  private readonly mid: Columns
  private readonly high: Columns

  /** @param decimatedRateHz rate of the blocks for the two lower bands */
  constructor(sampleRateHz: number, decimatedRateHz: number) {
    this.lowPass = new SecondOrder('low', LOW_EDGE_HZ, decimatedRateHz)
    this.midPass = new SecondOrder('low', HIGH_EDGE_HZ, decimatedRateHz)
    this.highPass = new SecondOrder('high', HIGH_EDGE_HZ, sampleRateHz)
    this.low = new Columns(decimatedRateHz)
    this.mid = new Columns(decimatedRateHz)
    this.high = new Columns(sampleRateHz)
  }

  pushFull(mono: Float32Array): void {
    const high = new Float32Array(mono.length)
    this.highPass.run(mono, high)
    this.high.push(high)
  }

  pushDecimated(mono: Float32Array): void {
    const low = new Float32Array(mono.length)
    const mid = new Float32Array(mono.length)
    this.lowPass.run(mono, low)
    for (let i = 0; i < mono.length; i++) mid[i] = (mono[i] as number) - (low[i] as number)
    this.midPass.run(mid, mid)
    this.low.push(low)
    this.mid.push(mid)
  }

  finish(): WaveformFrames {
    for (const band of [this.low, this.mid, this.high]) band.close()
    const count = this.high.peaks.length
    const merged = Math.max(1, Math.ceil(count / MAX_COLUMNS))
    const columns = Math.ceil(count / merged)
    return {
      waveform: {
        columnMs: COLUMN_MS * merged,
        low: reducePeaks(this.low.peaks.view(), merged, columns),
        mid: reducePeaks(this.mid.peaks.view(), merged, columns),
        high: reducePeaks(this.high.peaks.view(), merged, columns),
      },
      highPower: this.high.powers.view().slice(),
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
