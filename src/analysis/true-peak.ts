// True peak after ITU-R BS.1770-4 annex 2: the highest value between the samples, by four-fold oversampling.

const PHASES = 4
const TAPS_PER_PHASE = 12
const REACH = TAPS_PER_PHASE / 2

/** Windowed-sinc interpolator of 48 taps in four phases, each with gain 1 at 0 Hz. */
const PHASE_TAPS: readonly Float64Array[] = Array.from({length: PHASES - 1}, (_, index) => {
  const fraction = (index + 1) / PHASES
  const taps = Float64Array.from({length: TAPS_PER_PHASE}, (_value, tap) => {
    const distance = tap - (REACH - 1) - fraction
    const hann = 0.5 + 0.5 * Math.cos((Math.PI * distance) / REACH)
    return (Math.sin(Math.PI * distance) / (Math.PI * distance)) * hann
  })
  const gain = taps.reduce((sum, tap) => sum + tap, 0)
  return taps.map((tap) => tap / gain)
})

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
      this.scan(channel)
      if (channel.length >= tail.length) tail.set(channel.subarray(channel.length - tail.length))
      else tail.set(seam.subarray(seam.length - tail.length))
    }
  }

  private scan(x: Float32Array): void {
    let peak = this.peak
    let threshold = peak * WORTH_A_LOOK
    const last = x.length - REACH
    for (let i = 0; i < x.length; i++) {
      const value = Math.abs(x[i] as number)
      if (value <= threshold) continue
      if (value > peak) peak = value
      if (i >= REACH - 1 && i < last) peak = Math.max(peak, peakBetween(x, i))
      if (i >= REACH && i <= last) peak = Math.max(peak, peakBetween(x, i - 1))
      threshold = peak * WORTH_A_LOOK
    }
    this.peak = peak
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

/** The highest of the three interpolated values between samples i and i + 1. */
function peakBetween(x: Float32Array, i: number): number {
  let highest = 0
  for (const taps of PHASE_TAPS) {
    let sum = 0
    for (let tap = 0; tap < TAPS_PER_PHASE; tap++) sum += (taps[tap] as number) * (x[i - REACH + 1 + tap] as number)
    const value = Math.abs(sum)
    if (value > highest) highest = value
  }
  return highest
}
