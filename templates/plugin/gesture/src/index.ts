// What this plugin brings. Listing it imports nothing more; the body loads on use.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  gestures: [
    {
      id: '__ID__',
      summary: 'Hits: one gesture, told by how hard its takes were',
      recognizes: 'strokes',
      load: async () => (await import('./recognizer.js')).recognizer,
    },
  ],
}

export default plugin
