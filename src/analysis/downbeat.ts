// Which beat of four is the one: where chords and sections change, with the snare on two and four.
import {type BeatFeatures, PITCH_CLASSES} from './beat-features.js'

const BEATS_PER_BAR = 4
/** Weights of the kinds of evidence, each scaled over the four candidates. */
const WEIGHTS = {harmony: 1, bass: 1, section: 1, kick: 0.3, backbeat: 0.5} as const

export interface DownbeatChoice {
  /** Index of the first downbeat among the beats, 0–3. */
  readonly firstDownbeat: number
  /** Lead over the next best, 0 = none. */
  readonly margin: number
}

export function findDownbeat(beats: BeatFeatures): DownbeatChoice {
  const scores = new Float64Array(BEATS_PER_BAR)
  addScaled(scores, meanPerPhase(tonalChange(beats.chroma, beats.count)), WEIGHTS.harmony)
  addScaled(scores, meanPerPhase(tonalChange(beats.bassChroma, beats.count)), WEIGHTS.bass)
  addScaled(scores, meanPerPhase(levelChange(beats)), WEIGHTS.section)
  addScaled(scores, meanPerPhase(beats.kick), WEIGHTS.kick)
  addScaled(scores, backbeat(beats), WEIGHTS.backbeat)
  let best = 0
  for (let phase = 1; phase < BEATS_PER_BAR; phase++)
    if ((scores[phase] as number) > (scores[best] as number)) best = phase
  const others = [...scores].filter((_, phase) => phase !== best)
  return {firstDownbeat: best, margin: (scores[best] as number) - Math.max(...others)}
}

/** Distance between the tones of the two beats before and the two from here on. */
function tonalChange(chroma: Float32Array, count: number): Float32Array {
  const change = new Float32Array(count)
  for (let beat = 2; beat < count - 1; beat++) {
    let dot = 0
    let before = 0
    let after = 0
    for (let i = 0; i < PITCH_CLASSES; i++) {
      const b = at(chroma, beat - 2, i) + at(chroma, beat - 1, i)
      const a = at(chroma, beat, i) + at(chroma, beat + 1, i)
      dot += a * b
      before += b * b
      after += a * a
    }
    if (before > 0 && after > 0) change[beat] = 1 - dot / Math.sqrt(before * after)
  }
  return change
}

function at(chroma: Float32Array, beat: number, pitchClass: number): number {
  return chroma[beat * PITCH_CLASSES + pitchClass] ?? 0
}

/** Change of level over all bands between the four beats before and the four from here on, squared: sections stand out. */
function levelChange(beats: BeatFeatures): Float32Array {
  const change = new Float32Array(beats.count)
  for (const level of beats.levelDb)
    for (let beat = 4; beat + 4 <= beats.count; beat++) {
      let difference = 0
      for (let i = 0; i < 4; i++) difference += (level[beat + i] as number) - (level[beat - 1 - i] as number)
      change[beat] = (change[beat] as number) + Math.min(400, (difference / 4) ** 2)
    }
  return change
}

/** For each candidate: the highs' attack on its beats two and four against one and three. */
function backbeat(beats: BeatFeatures): Float64Array {
  const snare = beats.attack[2] ?? new Float32Array(beats.count)
  const means = meanPerPhase(snare)
  return Float64Array.from({length: BEATS_PER_BAR}, (_, phase) => {
    const of = (beat: number): number => means[(phase + beat) % BEATS_PER_BAR] as number
    return of(1) + of(3) - of(0) - of(2)
  })
}

function meanPerPhase(values: Float32Array): Float64Array {
  const sums = new Float64Array(BEATS_PER_BAR)
  for (let i = 0; i < values.length; i++)
    sums[i % BEATS_PER_BAR] = (sums[i % BEATS_PER_BAR] as number) + (values[i] as number)
  return sums.map((sum) => (sum * BEATS_PER_BAR) / Math.max(1, values.length))
}

/** Adds evidence after scaling its spread over the candidates to 1, damped where they hardly differ. */
function addScaled(scores: Float64Array, evidence: Float64Array, weight: number): void {
  const mean = evidence.reduce((sum, value) => sum + value, 0) / evidence.length
  const size = evidence.reduce((sum, value) => sum + Math.abs(value), 0) / evidence.length
  const spread = Math.sqrt(evidence.reduce((sum, value) => sum + (value - mean) ** 2, 0) / evidence.length)
  if (spread <= 1e-9) return
  for (let i = 0; i < scores.length; i++)
    scores[i] = (scores[i] as number) + (weight * ((evidence[i] as number) - mean)) / (spread + 0.1 * size)
}
