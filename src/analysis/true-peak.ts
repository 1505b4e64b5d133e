// True peak after ITU-R BS.1770-4 annex 2: the highest value between the samples, by four-fold oversampling.
import {KERNEL_BLOCK, kernels} from './kernels.js'

const PHASES = 4
const TAPS_PER_PHASE = 12
const REACH = TAPS_PER_PHASE / 2

/** Windowed-sinc interpolator of 48 taps in four phases, each with gain 1 at 0 Hz. */
const PHASE_TAPS = Float32Array.from(
  Array.from({length: PHASES - 1}, (_, index) => {
    const fraction = (index + 1) / PHASES
    const taps = Float64Array.from({length: TAPS_PER_PHASE}, (_value, tap) => {
      const distance = tap - (REACH - 1) - fraction
      const hann = 0.5 + 0.5 * Math.cos((Math.PI * distance) / REACH)
      return (Math.sin(Math.PI * distance) / (Math.PI * distance)) * hann
    })
    const gain = taps.reduce((sum, tap) => sum + tap, 0)
    return [...taps.map((tap) => tap / gain)]
  }).flat(),
)

/**
 * Only gaps beside a sample of at least this share of the highest peak so far are looked into: below it, only a tone
 * that stays within a hair of the Nyquist frequency could still rise above that peak.
 */
const WORTH_A_LOOK = 0.6

/** Follows the highest absolute value of all channels. */
export class TruePeakMeter {
  private peak = 0
  private readonly tails: Float32Array[]

  constructor(channelCount: number) {
    this.tails = Array.from({length: channelCount}, () => new Float32Array(TAPS_PER_PHASE - 1))
  }

  push(channels: readonly Float32Array[]): void {
    for (const [index, channel] of channels.entries()) {
      const tail = this.tails[index]
      if (tail === undefined) continue
      const seam = new Float32Array(tail.length + Math.min(channel.length, tail.length))
      seam.set(tail)
      seam.set(channel.subarray(0, tail.length), tail.length)
      this.scan(seam)
      // Blocks overlap by the reach of the interpolator, so that no gap between samples is left out.
      for (let at = 0; at < channel.length; at += KERNEL_BLOCK - tail.length)
        this.scan(channel.subarray(at, at + KERNEL_BLOCK))
      if (channel.length >= tail.length) tail.set(channel.subarray(channel.length - tail.length))
      else tail.set(seam.subarray(seam.length - tail.length))
    }
  }

  private scan(samples: Float32Array): void {
    const {coefficients, input, truePeak} = kernels()
    coefficients.floats.set(PHASE_TAPS)
    input.set(samples)
    // The last vector may reach beyond the samples.
    input.fill(0, samples.length, samples.length + 8)
    this.peak = truePeak(samples.length, this.peak, WORTH_A_LOOK)
  }

  /** dBTP; null for digital silence. */
  truePeakDb(): number | null {
    for (const tail of this.tails) {
      const padded = new Float32Array(tail.length + TAPS_PER_PHASE)
      padded.set(tail)
      this.scan(padded)
    }
    return this.peak > 0 ? 20 * Math.log10(this.peak) : null
  }
}
