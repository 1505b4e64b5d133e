// Messy titles of services and lists, taken apart: who, what, which version, and what is only decoration.
import {fold} from '../query/fold.js'
import {type VersionKind, versionsIn} from './version.js'

export interface ParsedTitle {
  readonly artist: string | null
  readonly title: string
  /** As written: "Extended Mix", "Bicep Remix", "Live at Sonar 2019"; null where the title names none. */
  readonly mix: string | null
  /** Guests, as written after feat. */
  readonly guests: string | null
  readonly versions: ReadonlySet<VersionKind>
  /** Who made the remix, edit or bootleg, in folded words; empty where none is named. */
  readonly remixer: string
}

/** What the service knows beside the title; each may be null. */
export interface TitleHints {
  /** Channel or uploader. */
  readonly channel?: string | null
  /** Of services that know music. */
  readonly artist?: string | null
  readonly track?: string | null
}

const DASH = /\s+[-‐‑‒–—―−~]+\s+|\s*[–—―]\s*/u
const QUALITY = String.raw`h[dq]|hi-?res|4k|8k|\d{3,4}p|hd\s?\d+p|high quality|lossless|wav|flac|mp3|320\s?(?:kbps)?|vinyl rip`
const OFFICIAL = String.raw`(?:the )?(?:official|officiel|oficial|offizielles?)(?: (?:music|lyrics?|hd|4k|mv|m/v|audio|video|visuali[sz]er|clip|musik\w*|full|stream|release|track|version|vídeo|trailer))*`
const NOISE = new RegExp(
  `^(?:${OFFICIAL}|(?:music |full |lyrics? |clip )?(?:video|audio)(?: oficial| clip| officiel)?|m/?v|lyrics?(?: video| on screen)?|with lyrics|letra|sub(?:titulado)?s?.*|visuali[sz]er|clip officiel|${QUALITY}|explicit|dirty|` +
    String.raw`(?:out|available) (?:now|soon)!?.*|free (?:dl|d/l|download)!?.*|buy\s?=\s?free.*|download.*|premiere|exclusive|ncs release|no copyright.*|copyright free.*|` +
    String.raw`(?:4k|hd|ai|\d{3,4}p)[ -]?(?:upgrade|upscaled?|restored|remaster(?:ed)? in 4k)|(?:hq|hd) audio|audio only|full song|new (?:song|music|single)\s?\d*|from the album.*|prod\.?(?:uced)? (?:by )?.*|\d{4}|f/c .*|records?|official)$`,
  'iu',
)
const PREFIX =
  /^(?:\W*)(?:(?:video )?premiere|exclusive|free (?:dl|download)|out now|new music|ncs release|track of the day)\s*[:|\-–—]\s*/iu
