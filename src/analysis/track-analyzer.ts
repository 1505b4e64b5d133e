// The face of this room: sound goes in block by block, findings come out; no files, no clock, no threads.
import {type CueScheme, DEFAULT_CUE_SCHEME} from '../core/cue-scheme.js'
import type {Findings} from '../core/findings.js'
import {beatFeatures, phraseBass} from './beat-features.js'
import {cuesFromSections, findMixPoints} from './cues.js'
import {type EmbeddingInput, embeddingFromValues, embeddingValues} from './embedding.js'
import {estimateEnergy} from './energy.js'
import {type AudioShape, FeatureExtractor, type Features} from './features.js'
import {findRhythm, type Rhythm} from './grid.js'
import {estimateKey, tuningCents} from './key.js'
import {type OnsetStrength, onsetStrength} from './onset-strength.js'
import {findSections} from './sections.js'
import {timbreAtBeats} from './timbre.js'
import {ANALYSIS_VERSION} from './version.js'

export interface AnalyzerOptions {
  /** Names and colours of the cues. */
  readonly cueScheme?: CueScheme
}

export interface TrackAnalyzer {
  /** Takes the next block, any length, one array of −1…1 per channel; the arrays may be reused afterwards. */
  push(channels: readonly Float32Array[]): void
  /** Ends the sound and tells what was found; call once. */
  finish(): Findings
}

/**
 * Analyses one track as a stream. Memory grows by about 8 KB per second of music for features, plus at most 60 MB of
 * decimated sound.
 */
export function createTrackAnalyzer(shape: AudioShape, options: AnalyzerOptions = {}): TrackAnalyzer {
  const extractor = new FeatureExtractor(shape)
  return {
    push: (channels) => extractor.push(channels),
    finish: () => findingsFromFeatures(extractor.finish(), options),
  }
}

/** Analyses sound that is already whole in memory. */
export function analyzePcm(
  pcm: {readonly sampleRateHz: number; readonly channels: readonly Float32Array[]},
  options: AnalyzerOptions = {},
): Findings {
  const analyzer = createTrackAnalyzer({sampleRateHz: pcm.sampleRateHz, channelCount: pcm.channels.length}, options)
  analyzer.push(pcm.channels)
  return analyzer.finish()
}

export function findingsFromFeatures(features: Features, options: AnalyzerOptions = {}): Findings {
  const scheme = options.cueScheme ?? DEFAULT_CUE_SCHEME
  const strength = onsetStrength(features.onsets)
  const rhythm = findRhythm(features, strength, tuningCents(features.pitches) ?? 0)
  const sections =
    rhythm === null ? [] : findSections(rhythm.beats, rhythm.beatsMs, rhythm.firstDownbeat, features.durationMs)
  const downbeatsMs = rhythm === null ? [] : rhythm.beatsMs.filter((_, beat) => beat % 4 === rhythm.firstDownbeat % 4)
  const mix = findMixPoints(sections, downbeatsMs, rhythm === null ? null : 60_000 / rhythm.tempoBpm)
  const energy = estimateEnergy(features, strength, rhythm?.tempoBpm ?? null)
  return {
    version: ANALYSIS_VERSION,
    durationMs: features.durationMs,
    analysis: {
      tempoBpm: rhythm?.tempoBpm ?? null,
      tempoConfidence: rhythm?.tempoConfidence ?? null,
      tempoAlternativesBpm: rhythm?.tempoAlternativesBpm ?? [],
      isTempoVariable: rhythm?.isTempoVariable ?? false,
      beatGrid: rhythm?.beatGrid ?? [],
      key: estimateKey(features.pitches, rhythm === null ? null : phraseBass(rhythm.beats, rhythm.firstDownbeat)),
      energy,
      loudnessLufs: features.loudnessLufs,
      truePeakDb: features.truePeakDb,
      sections,
      cues: cuesFromSections(sections, mix, scheme),
      mixInMs: mix.mixInMs,
      mixOutMs: mix.mixOutMs,
    },
    embedding:
      energy === null ? null : embeddingFromValues(embeddingValues(embeddingInput(features, strength, rhythm, energy))),
    waveform: features.waveform,
  }
}

const STEP_WITHOUT_GRID_MS = 500

/** What the similarity vector is made from; exported for the program that measures its scale. */
export function embeddingInput(
  features: Features,
  strength: OnsetStrength,
  rhythm: Rhythm | null,
  energy: number,
): EmbeddingInput {
  const steps = Array.from(
    {length: Math.ceil(features.durationMs / STEP_WITHOUT_GRID_MS)},
    (_, n) => n * STEP_WITHOUT_GRID_MS,
  )
  const beatsMs = rhythm?.beatsMs ?? steps
  return {
    timbre: timbreAtBeats(features.audio, beatsMs),
    beats: rhythm?.beats ?? beatFeatures(features, strength, beatsMs, 0),
    strength,
    grid: rhythm === null ? null : {clock: rhythm.clock, offset: rhythm.offset, tempoBpm: rhythm.tempoBpm},
    energy,
  }
}
