// Essentia, as listed; its WebAssembly loads on use.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  analyzers: [
    {
      id: 'essentia',
      summary: 'Key, danceability and dynamics by Essentia, beside what crate finds',
      version: 1,
      fields: [],
      load: async () => (await import('./analyzer.js')).analyzer,
    },
  ],
}

export default plugin
