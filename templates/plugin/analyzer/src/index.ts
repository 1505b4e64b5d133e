// What this plugin brings. Listing it imports nothing more; the body loads on use.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  analyzers: [
    {
      id: '__ID__',
      summary: 'How squashed a master is: crest factor in dB, and how many samples are clipped',
      // Raise it when the results change: tracks are then analysed again.
      version: 1,
      // Fields of crate's own that it replaces; this one only adds its own, in `extra`.
      fields: [],
      load: async () => (await import('./analyzer.js')).analyzer,
    },
  ],
}

export default plugin
