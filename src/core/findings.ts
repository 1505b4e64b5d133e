// Everything that one pass of analysis yields for a track, as it travels from the worker into the library.
import type {TrackAnalysis} from './track.js'

/** Overview peaks in three bands over the whole track, for screens, exporters and the dashboard. */
export interface Waveform {
  /** Length of one column. */
  readonly columnMs: number
  /** Peak per column, 0–255 linear, below about 150 Hz. Same length in all bands. */
  readonly low: Uint8Array
  /** About 150 Hz to 2.5 kHz. */
  readonly mid: Uint8Array
  /** Above about 2.5 kHz. */
  readonly high: Uint8Array
}

export interface Findings {
  /** Of the built-in analysis that made it; results of a lower version are computed again. */
  readonly version: number
  readonly durationMs: number
  readonly analysis: TrackAnalysis
  /** Position of sound in the similarity space, fixed length per version, unit-scaled; null for silence. */
  readonly embedding: Float32Array | null
  readonly waveform: Waveform
}
