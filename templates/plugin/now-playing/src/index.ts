// What this plugin brings. Listing it imports nothing more; the body loads on use.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  nowPlaying: [
    {
      id: '__ID__',
      name: 'Text file',
      summary: 'A file that a program keeps at "Artist - Title" of what plays',
      load: async () => (await import('./now-playing.js')).nowPlaying,
    },
  ],
}

export default plugin
