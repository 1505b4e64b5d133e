// CSV tables, as listed: what they are called and what they cannot carry. The bodies load on use.
import type {ExporterContribution, ImporterContribution, Loss} from '../../src/api/format.js'

/** One row a track: no playlists, and of a grid its first marker. */
const LOSES: readonly Loss[] = ['analysis', 'flexible-grid', 'playlists', 'smart-rules']

export const csvExporter: ExporterContribution = {
  id: 'csv',
  name: 'CSV',
  summary: 'A table of all tracks for spreadsheets and scripts (RFC 4180)',
  target: 'file',
  fileName: 'library.csv',
  loses: LOSES,
  options: {
    separator: 'comma, semicolon or tab between the columns (comma)',
    bom: 'yes puts the mark of UTF-8 in front, which Excel wants (no)',
  },
  load: async () => (await import('./exporter.js')).exporter,
}

export const csvImporter: ImporterContribution = {
  id: 'csv',
  name: 'CSV',
  summary: 'A table with a row of names and a column “path”; also with ; or tabs, and Rekordbox’s own text lists',
  source: 'file',
  loses: [],
  options: {},
  load: async () => (await import('./importer.js')).importer,
}
