// What this plugin brings. Listing it imports nothing more; the body loads on use.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  importers: [
    {
      id: '__ID__',
      name: 'Cue list',
      summary: 'Lines of path, seconds and name, with tabs between: a cue for each',
      source: 'file',
      loses: [],
      load: async () => (await import('./importer.js')).importer,
    },
  ],
}

export default plugin
