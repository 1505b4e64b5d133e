// What this plugin brings. Listing it imports nothing more; the body loads on use.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  actions: [
    {
      id: '__ID__',
      summary: 'Notes the moment in a text file, to be looked at after the gig',
      load: async () => (await import('./action.js')).action,
    },
  ],
}

export default plugin
