// Integrated loudness as EBU R128 and ITU-R BS.1770 define it, fed block by block.
import {KERNEL_BLOCK, kernels} from './kernels.js'

interface Biquad {
  readonly b0: number
  readonly b1: number
  readonly b2: number
  readonly a1: number
  readonly a2: number
}

/** The high shelf of the K-weighting at any rate, as libebur128 derives it from BS.1770's 48 kHz coefficients. */
function shelfFilter(sampleRateHz: number): Biquad {
  const k = Math.tan((Math.PI * 1681.974450955533) / sampleRateHz)
  const q = 0.7071752369554196
  const vh = 10 ** (3.999843853973347 / 20)
  const vb = vh ** 0.4996667741545416
  const a0 = 1 + k / q + k * k
  return {
    b0: (vh + (vb * k) / q + k * k) / a0,
    b1: (2 * (k * k - vh)) / a0,
    b2: (vh - (vb * k) / q + k * k) / a0,
    a1: (2 * (k * k - 1)) / a0,
    a2: (1 - k / q + k * k) / a0,
  }
}

/** The high pass of the K-weighting, whose zeros both lie at 0 Hz. */
function highPassFilter(sampleRateHz: number): Pick<Biquad, 'a1' | 'a2'> {
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRateHz)
  const q = 0.5003270373238773
  const a0 = 1 + k / q + k * k
  return {a1: (2 * (k * k - 1)) / a0, a2: (1 - k / q + k * k) / a0}
}

const ABSOLUTE_GATE_LUFS = -70
const RELATIVE_GATE_LU = -10
/** Momentary blocks of 400 ms, each overlapping the one before by three quarters. */
const STEPS_PER_BLOCK = 4
/** Two past values of two channels before, between and after the two filters. */
const STATE_LENGTH = 12

const lufsFromPower = (power: number): number => -0.691 + 10 * Math.log10(power)
const powerFromLufs = (lufs: number): number => 10 ** ((lufs + 0.691) / 10)

/** Measures one or two channels; each weighs 1, as BS.1770 has it for mono, left and right. */
export class LoudnessMeter {
  private readonly coefficients: readonly number[]
  /** Of each pair of channels, what its filters remember. */
  private readonly states: readonly Float64Array[]
  private readonly stepLength: number
  private stepFilled = 0
  private stepSum = 0
  /** Mean square per 100 ms. */
  private readonly steps: number[] = []

  constructor(sampleRateHz: number, channelCount: number) {
    const {b0, b1, b2, a1, a2} = shelfFilter(sampleRateHz)
    const pass = highPassFilter(sampleRateHz)
    this.coefficients = [b0, b1, b2, a1, a2, pass.a1, pass.a2]
    this.states = Array.from({length: Math.ceil(channelCount / 2)}, () => new Float64Array(STATE_LENGTH))
    this.stepLength = Math.round(sampleRateHz / 10)
  }

  push(channels: readonly Float32Array[]): void {
    const length = channels[0]?.length ?? 0
    for (let at = 0; at < length; ) {
      const end = Math.min(length, at + this.stepLength - this.stepFilled, at + KERNEL_BLOCK)
      for (const [pair, state] of this.states.entries())
        this.stepSum += this.weightedPower(channels[2 * pair], channels[2 * pair + 1], at, end, state)
      this.stepFilled += end - at
      at = end
      if (this.stepFilled === this.stepLength) {
        this.steps.push(this.stepSum / this.stepLength)
        this.stepSum = 0
        this.stepFilled = 0
      }
    }
  }

  /** Of two channels side by side; a missing one is silence. */
  private weightedPower(
    left: Float32Array | undefined,
    right: Float32Array | undefined,
    from: number,
    to: number,
    remembered: Float64Array,
  ): number {
    const {coefficients, input, second, state, weightedPower} = kernels()
    coefficients.doubles.set(this.coefficients)
    if (left === undefined) input.fill(0, 0, to - from)
    else input.set(left.subarray(from, to))
    if (right === undefined) second.fill(0, 0, to - from)
    else second.set(right.subarray(from, to))
    state.set(remembered)
    const sum = weightedPower(0, to - from)
    for (let i = 0; i < STATE_LENGTH; i++) remembered[i] = flushed(state[i] as number)
    return sum
  }

  /** LUFS over the whole sound; null where no 400 ms of it are louder than −70 LUFS. */
  integratedLufs(): number | null {
    const blocks: number[] = []
    for (let i = STEPS_PER_BLOCK; i <= this.steps.length; i++) {
      let sum = 0
      for (let j = i - STEPS_PER_BLOCK; j < i; j++) sum += this.steps[j] ?? 0
      blocks.push(sum / STEPS_PER_BLOCK)
    }
    const audible = blocks.filter((power) => power > powerFromLufs(ABSOLUTE_GATE_LUFS))
    if (audible.length === 0) return null
    const gate = powerFromLufs(lufsFromPower(mean(audible)) + RELATIVE_GATE_LU)
    return lufsFromPower(mean(audible.filter((power) => power > gate)))
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Decaying filter states end in denormal numbers, which are slow on many processors. */
function flushed(value: number): number {
  return Math.abs(value) < 1e-30 ? 0 : value
}
