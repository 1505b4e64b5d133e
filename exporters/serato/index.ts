// Serato as a format: crates, `database V2` and the tags inside audio files. Nothing heavy loads here.
import type {ExporterContribution, ImporterContribution} from '../../src/api/format.js'

export const seratoExporter: ExporterContribution = {
  id: 'serato',
  name: 'Serato',
  summary: 'crates and the track list of a _Serato_ folder; cues, loops and grids inside audio files by --write-tags',
  target: 'folder',
  // Serato keeps neither stars nor memory cues; energy, loudness and sections of crate's analysis have no place.
  loses: [
    'analysis',
    'cue-precision',
    'energy',
    'fade-cues',
    'hot-cues-above-8',
    'last-played',
    'load-cues',
    'loudness',
    'memory-cues',
    'rating',
    'smart-rules',
    'tags',
  ],
  losesTags: ['albumArtist', 'producer', 'mix', 'catalogNumber', 'isrc', 'trackTotal'],
  options: {
    root: 'the root of the drive, where it cannot be told: root=/Volumes/USB',
    'memory-cues': 'pads puts memory cues on free pads (drop)',
  },
  program: {processNames: ['Serato DJ Pro', 'Serato DJ Lite', 'Serato DJ Intro', 'Serato DJ', 'Scratch Live']},
  load: async () => (await import('./exporter.js')).seratoExport,
}

export const seratoImporter: ImporterContribution = {
  id: 'serato',
  name: 'Serato',
  summary:
    'crates, smart crates, track list and history of a _Serato_ folder; cues, loops and grids inside audio files',
  source: 'folder',
  loses: [],
  options: {root: 'the root of the drive, where it cannot be told: root=/Volumes/USB'},
  load: async () => (await import('./importer.js')).seratoImport,
}
