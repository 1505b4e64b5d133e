// Mixxx, as listed: what it is called and what it cannot carry. The bodies load on use.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  importers: [
    {
      id: 'mixxx',
      name: 'Mixxx',
      summary: 'The library of Mixxx (mixxxdb.sqlite): tracks, cues, loops, grids, playlists and crates',
      source: 'file',
      loses: [],
      options: {decoder: 'the MP3 decoder of that Mixxx: libmad, ffmpeg or coreaudio (libmad)'},
      load: async () => (await import('./importer.js')).importer,
    },
  ],
  exporters: [
    {
      id: 'mixxx',
      name: 'Mixxx',
      summary: 'Into the library of Mixxx (mixxxdb.sqlite): what it has besides is left as it was',
      target: 'file',
      fileName: 'mixxxdb.sqlite',
      loses: ['analysis', 'energy', 'folders', 'last-played', 'loudness', 'smart-rules', 'tags'],
      losesTags: ['label', 'remixer', 'producer', 'mix', 'catalogNumber', 'isrc', 'discNumber'],
      options: {decoder: 'the MP3 decoder of that Mixxx: libmad, ffmpeg or coreaudio (libmad)'},
      program: {processNames: ['mixxx'], lockFiles: ['mixxxdb.sqlite-journal', 'mixxxdb.sqlite-wal']},
      load: async () => (await import('./exporter.js')).exporter,
    },
  ],
}

export default plugin
