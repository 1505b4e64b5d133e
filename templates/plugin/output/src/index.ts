// What this plugin brings. Listing it imports nothing more; the body loads on use.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  outputs: [
    {
      id: '__ID__',
      summary: 'Writes every message as a line of JSON into a file, to look at afterwards',
      carries: ['midi', 'osc'],
      maxMessagesPerSecond: null,
      load: async () => (await import('./output.js')).output,
    },
  ],
}

export default plugin
