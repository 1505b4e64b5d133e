// What the tests of this format share beside the harness: the real files, and the way through importer and exporter.
import {exporter} from '../../../exporters/traktor/exporter.js'
import {importer} from '../../../exporters/traktor/importer.js'
import type {LibraryView} from '../../../src/api/format.js'
import type {Mp3HeaderCase, Track, TrackId} from '../../../src/core/track.js'
import {EMPTY_TAGS} from '../../../src/core/track.js'
import {audioTags, filesInMemory, type Imported, runImport, testContext} from '../harness.js'

/** Every file in the shared folder of this format. */
export const REAL_FILES = [
  'ddc-v19-traktor3.nml',
  'history/history_2010y11m21d_21h46m29s.nml',
  'history/history_2011y04m30d_15h59m34s.nml',
  'nmlutils-v19-collection.nml',
  'nmlutils-v19-collection_indexing.nml',
  'nmlutils-v19-cuepoints.nml',
  'nmlutils-v19-playlist.nml',
  'ryyckxxa-v15-collection.nml',
] as const

/** @param pieceBytes of a size that cuts through tags, names and letters */
export function importNml(
  nml: Uint8Array | string,
  {pieceBytes = 4093, headerCase = (_path: string): Mp3HeaderCase | null => null} = {},
): Promise<Imported> {
  return runImport(importer, {'': nml}, {pieceBytes, headerCase})
}

export interface ExportedNml {
  readonly bytes: Buffer
  readonly text: string
  readonly warnings: readonly string[]
}

export async function exportNml(
  library: LibraryView,
  target: Uint8Array | string | null = null,
  options: Readonly<Record<string, string>> = {},
): Promise<ExportedNml> {
  const chunks: Buffer[] = []
  const warnings: string[] = []
  const request = {
    library,
    target: filesInMemory(target === null ? {} : {'': target}, {pieceBytes: 4093}),
    audioTags: audioTags(),
    canWriteTags: false,
    shiftsPositions: true,
    options,
  }
  for await (const piece of exporter.export(request, testContext())) {
    if (piece.kind === 'warning') warnings.push(piece.message)
    else if (piece.kind === 'file') {
      if (piece.path !== '') throw new Error(`writes ${piece.path} beside the target`)
      for await (const chunk of piece.chunks) chunks.push(Buffer.from(chunk as Uint8Array))
    }
  }
  const bytes = Buffer.concat(chunks)
  return {bytes, text: bytes.toString('utf8'), warnings}
}

/** A track with nothing but its path, for a test to fill in what it is about. */
export function trackAt(path: string, rest: Partial<Track> = {}): Track {
  return {
    id: path as TrackId,
    file: {
      path,
      sizeBytes: null,
      modifiedAtMs: null,
      format: 'flac',
      durationMs: null,
      sampleRateHz: null,
      channels: null,
      bitDepth: null,
      bitRateKbps: null,
      mp3HeaderCase: null,
    },
    audioHash: null,
    tags: EMPTY_TAGS,
    tempoBpm: null,
    key: null,
    beatGrid: [],
    gridOrigin: null,
    isGridLocked: false,
    cues: [],
    analysis: null,
    ratingStars: null,
    colorRgb: null,
    playCount: 0,
    lastPlayedAt: null,
    addedAt: null,
    extras: {},
    ...rest,
  }
}
