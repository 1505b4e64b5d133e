// Values of the domain for the tests of the store, each complete with what a test does not care about.
import type {Findings} from '../../src/core/findings.js'
import {type AudioFile, EMPTY_TAGS, type Tags, type TrackAnalysis} from '../../src/core/track.js'

export function audioFile(path: string, facts: Partial<AudioFile> = {}): AudioFile {
  return {
    path,
    sizeBytes: 1000,
    modifiedAtMs: 1_700_000_000_123.5,
    format: 'flac',
    durationMs: 300_000,
    sampleRateHz: 44_100,
    channels: 2,
    bitDepth: 16,
    bitRateKbps: 900,
    mp3HeaderCase: null,
    ...facts,
  }
}

export function tags(given: Partial<Tags>): Tags {
  return {...EMPTY_TAGS, ...given}
}

export function analysis(given: Partial<TrackAnalysis> = {}): TrackAnalysis {
  return {
    tempoBpm: 128,
    tempoConfidence: 0.9,
    tempoAlternativesBpm: [64],
    isTempoVariable: false,
    beatGrid: [{positionMs: 100, tempoBpm: 128, beatInBar: 1}],
    key: {tonic: 'A', mode: 'minor', confidence: 0.8, tuningCents: 3},
    energy: 7,
    loudnessLufs: -8.5,
    truePeakDb: -0.3,
    sections: [],
    cues: [],
    mixInMs: null,
    mixOutMs: null,
    ...given,
  }
}

export function findings(given: Partial<Findings> = {}, found: Partial<TrackAnalysis> = {}): Findings {
  return {
    version: 1,
    durationMs: 300_000,
    analysis: analysis(found),
    embedding: Float32Array.of(1, 0, 0, 0),
    waveform: {columnMs: 10, low: Uint8Array.of(1, 2), mid: Uint8Array.of(3, 4), high: Uint8Array.of(5, 255)},
    ...given,
  }
}
