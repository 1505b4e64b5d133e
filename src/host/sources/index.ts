// The sources that crate ships, in the order in which they are asked.
import type {SourceContribution} from '../../api/source.js'
import {canonicalLink, parseSearchLink} from '../../core/download/link.js'

const isLink = (target: string) => /^[a-z][a-z0-9+.-]*:\/\//i.test(target)
const endsIn = (target: string, ending: RegExp) => ending.test(target.replace(/[?#].*$/, ''))

export const BUILT_IN_SOURCES: readonly SourceContribution[] = [
  {
    id: 'search',
    summary: 'a search: "ytsearch:Artist - Title", "scsearch5:words"',
    takes: (target) => parseSearchLink(target) !== null,
    load: async () => (await import('./links.js')).searches,
  },
  {
    id: 'feed',
    summary: 'an RSS or Atom feed: feed:https://…, a link or file that ends in .rss or .xml',
    takes: (target) => /^feed:/i.test(target) || endsIn(target, /\.(?:rss|xml|atom)$/i),
    load: async () => (await import('./feed.js')).feeds,
  },
  {
    id: 'links',
    summary: 'a link to a track, playlist, likes or channel',
    takes: (target) => isLink(target) || canonicalLink(target) !== null,
    load: async () => (await import('./links.js')).links,
  },
  {
    id: 'manifest',
    summary: 'a manifest.json whose files are not here yet',
    takes: (target) => endsIn(target, /\.json$/i),
    load: async () => (await import('./manifest.js')).manifests,
  },
  {
    id: 'list',
    summary: 'a .txt or .csv of titles or links',
    takes: (target) => endsIn(target, /\.(?:txt|csv|tsv)$/i),
    load: async () => (await import('./list.js')).lists,
  },
]
