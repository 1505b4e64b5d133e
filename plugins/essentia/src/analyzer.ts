// Essentia's view of a track, in fields of its own beside crate's.
import type {Analyzer, JsonValue} from 'crate-dj/plugin'
import {type Essentia, loadEssentia, type Vector} from './library.js'
import {monoAtRate, RATE_HZ} from './samples.js'

/** Below, Essentia's loudness says that nothing is to be heard. */
const SILENCE_DB = -70
/** Of shorter pieces neither a key nor a dance can be told. */
const SHORTEST_SECONDS = 3

const UNKNOWN: Readonly<Record<string, JsonValue>> = {
  key: null,
  keyStrength: null,
  danceability: null,
  dynamicComplexityDb: null,
}

let essentia: Essentia | null = null

export const analyzer: Analyzer = {
  analyze({sampleRateHz, channels}, context) {
    const samples = monoAtRate(channels, sampleRateHz)
    if (samples.length < SHORTEST_SECONDS * RATE_HZ) return {fields: {}, extra: UNKNOWN}
    essentia ??= loadEssentia()
    const signal = essentia.arrayToVector(samples)
    try {
      return {fields: {}, extra: opinionOf(essentia, signal)}
    } catch (error) {
      // The WebAssembly throws the address of a message; it is of no use to anyone.
      throw typeof error === 'number' ? context.error('AUDIO_UNDECODABLE', 'Essentia gave up on this audio') : error
    } finally {
      signal.delete()
    }
  },
}

function opinionOf(essentia: Essentia, signal: Vector): Readonly<Record<string, JsonValue>> {
  const {dynamicComplexity, loudness} = essentia.DynamicComplexity(signal)
  if (loudness < SILENCE_DB) return UNKNOWN
  const {danceability, dfa} = essentia.Danceability(signal)
  dfa.delete()
  const {key, scale, strength} = keyOf(essentia, signal)
  return {
    key: strength > 0 ? `${key}${scale === 'minor' ? 'm' : ''}` : null,
    keyStrength: strength > 0 ? rounded(strength) : null,
    danceability: rounded(danceability),
    dynamicComplexityDb: rounded(dynamicComplexity),
  }
}

/** Essentia's defaults but for the profile, which Faraldo et al. made from electronic dance music (2016). */
function keyOf(essentia: Essentia, signal: Vector) {
  return essentia.KeyExtractor(signal, true, 4096, 4096, 12, 3500, 60, 25, 0.2, 'edma', RATE_HZ)
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 1000) / 1000 : null
}
