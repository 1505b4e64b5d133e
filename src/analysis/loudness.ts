// Integrated loudness as EBU R128 and ITU-R BS.1770 define it, fed block by block.

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

/** The high pass of the K-weighting. */
function highPassFilter(sampleRateHz: number): Biquad {
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRateHz)
  const q = 0.5003270373238773
  const a0 = 1 + k / q + k * k
  return {b0: 1, b1: -2, b2: 1, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / q + k * k) / a0}
}

const ABSOLUTE_GATE_LUFS = -70
const RELATIVE_GATE_LU = -10
/** Momentary blocks of 400 ms, each overlapping the one before by three quarters. */
const STEPS_PER_BLOCK = 4

const lufsFromPower = (power: number): number => -0.691 + 10 * Math.log10(power)
const powerFromLufs = (lufs: number): number => 10 ** ((lufs + 0.691) / 10)

/** Measures one or two channels; each weighs 1, as BS.1770 has it for mono, left and right. */
export class LoudnessMeter {
  private readonly shelf: Biquad
  private readonly pass: Biquad
  private readonly states: Float64Array[]
  private readonly stepLength: number
  private stepFilled = 0
  private stepSum = 0
  /** Mean square per 100 ms. */
  private readonly steps: number[] = []

  constructor(sampleRateHz: number, channelCount: number) {
    this.shelf = shelfFilter(sampleRateHz)
    this.pass = highPassFilter(sampleRateHz)
    this.states = Array.from({length: channelCount}, () => new Float64Array(4))
    this.stepLength = Math.round(sampleRateHz / 10)
  }

  push(channels: readonly Float32Array[]): void {
    const length = channels[0]?.length ?? 0
    for (let at = 0; at < length; ) {
      const end = Math.min(length, at + this.stepLength - this.stepFilled)
      const [left, right] = channels
      if (channels.length === 2 && left !== undefined && right !== undefined)
        this.stepSum += this.weightedSumOfTwo(left, right, at, end)
      else
        for (const [index, channel] of channels.entries()) {
          const state = this.states[index]
          if (state !== undefined) this.stepSum += this.weightedSum(channel, at, end, state)
        }
      this.stepFilled += end - at
      at = end
      if (this.stepFilled === this.stepLength) {
        this.steps.push(this.stepSum / this.stepLength)
        this.stepSum = 0
        this.stepFilled = 0
      }
    }
  }

  private weightedSum(x: Float32Array, from: number, to: number, state: Float64Array): number {
    const {b0, b1, b2, a1, a2} = this.shelf
    const {a1: c1, a2: c2} = this.pass
    let [s1 = 0, s2 = 0, t1 = 0, t2 = 0] = state
    let sum = 0
    for (let i = from; i < to; i++) {
      const input = x[i] as number
      const shelved = b0 * input + s1
      s1 = b1 * input - a1 * shelved + s2
      s2 = b2 * input - a2 * shelved
      const out = shelved + t1
      t1 = -2 * shelved - c1 * out + t2
      t2 = shelved - c2 * out
      sum += out * out
    }
    state.set([flushed(s1), flushed(s2), flushed(t1), flushed(t2)])
    return sum
  }

  /** Both filters of both channels in one loop: the processor works on one while it waits for the other. */
  private weightedSumOfTwo(left: Float32Array, right: Float32Array, from: number, to: number): number {
    const {b0, b1, b2, a1, a2} = this.shelf
    const {a1: c1, a2: c2} = this.pass
    const [leftState, rightState] = this.states
    if (leftState === undefined || rightState === undefined) return 0
    let [s1 = 0, s2 = 0, t1 = 0, t2 = 0] = leftState
    let [u1 = 0, u2 = 0, v1 = 0, v2 = 0] = rightState
    let sum = 0
    for (let i = from; i < to; i++) {
      const l = left[i] as number
      const r = right[i] as number
      const leftShelved = b0 * l + s1
      const rightShelved = b0 * r + u1
      s1 = b1 * l - a1 * leftShelved + s2
      u1 = b1 * r - a1 * rightShelved + u2
      s2 = b2 * l - a2 * leftShelved
      u2 = b2 * r - a2 * rightShelved
      const leftOut = leftShelved + t1
      const rightOut = rightShelved + v1
      t1 = -2 * leftShelved - c1 * leftOut + t2
      v1 = -2 * rightShelved - c1 * rightOut + v2
      t2 = leftShelved - c2 * leftOut
      v2 = rightShelved - c2 * rightOut
      sum += leftOut * leftOut + rightOut * rightOut
    }
    leftState.set([flushed(s1), flushed(s2), flushed(t1), flushed(t2)])
    rightState.set([flushed(u1), flushed(u2), flushed(v1), flushed(v2)])
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
