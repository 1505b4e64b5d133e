// Energy on a DJ's scale of 1 to 10: how hard a track drives, not how loud its file is.
import type {Features} from './features.js'
import type {OnsetStrength} from './onset-strength.js'

const dbOf = (power: number): number => 10 * Math.log10(power + 1e-12)

/** The mean of the loudest half of the values: a long break does not make a track gentle. */
function loudHalf(values: Float32Array): number {
  const sorted = Float32Array.from(values)
    .sort()
    .subarray(Math.floor(values.length / 2))
  return sorted.length === 0 ? 0 : sorted.reduce((sum, value) => sum + value, 0) / sorted.length
}

const clamp = (value: number): number => Math.max(0, Math.min(1, value))

/**
 * 1 to 10 from loudness, tempo of attacks, kick and bass, and brightness, each 0 to 1 over the range that dance music
 * covers; null for silence.
 */
export function estimateEnergy(features: Features, strength: OnsetStrength, tempoBpm: number | null): number | null {
  if (features.loudnessLufs === null || strength.length === 0) return null
  const loudness = clamp((features.loudnessLufs + 22) / 16)
  const {power} = features.onsets
  const low = dbOf(loudHalf(power[0] ?? new Float32Array(0)))
  const mid = dbOf(loudHalf(power[1] ?? new Float32Array(0)) + loudHalf(power[2] ?? new Float32Array(0)))
  const high = dbOf(loudHalf(features.highPower))
  const weight = clamp((low - mid + 6) / 18)
  const brightness = clamp((high - mid + 30) / 24)
  const density = clamp(onsetsPerSecond(strength) / 9)
  const speed = tempoBpm === null ? 0.3 : clamp((tempoBpm - 70) / 100)
  const drive = 0.32 * loudness + 0.26 * density + 0.16 * weight + 0.14 * brightness + 0.12 * speed
  return Math.max(1, Math.min(10, Math.round(17 * drive - 4.5)))
}

function onsetsPerSecond(strength: OnsetStrength): number {
  const {sum, frameRateHz} = strength
  let count = 0
  for (let i = 2; i < sum.length - 2; i++) {
    const value = sum[i] as number
    if (value < 3) continue
    if (
      value > (sum[i - 1] as number) &&
      value > (sum[i - 2] as number) &&
      value >= (sum[i + 1] as number) &&
      value >= (sum[i + 2] as number)
    )
      count++
  }
  return (count * frameRateHz) / Math.max(1, sum.length)
}
