// M3U8 lists, as listed: what they are called and what they cannot carry. The bodies load on use.
import type {ExporterContribution, ImporterContribution, Loss} from '../../src/api/format.js'

/** A list names files, and nothing of what a DJ made of them. */
const LOSES: readonly Loss[] = [
  'analysis',
  'color',
  'comment',
  'cue-color',
  'cue-name',
  'date-added',
  'energy',
  'fade-cues',
  'grid',
  'hot-cues',
  'key',
  'last-played',
  'load-cues',
  'loops',
  'loudness',
  'memory-cues',
  'play-count',
  'rating',
  'smart-rules',
  'tags',
]

export const m3u8Exporter: ExporterContribution = {
  id: 'm3u8',
  name: 'M3U8 playlists',
  summary: 'One .m3u8 file for each playlist, in folders like theirs; every DJ program and player reads them',
  target: 'folder',
  loses: LOSES,
  // A line names artist and title; comments are counted by themselves.
  losesTags: [
    'album',
    'albumArtist',
    'genre',
    'label',
    'remixer',
    'composer',
    'producer',
    'grouping',
    'mix',
    'catalogNumber',
    'isrc',
    'year',
    'releaseDate',
    'trackNumber',
    'trackTotal',
    'discNumber',
  ],
  options: {
    paths: 'absolute, or relative to each list (absolute)',
    all: 'yes adds a list of all tracks, auto does where there is no playlist, no never (auto)',
    missing: 'warn of files that are not there, or ignore it (warn)',
  },
  load: async () => (await import('./exporter.js')).createM3u8Exporter(),
}

export const m3u8Importer: ImporterContribution = {
  id: 'm3u8',
  name: 'M3U8 playlists',
  summary: 'A .m3u8 or .m3u file, or a folder of them',
  source: 'folder',
  loses: [],
  options: {},
  load: async () => (await import('./importer.js')).createM3u8Importer(),
}
