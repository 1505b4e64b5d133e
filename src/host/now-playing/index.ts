// What can tell crate which track plays, as listed; the bodies load on use.
import type {NowPlayingContribution} from '../../api/now-playing.js'

export const NOW_PLAYING: readonly NowPlayingContribution[] = [
  {
    id: 'traktor',
    name: 'Traktor (broadcast)',
    summary: "Traktor's broadcast to a local port (8000): what is heard, as artist and title",
    load: async () => (await import('./traktor.js')).traktorNowPlaying,
  },
  {
    id: 'serato',
    name: 'Serato DJ',
    summary: 'The history that Serato DJ writes while it plays, version 3 and 4',
    load: async () => (await import('./serato.js')).seratoNowPlaying,
  },
  {
    id: 'mixxx',
    name: 'Mixxx',
    summary: "The history of tonight in Mixxx's database",
    load: async () => (await import('./mixxx.js')).mixxxNowPlaying,
  },
  {
    id: 'osc',
    name: 'OSC',
    summary: '/crate/playing artist title, to a local UDP port (9010)',
    load: async () => (await import('./osc.js')).oscNowPlaying,
  },
]
