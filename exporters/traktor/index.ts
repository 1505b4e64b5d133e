// Traktor's collection.nml: the light face; reading and writing load on use.
import type {ExporterContribution, ImporterContribution} from '../../src/api/format.js'

const SUMMARY = "Traktor Pro's collection.nml, versions 14 to 20"

export const traktorExporter: ExporterContribution = {
  id: 'traktor',
  name: 'Traktor NML',
  summary: SUMMARY,
  target: 'file',
  fileName: 'collection.nml',
  // Of version 19; version 20 (--option version=20, or a collection of Traktor Pro 4) carries cue colours and flexible
  // grids as well. Colours of tracks become the nearest of seven.
  loses: [
    'analysis',
    'color',
    'cue-color',
    'energy',
    'flexible-grid',
    'hot-cues-above-8',
    'loudness',
    'smart-rules',
    'tags',
    'time-of-day',
  ],
  program: {processNames: ['Traktor', 'Traktor 2', 'Traktor Pro', 'Traktor Pro 2', 'Traktor Pro 3', 'Traktor Pro 4']},
  load: async () => (await import('./exporter.js')).exporter,
}

export const traktorImporter: ImporterContribution = {
  id: 'traktor',
  name: 'Traktor NML',
  summary: SUMMARY,
  source: 'file',
  loses: ['smart-rules'],
  load: async () => (await import('./importer.js')).importer,
}
