// Traktor's collection.nml: the light face; reading and writing load on use.
import type {ExporterContribution, ImporterContribution, Loss} from '../../src/api/format.js'

const SUMMARY = "Traktor Pro's collection.nml, versions 14 to 20"

/** Of version 19, the one that most programs read. */
const LOSES: readonly Loss[] = [
  'analysis',
  'color',
  'cue-color',
  'energy',
  'flexible-grid',
  'hot-cues-above-8',
  'loop-locks',
  'loudness',
  'smart-rules',
  'tags',
  'time-of-day',
]

/** What version 20 (Traktor Pro 4) has a place for. */
const CARRIED_FROM_20: readonly Loss[] = ['cue-color', 'flexible-grid']

export function lossesOfVersion(version: number): readonly Loss[] {
  return version >= 20 ? LOSES.filter((loss) => !CARRIED_FROM_20.includes(loss)) : LOSES
}

export const traktorExporter: ExporterContribution = {
  id: 'traktor',
  name: 'Traktor NML',
  summary: SUMMARY,
  target: 'file',
  fileName: 'collection.nml',
  // Colours of tracks become the nearest of seven.
  loses: LOSES,
  losesTags: ['albumArtist', 'composer', 'grouping', 'isrc', 'discNumber'],
  options: {
    version: '19 for Traktor 2.11 and later, 20 for Traktor Pro 4, of a new file (19)',
    volume: 'name of the system disk of a Mac, or none (Macintosh HD)',
    cues: 'merge, replace or keep what Traktor has (merge)',
    grid: 'merge, replace or keep what Traktor has (merge)',
    playlists: 'merge, replace or keep what Traktor has (merge)',
  },
  program: {processNames: ['Traktor', 'Traktor 2', 'Traktor Pro', 'Traktor Pro 2', 'Traktor Pro 3', 'Traktor Pro 4']},
  load: async () => (await import('./exporter.js')).exporter,
}

export const traktorImporter: ImporterContribution = {
  id: 'traktor',
  name: 'Traktor NML',
  summary: SUMMARY,
  source: 'file',
  loses: ['smart-rules'],
  options: {},
  load: async () => (await import('./importer.js')).importer,
}
