// What this plugin brings. A source's descriptor says itself, by the text alone, what it takes.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  sources: [
    {
      id: '__ID__',
      summary: 'Files that end in .links: one address on each line, # before remarks',
      takes: (target) => /\.links$/i.test(target) && !/^https?:/i.test(target),
      load: async () => (await import('./source.js')).source,
    },
  ],
}

export default plugin
