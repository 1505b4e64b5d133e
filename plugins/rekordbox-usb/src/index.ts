// A stick that Rekordbox exported for CDJs, as listed; the readers load on use.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  importers: [
    {
      id: 'rekordbox-usb',
      name: 'Rekordbox USB',
      summary: 'A stick or card that Rekordbox exported for players (its folder PIONEER)',
      source: 'folder',
      // Phrases (PSSI) and waveforms; an import carries no analysis.
      loses: ['analysis'],
      options: {},
      load: async () => (await import('./importer.js')).importer,
    },
  ],
}

export default plugin
