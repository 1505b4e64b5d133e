// Makes the raw flux of each band comparable: local mean out, outliers clipped, same weight for loud and quiet bands.
import type {OnsetFrames} from './onset.js'

const MEAN_REACH_SECONDS = 0.4
/** Values above this multiple of the band's own RMS say no more than "here is an onset". */
const CLIP_AT_RMS = 4

export interface OnsetStrength {
  readonly frameRateHz: number
  readonly length: number
  /** Per band, 0 where nothing begins, RMS 1 (all zeros for a band without any onset). */
  readonly bands: readonly Float32Array[]
  /** Sum of the bands. */
  readonly sum: Float32Array
}

export function onsetStrength(onsets: OnsetFrames): OnsetStrength {
  const reach = Math.round(MEAN_REACH_SECONDS * onsets.frameRateHz)
  const bands = onsets.flux.map((flux) => normalised(flux, reach))
  const sum = new Float32Array(onsets.length)
  for (const band of bands) for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (band[i] as number)
  return {frameRateHz: onsets.frameRateHz, length: onsets.length, bands, sum}
}

function normalised(flux: Float32Array, reach: number): Float32Array {
  const length = flux.length
  const out = new Float32Array(length)
  let sum = 0
  let count = 0
  for (let i = 0; i < Math.min(reach, length); i++) {
    sum += flux[i] as number
    count++
  }
  let energy = 0
  for (let i = 0; i < length; i++) {
    if (i + reach < length) {
      sum += flux[i + reach] as number
      count++
    }
    if (i - reach - 1 >= 0) {
      sum -= flux[i - reach - 1] as number
      count--
    }
    const value = Math.max(0, (flux[i] as number) - sum / count)
    out[i] = value
    energy += value * value
  }
  const rms = Math.sqrt(energy / Math.max(1, length))
  if (rms < 1e-6) return out.fill(0)
  for (let i = 0; i < length; i++) out[i] = Math.min(CLIP_AT_RMS, (out[i] as number) / rms)
  return out
}
