// Engine DJ, as listed: what it is called and what it cannot carry. The bodies load on use.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  importers: [
    {
      id: 'engine',
      name: 'Engine DJ',
      summary: 'A folder “Engine Library” of Engine DJ or Engine Prime (m.db), on a computer or a stick',
      source: 'folder',
      loses: [],
      options: {},
      load: async () => (await import('./importer.js')).importer,
    },
  ],
  exporters: [
    {
      id: 'engine',
      name: 'Engine DJ',
      summary: 'Into a folder “Engine Library” that Engine DJ 2 or newer made; its schema is not touched',
      target: 'folder',
      loses: [
        'analysis',
        'color',
        'energy',
        'fade-cues',
        'hot-cues-above-8',
        'loudness',
        'memory-cues',
        'play-count',
        'playlist-duplicates',
        'smart-rules',
        'tags',
      ],
      losesTags: [
        'albumArtist',
        'producer',
        'grouping',
        'mix',
        'catalogNumber',
        'isrc',
        'releaseDate',
        'trackTotal',
        'discNumber',
      ],
      options: {},
      program: {
        processNames: ['Engine DJ', 'Engine Prime', 'EngineDJ'],
        lockFiles: ['Database2/m.db-journal', 'Database2/m.db-wal'],
      },
      load: async () => (await import('./exporter.js')).exporter,
    },
  ],
}

export default plugin
