// Libraries in temporary folders for the tests of the store, with a clock and ids that can be told beforehand.
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'
import type {Findings} from '../../src/core/findings.js'
import {type AudioFile, EMPTY_TAGS, type Tags, type TrackAnalysis} from '../../src/core/track.js'
import {type Library, type LibraryOptions, openLibrary} from '../../src/store/library.js'

export const NOW_MS = Date.UTC(2026, 5, 15, 12)

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'crate-store-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  return folder
}

export function openTemporary(folder = temporaryFolder(), options: LibraryOptions = {}): Library {
  let count = 0
  const library = openLibrary(folder, {
    nowMs: () => NOW_MS,
    newId: () => `id${String(++count).padStart(4, '0')}`,
    ...options,
  })
  onTestFinished(() => library.close())
  return library
}

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
