// The last milliseconds: moves a grid so that its beats stand where the attacks begin, measured at the decimated rate.
import type {RetainedAudio} from './retained-audio.js'

const REACH_SECONDS = 0.05
/** Attacks of this many beats, spread over the track, are averaged. */
const MAX_BEATS = 400
const SMOOTH_SECONDS = 0.002

/** A kick's first edge may be weaker than the crest of its body some milliseconds later, and is where it begins. */
const FIRST_EDGE_SHARE = 0.7
const FIRST_EDGE_SECONDS = 0.012

/**
 * How far the beats should move, in ms (positive = later): to the first clear edge of the mean attack around them.
 *
 * 0 where no sound of any beat was kept.
 */
export function attackShiftMs(audio: RetainedAudio, beatsMs: readonly number[]): number {
  const profile = attackProfile(audio, beatsMs)
  if (profile === null) return 0
  const reach = (profile.length - 1) / 2
  const clear = profile.map((value, i) => weighted(value, (i - reach) / reach))
  const best = clear.indexOf(Math.max(...clear))
  let first = best
  for (let i = best - 1; i >= Math.max(1, best - Math.round(FIRST_EDGE_SECONDS * audio.rateHz)); i--) {
    const value = clear[i] as number
    const isPeak = value >= (clear[i - 1] as number) && value > (clear[i + 1] as number)
    if (isPeak && value >= FIRST_EDGE_SHARE * (clear[best] as number)) first = i
  }
  return ((first - reach) / audio.rateHz) * 1000
}

/**
 * The mean rise of the envelope within ±50 ms of the beats, one value per sample of the kept sound; each beat is scaled
 * to its own maximum, so that loud passages do not decide alone. Null where no sound of any beat was kept.
 */
export function attackProfile(audio: RetainedAudio, beatsMs: readonly number[]): Float64Array | null {
  const rate = audio.rateHz
  const reach = Math.round(REACH_SECONDS * rate)
  const smooth = Math.max(1, Math.round(SMOOTH_SECONDS * rate))
  const size = 2 * reach + 1
  const sound = new Float32Array(size + 2 * smooth)
  const mean = new Float64Array(size)
  const step = Math.max(1, Math.floor(beatsMs.length / MAX_BEATS))
  let used = 0
  for (let b = 0; b < beatsMs.length; b += step) {
    const centre = Math.round(((beatsMs[b] ?? 0) / 1000) * rate)
    if (centre < reach || !audio.read(centre - reach - smooth, sound)) continue
    const rise = attackRise(sound, smooth, size)
    if (rise === null) continue
    for (let i = 0; i < size; i++) mean[i] = (mean[i] as number) + (rise[i] as number)
    used++
  }
  return used === 0 ? null : mean
}

/** Beats are already placed to within a frame or two: what lies far off is another event. */
function weighted(value: number, distance: number): number {
  return value * (1 - 0.6 * distance * distance)
}

/** Energy of the 2 ms after each point minus that of the 2 ms before, at least 0, scaled to maximum 1. */
function attackRise(sound: Float32Array, smooth: number, size: number): Float64Array | null {
  const sums = new Float64Array(sound.length + 1)
  let previous = 0
  for (let i = 0; i < sound.length; i++) {
    const value = sound[i] as number
    // The first difference weighs up the attack's highs against a bass that runs on.
    const edge = Math.abs(value - previous)
    previous = value
    sums[i + 1] = (sums[i] as number) + edge
  }
  const rise = new Float64Array(size)
  let highest = 0
  for (let i = 0; i < size; i++) {
    const at = i + smooth
    const after = (sums[at + smooth] as number) - (sums[at] as number)
    const before = (sums[at] as number) - (sums[at - smooth] as number)
    const value = Math.max(0, after - before)
    rise[i] = value
    if (value > highest) highest = value
  }
  if (highest < 1e-4) return null
  return rise.map((value) => value / highest)
}
