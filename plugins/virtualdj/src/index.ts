// VirtualDJ, as listed: what it is called and what it cannot carry. The bodies load on use.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  importers: [
    {
      id: 'virtualdj',
      name: 'VirtualDJ',
      summary: 'The folder of VirtualDJ (database.xml, My Lists) on a drive',
      source: 'folder',
      loses: [],
      options: {},
      load: async () => (await import('./importer.js')).importer,
    },
  ],
  exporters: [
    {
      id: 'virtualdj',
      name: 'VirtualDJ',
      summary:
        'Into the folder of VirtualDJ: songs in database.xml, playlists in My Lists; other songs stay as they were',
      target: 'folder',
      loses: [
        'analysis',
        'energy',
        'fade-cues',
        'load-cues',
        'locks',
        'loudness',
        'memory-cues',
        'smart-rules',
        'tags',
      ],
      losesTags: [
        'albumArtist',
        'remixer',
        'producer',
        'grouping',
        'catalogNumber',
        'isrc',
        'releaseDate',
        'trackTotal',
        'discNumber',
      ],
      options: {},
      program: {processNames: ['virtualdj', 'virtualdj_pro', 'VirtualDJ8']},
      load: async () => (await import('./exporter.js')).exporter,
    },
  ],
}

export default plugin
