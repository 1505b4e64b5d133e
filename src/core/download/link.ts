// Links as people paste them, brought to one form, so that one piece is one link in the archive.

/** Parameters that say how someone came to the page, not what is on it. */
const TRACKING =
  /^(?:utm_.*|si|feature|pp|fbclid|gclid|igshid|ref|ref_src|in|ab_channel|app|t|start|start_radio|index|_ga|mc_cid|mc_eid|spm|share_id|dl|sub-?campaign)$/i

/** `scsearch3:words`, `ytsearch:words`; the number is how many results are meant, null where none is written. */
export interface SearchLink {
  readonly service: 'ytsearch' | 'scsearch'
  readonly count: number | null
  readonly words: string
}

export function parseSearchLink(text: string): SearchLink | null {
  const match = /^(ytsearch|scsearch)(\d{1,3})?:\s*(.+)$/isu.exec(text.trim())
  if (match === null) return null
  const words = onOneLine(match[3] ?? '')
  return words === ''
    ? null
    : {
        service: (match[1] ?? '').toLowerCase() === 'scsearch' ? 'scsearch' : 'ytsearch',
        count: match[2] === undefined ? null : Number(match[2]),
        words,
      }
}

/** A text without control characters and line breaks, so that it stays one argument and one line in every file. */
export function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029\s]+/gu, ' ').trim()
}

/**
 * The one form of an http(s) link; null for anything else (`file:`, `javascript:`, a bare word, credentials inside).
 * Known services lose what does not name the piece; unknown hosts keep path and query to the letter.
 */
export function canonicalLink(text: string): string | null {
  const trimmed = text.trim()
  if (!/^https?:\/\//i.test(trimmed) || /[\p{Cc}\s]/u.test(trimmed)) return null
  let url: URL
  try {
    url = new URL(trimmed)
  } catch {
    return null
  }
  if (url.username !== '' || url.password !== '' || url.hostname === '') return null
  const host = url.hostname.replace(/^(?:www|m|mobile)\./, '')
  if (host === 'youtu.be') return youtube(url.pathname.split('/')[1] ?? '', url)
  if (host === 'youtube.com' || host === 'music.youtube.com' || host === 'youtube-nocookie.com') {
    const [, first = '', second = ''] = url.pathname.split('/')
    if (first === 'watch') return youtube(url.searchParams.get('v') ?? '', url)
    if (first === 'shorts' || first === 'embed' || first === 'live') return youtube(second, url)
    if (first === 'playlist')
      return `https://www.youtube.com/playlist?list=${encodeURIComponent(url.searchParams.get('list') ?? '')}`
    return withoutTracking(url, 'www.youtube.com')
  }
  if (host === 'soundcloud.com') return withoutTracking(url, 'soundcloud.com').replace(/\/$/, '')
  if (host.endsWith('.bandcamp.com') || host === 'mixcloud.com') return withoutTracking(url, url.hostname)
  url.hash = ''
  return url.href
}

function youtube(id: string, url: URL): string {
  return /^[\w-]{11}$/.test(id) ? `https://www.youtube.com/watch?v=${id}` : url.href
}

function withoutTracking(url: URL, host: string): string {
  const clean = new URL(url.href)
  clean.protocol = 'https:'
  clean.hostname = host
  clean.hash = ''
  for (const name of [...clean.searchParams.keys()]) if (TRACKING.test(name)) clean.searchParams.delete(name)
  return clean.href
}

/** What limits and back-off are counted by. */
export function hostOfLink(link: string): string {
  const search = parseSearchLink(link)
  if (search !== null) return search.service === 'scsearch' ? 'soundcloud.com' : 'youtube.com'
  try {
    return new URL(link).host.replace(/^(?:www|m|music)\./, '')
  } catch {
    return ''
  }
}
