// crate's own JSON, as listed. The bodies load on use.
import type {ExporterContribution, ImporterContribution} from '../../src/api/format.js'

export const jsonExporter: ExporterContribution = {
  id: 'json',
  name: 'JSON',
  summary: 'Everything that crate knows of its tracks and playlists, for scripts and for keeping (docs/json-format.md)',
  target: 'file',
  fileName: 'library.json',
  loses: [],
  options: {},
  load: async () => (await import('./exporter.js')).exporter,
}

export const jsonImporter: ImporterContribution = {
  id: 'json',
  name: 'JSON',
  summary: 'A library that crate exported as JSON',
  source: 'file',
  /** Analysis is made from the audio again; an import never brings it. */
  loses: ['analysis', 'energy', 'loudness'],
  options: {},
  load: async () => (await import('./importer.js')).importer,
}