const TRACK_NUMBER =
  /^(?:#?\d{1,3}\s*[.):]\s+|\d{2,3}\s+[-–—]\s+|0\d\s+(?=\S.*\s[-–—]\s)|[A-D]\d{1,2}\s*[.):]?\s+(?=.*\s[-–—]\s))/u
const GUESTS = /[\s(]+(?:feat\.?|ft\.?|featuring)\s+(.+)$/iu
const CATALOGUE = /^[\p{L}&.' ]{0,24}\d{2,4}[a-z]?$/iu

/**
 * Takes a title apart as people write them: "Premiere: Artist – Title (Someone Remix) [LABEL001] | Free Download".
 *
 * Nothing is invented: without a dash and without hints there is no artist.
 */
export function parseTitle(text: string, hints: TitleHints = {}): ParsedTitle {
  const channel = hints.channel ?? null
  const topic = channel === null ? null : topicArtist(channel)
  const given = hints.track ?? null
  const source = plainSpaces(given ?? text)
  const {bare, notes} = takeNotes(cutTails(source.replace(PREFIX, '').replace(TRACK_NUMBER, '')))
  const parts = splitQuoted(withoutNoiseTail(bare))
    .split(DASH)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const known = hints.artist ?? topic ?? null
  const names = partsByRole(parts, known)
  const tails: string[] = [...names.tails, ...notes]
  let title = names.title
  let guests: string | null = null
  const guestMatch = GUESTS.exec(` ${title}`)
  if (guestMatch !== null) {
    guests = guestMatch[1]?.replace(/\)+$/, '').trim() ?? null
    title = ` ${title}`.slice(0, guestMatch.index).trim()
  }
  let artist = names.artist ?? (known === null ? null : known.trim())
  const artistGuests = artist === null ? null : GUESTS.exec(artist)
  if (artist !== null && artistGuests !== null) {
    guests ??= artistGuests[1]?.trim() ?? null
    artist = artist.slice(0, artistGuests.index).trim()
  }
  const kept: string[] = []
  const mixes: string[] = []
  const versions = new Set<VersionKind>(versionsIn(bare, 'title'))
  let remixer = ''
  for (const note of tails) {
    const noteGuests = /^(?:feat\.?|ft\.?|featuring|with|w\/)\s+(.+)$/iu.exec(note)
    if (noteGuests !== null) {
      guests ??= noteGuests[1] ?? null
      continue
    }
    const found = versionsIn(note, 'note')
    for (const kind of found) versions.add(kind)
    if (found.size > 0) {
      if (found.size > 1 || !found.has('explicit')) mixes.push(note)
      if (found.has('remix')) remixer = remixerOf(note)
    } else if (!NOISE.test(note) && !CATALOGUE.test(note)) kept.push(note)
  }
  if (kept.length > 0 && names.tails.includes(kept[0] ?? '')) title = [title, ...kept.splice(0, 1)].join(' - ')
  const shown = [title, ...kept.map((note) => `(${note})`)].join(' ').trim()
  return {
    artist: artist === '' ? null : artist,
    title: unquoted(shown) || text.trim(),
    mix: mixes.length === 0 ? null : mixes.join(' '),
    guests,
    versions,
    remixer,
  }
}

/** "Artist - Topic" is what YouTube calls channels that labels deliver to; null for any other channel. */
export function topicArtist(channel: string): string | null {
  const match = /^(.+?)\s+-\s+(?:Topic|Thema|Tema|Sujet|Temat|Onderwerp)$/u.exec(channel.trim())
  return match?.[1] ?? null
}

/** The channel without what makes it a channel: VEVO, Official, Music, TV. */
export function artistFromChannel(channel: string): string {
  return (topicArtist(channel) ?? channel)
    .replace(/\s*vevo$/iu, '')
    .replace(/\s+(?:official(?: channel)?|music|tv|band|dj)$/iu, '')
    .replace(/^official\s+/iu, '')
    .trim()
}

/** Words to compare by: folded, letters and digits of every script, without the words that say nothing. */
export function wordsOf(text: string): string[] {
  return fold(text)
    .replace(/\$/g, 's')
    .replace(/\s&\s|\s\+\s/g, ' and ')
    .replace(/(\p{L})['’`´](?=\p{L})/gu, '$1')
    .replace(/(?<=\b\p{L})\.(?=\p{L}\b)/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !EMPTY_WORDS.has(word))
}

const EMPTY_WORDS: ReadonlySet<string> = new Set([
  'the',
  'a',
  'an',
  'and',
  'feat',
  'ft',
  'featuring',
  'with',
  'vs',
  'x',
  'pres',
  'by',
])

function plainSpaces(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .replace(/[【［「『〔]/gu, ' [')
    .replace(/[】］」』〕]/gu, '] ')
    .replace(/[（]/gu, ' (')
    .replace(/[）]/gu, ') ')
    .replace(/\s{2,}/gu, ' ')
    .trim()
}

/** "Artist - Title | Label // Free": what follows the bar is a version or talk of labels, unless the bar is the only thing that parts. */
function cutTails(text: string): string {
  const bars = text.split(/\s+(?:\|{1,2}|\/\/|•|‖)\s+/u)
  const [first = '', ...rest] = bars
  if (rest.length === 0) return text
  if (
    !DASH.test(first) &&
    rest.length === 1 &&
    !NOISE.test(rest[0] ?? '') &&
    versionsIn(rest[0] ?? '', 'note').size === 0
  )
    return `${first} - ${rest[0] ?? ''}`
  const versions = rest.filter((tail) => versionsIn(tail, 'note').size > 0)
  return [first, ...versions.map((tail) => `[${tail.replace(/[[\]()]/g, ' ').trim()}]`)].join(' ')
}

const NOISE_TAIL = new RegExp(
  String.raw`\s+(?:[-–—]\s+)?(?:${OFFICIAL}|(?:music|lyric) video|(?:hd|hq|4k|lyrics|audio)(?= *$))$`,
  'iu',
)

/** "… Official Video HD" without brackets. */
function withoutNoiseTail(text: string): string {
  const cut = text.replace(NOISE_TAIL, '').replace(NOISE_TAIL, '')
  return cut === '' ? text : cut
}

/** `M83 'Midnight City'`, `M83 "Midnight City"`: quotes part as a dash does where there is none. */
function splitQuoted(text: string): string {
  if (DASH.test(text)) return text
  const match = /^(\S.*?)[\s:]+["“‘']\s*(\S[^"”’]*\S)\s*["”’']$/u.exec(text)
  return match === null ? text : `${match[1] ?? ''} - ${match[2] ?? ''}`
}

function takeNotes(text: string): {bare: string; notes: string[]} {
  const notes: string[] = []
  let bare = text
  for (let round = 0; round < 8; round++) {
    const before = bare
    bare = bare.replace(/[([{]([^()[\]{}]*)[)\]}]/u, (_whole, inside: string) => {
      if (inside.trim() !== '') notes.push(inside.trim())
      return ' '
    })
    if (bare === before) break
  }
  return {
    bare: bare
      .replace(/[()[\]{}]/gu, ' ')
      .replace(/\s+/gu, ' ')
      .trim(),
    notes,
  }
}

/** "Strobe - Extended Mix" names no artist; "Sub Focus - Tidal Wave VIP" does. */
const VERSION_ALONE =
  /^(?:(?:original|extended|radio|club|dub|vip|instrumental|acoustic|live|single|album)(?: (?:mix|edit|version))?|(?:\d{4} )?remaster(?:ed)?(?: \d{4})?)$/iu

function partsByRole(
  parts: readonly string[],
  known: string | null,
): {artist: string | null; title: string; tails: string[]} {
  const [first = '', second, ...rest] = parts
  if (second === undefined) return {artist: null, title: first, tails: []}
  if (known !== null && !isSameName(first, known)) {
    // A label delivers the plain title: what follows a dash is its version.
    if (versionsIn(second, 'note').size > 0 || NOISE.test(second))
      return {artist: null, title: first, tails: [second, ...rest]}
    if (isSameName(second, known)) return {artist: second, title: first, tails: rest}
  }
  if (rest.length === 0 && VERSION_ALONE.test(second) && known === null)
    return {artist: null, title: first, tails: [second]}
  return {artist: first, title: second, tails: rest}
}

function isSameName(a: string, b: string): boolean {
  const [wordsA, wordsB] = [wordsOf(a), new Set(wordsOf(b))]
  return wordsA.length > 0 && wordsA.some((word) => wordsB.has(word))
}

function unquoted(text: string): string {
  const match = /^["“”'‘’](.+)["“”'‘’]$/u.exec(text)
  return (match?.[1] ?? text).replace(/[\s\-–—|:]+$/u, '').trim()
}

const REMIX_WORD =
  /\b(?:remix|rmx|re-?edit|edit|bootleg|rework|refix|flip|vip|dub|mix|version|mash-?up|remode|reinterpretation)\b/iu

/** "Bicep Remix", "remix by Bicep", "Bicep's 4am Rework" → `bicep`. */
function remixerOf(note: string): string {
  const by = /\b(?:remix(?:ed)?|rmx|edit(?:ed)?|rework(?:ed)?|bootleg|flip)\s+by\s+(.+)$/iu.exec(note)
  const name = by?.[1] ?? note.slice(0, REMIX_WORD.exec(note)?.index ?? note.length)
  return wordsOf(name.replace(/['’]s\b/gu, ''))
    .filter(
      (word) =>
        !/^(?:extended|club|radio|original|official|full|\d{4}|remix|rmx|short|long|vocal|instrumental)$/.test(word),
    )
    .join(' ')
}
