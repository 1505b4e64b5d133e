// Analysers: decoded audio → fields of a track, versioned so that stored results expire.
import type {JsonValue} from '../core/json.js'
import type {TrackAnalysis} from '../core/track.js'
import type {Context} from './context.js'
import type {Contribution} from './contribution.js'

/** Decoded audio from the first audible sample on: encoder delay and padding are cut off where the file tells them. */
export interface Pcm {
  readonly sampleRateHz: number
  /** One or two channels of equal length, −1 to 1. */
  readonly channels: readonly Float32Array[]
}

export interface AnalyzerResult {
  /** Fields that replace crate's own, only those declared in `fields`. */
  readonly fields: Partial<TrackAnalysis>
  /** Fields of this analyser's own, stored beside and shown under its id. */
  readonly extra?: Readonly<Record<string, JsonValue>>
}

export interface Analyzer {
  /** Runs in a worker thread; must not keep `pcm` after it returns. */
  analyze(pcm: Pcm, context: Context): Promise<AnalyzerResult> | AnalyzerResult
}

export interface AnalyzerContribution extends Contribution<Analyzer> {
  /** A whole number; results of a lower one are computed again. */
  readonly version: number
  /** Fields of TrackAnalysis that it fills in place of crate's own; empty where it only adds its own. */
  readonly fields: readonly (keyof TrackAnalysis)[]
}
