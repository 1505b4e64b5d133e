// Timbre at the beats, by Meyda: what the sound is like when the drum hits and halfway to the next.
import meyda from 'meyda'
import type {RetainedAudio} from './retained-audio.js'

const FRAME_SIZE = 1024
/** Beats that are listened to, spread evenly: Meyda is a hundred times slower than our own transform. */
const MAX_BEATS = 64
const MFCC_COUNT = 13
const SHAPES = [
  'spectralCentroid',
  'spectralSpread',
  'spectralFlatness',
  'spectralRolloff',
  'spectralCrest',
  'zcr',
] as const

export interface TimbreFrame {
  /** Mel-frequency cepstral coefficients 1 to 12; the 0th, which is level, is left out. */
  readonly mfcc: readonly number[]
  /** Centroid, spread, flatness, rolloff (kHz), crest, zero crossings: in the order of SHAPES. */
  readonly shape: readonly number[]
}

export interface Timbre {
  readonly onBeat: readonly TimbreFrame[]
  readonly offBeat: readonly TimbreFrame[]
}

type Extract = (features: readonly string[], signal: Float32Array) => unknown

/** Meyda's published types describe an ES module, Node loads its CommonJS: both shapes are taken. */
const library = ('extract' in meyda ? meyda : (meyda as {default: unknown}).default) as {extract: Extract}

export function timbreAtBeats(audio: RetainedAudio, beatsMs: readonly number[]): Timbre {
  // Filter banks are cached by length alone, so another rate needs them made again.
  Object.assign(library, {
    bufferSize: FRAME_SIZE,
    sampleRate: audio.rateHz,
    numberOfMFCCCoefficients: MFCC_COUNT,
    barkScale: undefined,
    melFilterBank: undefined,
    chromaFilterBank: undefined,
  })
  const onBeat: TimbreFrame[] = []
  const offBeat: TimbreFrame[] = []
  const sound = new Float32Array(FRAME_SIZE)
  const count = Math.min(MAX_BEATS, beatsMs.length - 1)
  for (let n = 0; n < count; n++) {
    const beat = Math.floor(((n + 0.5) * (beatsMs.length - 1)) / count)
    const startMs = beatsMs[beat] ?? 0
    const halfMs = ((beatsMs[beat + 1] ?? startMs) - startMs) / 2
    const on = frameAt(audio, startMs, sound)
    const off = frameAt(audio, startMs + halfMs, sound)
    if (on !== null) onBeat.push(on)
    if (off !== null) offBeat.push(off)
  }
  return {onBeat, offBeat}
}

/** Null for silence and for sound that was not kept. */
function frameAt(audio: RetainedAudio, startMs: number, sound: Float32Array): TimbreFrame | null {
  if (!audio.read(Math.round((startMs / 1000) * audio.rateHz), sound)) return null
  let energy = 0
  for (const value of sound) energy += value * value
  if (energy / sound.length < 1e-8) return null
  const found = library.extract(['mfcc', ...SHAPES], sound) as Record<string, number> & {
    readonly mfcc: readonly number[]
  }
  const {mfcc} = found
  const shape = SHAPES.map((name) => found[name] as number)
  const scaled = shape.map((value, i) => (SHAPES[i] === 'spectralRolloff' ? value / 1000 : value))
  const frame = {mfcc: mfcc.slice(1, MFCC_COUNT), shape: scaled}
  return [...frame.mfcc, ...frame.shape].every(Number.isFinite) ? frame : null
}
