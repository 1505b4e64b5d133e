// What yt-dlp complains of, sorted by what can be done about it.
import {CrateError, type ErrorCode} from '../../core/errors.js'

/**
 * `private` and `removed` stay so; `region`, `login` and `live` may change; `rate` and `server` pass with time;
 * `network` may be this machine's, `killed` is; the rest has to be looked at.
 */
export type Complaint =
  | 'private'
  | 'removed'
  | 'region'
  | 'login'
  | 'protected'
  | 'live'
  | 'rate'
  | 'server'
  | 'network'
  | 'killed'
  | 'unsupported'
  | 'redirects'
  | 'disk-full'
  | 'too-large'
  | 'outdated'
  | 'other'

/** In this order; the first that fits decides. Texts are those of yt-dlp and of the services that it passes on. */
const PATTERNS: readonly (readonly [Complaint, RegExp])[] = [
  ['disk-full', /no space left on device|errno 28\b|disk quota exceeded|errno 122\b/i],
  ['rate', /HTTP Error 429|too many requests|rate.?limit|confirm you.?re not a bot/i],
  ['redirects', /redirect(?:ion)? (?:error|loop)|infinite loop|too many redirects|HTTP Error 30\d/i],
  ['private', /\bprivate (?:video|track|playlist|media)|(?:video|track|this) is private|has been set to private/i],
  [
    'region',
    /not (?:made this video |made this content )?available (?:in|from) your (?:country|location|region)|geo.?(?:restrict|block)|blocked it in your country|in your country/i,
  ],
  ['protected', /\bDRM\b|drm.?protected/i],
  [
    'login',
    /sign in|log.?in|age.?restrict|confirm your age|members?.only|subscribers?.only|premium|cookies|authentication|HTTP Error 40[13]/i,
  ],
  ['live', /live event will begin|premieres in|is_live|live stream/i],
  [
    'removed',
    /(?:has been |was )(?:removed|deleted|terminated|taken down)|no longer (?:available|exists)|account .*terminated|video unavailable|does not exist|HTTP Error 4(?:04|10)|not found/i,
  ],
  ['server', /HTTP Error 5\d\d/i],
  [
    'outdated',
    /unable to extract|nsig|player|signature|please report this issue|confirm you are on the latest version/i,
  ],
  [
    'unsupported',
    /unsupported url|no suitable extractor|is not a valid url|no video formats|no media found|requested format is not available/i,
  ],
  [
    'network',
    /timed? ?out|connection (?:refused|reset|aborted)|name or service not known|getaddrinfo|temporary failure in name resolution|nodename nor servname|network is unreachable|remote end closed|incompleteread|unable to download webpage|ssl|certificate|did not get any data blocks|content too short|more expected|bytes read/i,
  ],
]

export function complaintFrom(text: string): Complaint {
  return PATTERNS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other'
}

/** Another try, later, may go through. */
export function isPassing(complaint: Complaint): boolean {
  return complaint === 'killed' || isOfHost(complaint)
}

/** The host, or the way to it, is in trouble: other pieces of it would meet the same. */
export function isOfHost(complaint: Complaint): boolean {
  return complaint === 'rate' || complaint === 'server' || complaint === 'network'
}

/** It will not come back by itself: not asked for again without being told to. */
export function isGone(complaint: Complaint): boolean {
  return complaint === 'private' || complaint === 'removed' || complaint === 'protected'
}

const MEANINGS: Readonly<Record<Complaint, readonly [code: ErrorCode, message: string, hint: string | null]>> = {
  private: ['NOT_AVAILABLE', 'it is private', null],
  removed: ['NOT_AVAILABLE', 'it is no longer there', null],
  region: ['NOT_AVAILABLE', 'the service does not offer it in your country', null],
  login: [
    'NOT_AVAILABLE',
    'the service wants a login for it',
    'With an account of yours: --cookies-from-browser firefox',
  ],
  protected: ['NOT_AVAILABLE', 'it is protected against copying, and crate leaves it so', null],
  live: ['NOT_AVAILABLE', 'it is a live stream, or has not begun', 'Try again when it is over.'],
  rate: [
    'NETWORK_FAILED',
    'the service asks for fewer requests (429)',
    'Run the command again later; what is done stays done.',
  ],
  server: [
    'NETWORK_FAILED',
    'the service has a fault of its own',
    'Run the command again later; what is done stays done.',
  ],
  network: [
    'NETWORK_FAILED',
    'the connection failed',
    'Check the network and run the command again; it goes on where it was.',
  ],
  killed: ['TOOL_FAILED', 'yt-dlp was ended by something else', 'Run the command again; it goes on where it was.'],
  unsupported: ['FORMAT_UNSUPPORTED', 'there is no music at this link that yt-dlp knows how to get', null],
  redirects: ['NETWORK_FAILED', 'the link leads in a circle', null],
  'disk-full': ['DISK_FULL', 'the disk is full', 'Free some space and run the command again; it goes on where it was.'],
  'too-large': ['FORMAT_UNSUPPORTED', 'it is larger than allowed', 'Allow more: --max-size 4000'],
  outdated: [
    'TOOL_FAILED',
    'this yt-dlp no longer understands the service',
    'Update it: crate doctor --install yt-dlp',
  ],
  other: ['TOOL_FAILED', 'yt-dlp could not get it', null],
}

/** The complaint as an error for the person, the program's own words after ours. */
export function complaintError(complaint: Complaint, link: string, text: string): CrateError {
  const [code, message, hint] = MEANINGS[complaint]
  const words = plainWords(text)
  return new CrateError(code, words === '' ? message : `${message} (${words})`, {
    hints: hint === null ? [] : [hint],
    details: {link, complaint, ytDlp: words},
  })
}

/** yt-dlp's message without its tails about reporting bugs, and without its markers. */
export function plainWords(text: string): string {
  return text
    .replace(/\p{Cc}\[[0-9;]*m/gu, '')
    .replace(/^ERROR:\s*/, '')
    .replace(/^\[[^\]]+\]\s+(?:\S+:\s+)?/, '')
    .replace(
      /[;,.]?\s*(?:please report this issue on|Confirm you are on the latest version|Use --|See\s+https?:|\(caused by).*$/is,
      '',
    )
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300)
}
