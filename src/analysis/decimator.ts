// Brings audio down to the rate at which rhythm and harmony live (8 to 16 kHz), without moving it in time.
import {KERNEL_BLOCK, kernels} from './kernels.js'

/**
 * One half-band stage, halving the rate as a stream. Output sample m stands where input sample 2m stood.
 *
 * @see Crochiere & Rabiner, Multirate Digital Signal Processing, §4.3: every second coefficient of a half-band filter is 0
 */
class HalfBandStage {
  private readonly taps: Float32Array
  private readonly reach: number
  /** What the next output needs of the input so far. */
  private readonly held: Float32Array
  private heldLength: number
  private output = new Float32Array(0)

  /** @param pairs non-zero coefficient pairs: more of them, a steeper edge */
  constructor(pairs: number) {
    this.taps = Float32Array.from(halfBandTaps(pairs))
    this.reach = 2 * pairs - 1
    this.held = new Float32Array(2 * this.reach + 2)
    this.heldLength = this.reach
  }

  /** The result is a view that the next call overwrites. */
  push(block: Float32Array): Float32Array {
    const most = (block.length + this.heldLength) >> 1
    if (this.output.length < most) this.output = new Float32Array(most)
    let filled = 0
    for (let at = 0; at < block.length; at += KERNEL_BLOCK)
      filled += this.halve(block.subarray(at, at + KERNEL_BLOCK), filled)
    return this.output.subarray(0, filled)
  }

  /** @returns how many values it wrote to `output` from `at` on */
  private halve(block: Float32Array, at: number): number {
    const {coefficients, halve, input, output} = kernels()
    const length = this.heldLength + block.length
    input.set(this.held.subarray(0, this.heldLength))
    input.set(block, this.heldLength)
    const count = Math.max(0, Math.floor((length - 2 * this.reach - 1) / 2) + 1)
    coefficients.floats.set(this.taps)
    halve(length, count, this.taps.length)
    this.output.set(output.subarray(0, count), at)
    this.held.set(input.subarray(2 * count, length))
    this.heldLength = length - 2 * count
    return count
  }

  finish(): Float32Array {
    return this.push(new Float32Array(this.reach))
  }
}

/** The coefficients at offsets 1, 3, 5 … of a Kaiser-windowed half-band filter (β = 6, about 60 dB). */
function halfBandTaps(pairs: number): Float64Array {
  const reach = 2 * pairs
  const taps = Float64Array.from({length: pairs}, (_, p) => {
    const offset = 2 * p + 1
    const sinc = Math.sin((Math.PI * offset) / 2) / (Math.PI * offset)
    return sinc * (besselI0(6 * Math.sqrt(1 - (offset / reach) ** 2)) / besselI0(6))
  })
  const gain = 2 * taps.reduce((sum, tap) => sum + tap, 0)
  return taps.map((tap) => tap * (0.5 / gain))
}

function besselI0(x: number): number {
  let sum = 1
  let term = 1
  for (let k = 1; k < 30; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}

const LOWEST_RATE_HZ = 8000

/**
 * Halves the rate until it lies below 16 kHz; a stream of blocks in, a stream of blocks out.
 *
 * What comes back is a view that the next call overwrites.
 */
export class Decimator {
  readonly outputRateHz: number
  /** Rate after the first halving; the input's own where there is none. */
  readonly halfRateHz: number
  private readonly stages: HalfBandStage[]

  constructor(sampleRateHz: number) {
    let rate = sampleRateHz
    let halvings = 0
    while (rate >= 2 * LOWEST_RATE_HZ) {
      rate /= 2
      halvings++
    }
    this.outputRateHz = rate
    this.halfRateHz = halvings > 0 ? sampleRateHz / 2 : sampleRateHz
    this.stages = Array.from({length: halvings}, (_, i) => new HalfBandStage(i === halvings - 1 ? 10 : 4))
  }

  /** The first halving alone. Its edge is soft: what lies above 11 kHz is folded down rather than lost. */
  pushFirst(input: Float32Array): Float32Array {
    return this.stages[0]?.push(input) ?? input
  }

  /** The remaining halvings of what `pushFirst` or `finishFirst` gave. */
  pushRest(half: Float32Array): Float32Array {
    let block = half
    for (const stage of this.stages.slice(1)) block = stage.push(block)
    return block
  }

  finishFirst(): Float32Array {
    return this.stages[0]?.finish() ?? new Float32Array(0)
  }

  finishRest(): Float32Array {
    const rest = this.stages.slice(1)
    const parts = rest.map((stage, index) => {
      let block = stage.finish()
      for (const later of rest.slice(index + 1)) block = later.push(block)
      return block.slice()
    })
    const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      joined.set(part, at)
      at += part.length
    }
    return joined
  }
}
