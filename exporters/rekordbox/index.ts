// Rekordbox XML, as listed: what it is called and what it cannot carry. The bodies load on use.
import type {ExporterContribution, ImporterContribution} from '../../src/api/format.js'

/**
 * No `program`: the XML is a file of its own that Rekordbox only reads, so that writing it while Rekordbox runs is safe.
 */
export const rekordboxExporter: ExporterContribution = {
  id: 'rekordbox',
  name: 'Rekordbox XML',
  summary: 'A collection for Rekordbox: tracks, cues, loops, grids and playlists, for its “rekordbox xml” tree',
  target: 'file',
  fileName: 'rekordbox.xml',
  loses: [
    'analysis',
    'cue-precision',
    'energy',
    'hot-cues-above-8',
    'locks',
    'loudness',
    'memory-cue-color',
    'smart-rules',
    'tags',
    'time-of-day',
  ],
  losesTags: ['albumArtist', 'producer', 'catalogNumber', 'isrc', 'releaseDate', 'trackTotal'],
  options: {
    key: 'original, camelot, open-key or musical names of keys (original: as Rekordbox wrote them, else musical)',
    twins: 'memory sets a memory cue beside each hot cue (none)',
    aac: 'shift corrects positions of AAC files too (keep)',
    missing: 'warn of files that are not there, or ignore it (warn)',
  },
  // The menus of Rekordbox 5.6 to 7; what it has is not updated since 5.6.1.
  nextStep:
    'in Rekordbox, name the file once (Preferences › Advanced › rekordbox xml), then drag from that tree; import again what it has already',
  load: async () => (await import('./exporter.js')).createRekordboxExporter(),
}

export const rekordboxImporter: ImporterContribution = {
  id: 'rekordbox',
  name: 'Rekordbox XML',
  summary: 'A collection that Rekordbox exported (File → Export Collection in xml format)',
  source: 'file',
  loses: [],
  options: {aac: 'shift corrects positions of AAC files too (keep)'},
  load: async () => (await import('./importer.js')).importer,
}
