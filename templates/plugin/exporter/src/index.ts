// What this plugin brings. Listing it imports nothing more; the body loads on use.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  exporters: [
    {
      id: '__ID__',
      name: 'Set list',
      summary: 'Playlists as a text to print: number, artist, title, tempo and key',
      target: 'file',
      fileName: 'set-list.txt',
      loses: ['cue-name', 'grid', 'hot-cues', 'loops', 'memory-cues', 'tags'],
      settings: {
        notation: {
          type: 'string',
          summary: 'How keys are written.',
          choices: ['camelot', 'musical'],
          default: 'camelot',
        },
      },
      load: async () => (await import('./exporter.js')).exporter,
    },
  ],
}

export default plugin
