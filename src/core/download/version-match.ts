// Which of several search results is the piece that a list asks for; every score says why.
import {artistFromChannel, type ParsedTitle, parseTitle, topicArtist, wordsOf} from './title.js'
import {type VersionKind, versionsIn} from './version.js'

export interface WantedPiece {
  readonly artist: string | null
  /** With its version, as written: "Glue (Bicep Remix)". */
  readonly title: string
  readonly durationMs: number | null
}

/** A search result, as services tell it without opening its page. */
export interface Candidate {
  readonly link: string
  readonly title: string
  readonly channel: string | null
  /** Of services that know music. */
  readonly artist: string | null
  readonly track: string | null
  readonly durationMs: number | null
  readonly viewCount: number | null
  readonly isVerified: boolean
  readonly isLive: boolean
}

export interface MatchReason {
  readonly kind: 'title' | 'artist' | 'version' | 'duration' | 'channel' | 'rivals'
  readonly text: string
  /** 0 (excludes it) to 1 (speaks for it). */
  readonly score: number
}

export interface ScoredCandidate {
  readonly candidate: Candidate
  /** 0 to 1; 0 where one reason excludes it. */
  readonly score: number
  readonly reasons: readonly MatchReason[]
}

/** `sure` may be fetched, `doubtful` is for a person to choose from `ranked`, `none` means that nothing fits. */
export interface Verdict {
  readonly kind: 'sure' | 'doubtful' | 'none'
  /** Best first; those that score 0 come last, in the order of the search. */
  readonly ranked: readonly ScoredCandidate[]
}

/** From this score on, and this far ahead of another recording, a candidate is taken without asking. */
export const SURE = {score: 0.72, lead: 0.05} as const
export const DOUBTFUL_SCORE = 0.3

const second = 1000
const minute = 60 * second
/** Differences up to here, and what they are worth. Uploads carry a second or two of silence; videos carry intros. */
const DURATION_STEPS: readonly (readonly [differenceMs: number, score: number])[] = [
  [2.5 * second, 1],
  [6 * second, 0.96],
  [12 * second, 0.85],
  [25 * second, 0.6],
  [45 * second, 0.4],
]

/** Words that make another recording; the others (original, explicit, remaster) leave it the same or nearly. */
const OTHER_RECORDING: readonly VersionKind[] = [
  'remix',
  'vip',
  'dub',
  'live',
  'acoustic',
  'cover',
  'karaoke',
  'instrumental',
  'acapella',
  'sped-up',
  'slowed',
  'nightcore',
  'loop',
  'clean',
  'preview',
  'set',
  'mashup',
  'effect',
  'demo',
  'rerecorded',
  'talk',
  'parts',
]

/** Kinds that a channel's name gives away: "Nightcore Reality", "Sing King Karaoke". */
const CHANNEL_KINDS: readonly VersionKind[] = [
  'cover',
  'karaoke',
  'nightcore',
  'sped-up',
  'slowed',
  'effect',
  'loop',
  'instrumental',
]

const NAMES: Readonly<Partial<Record<VersionKind, string>>> = {
  radio: 'a radio edit',
  extended: 'an extended version',
  remix: 'a remix',
  live: 'a live take',
  cover: 'a cover',
  loop: 'a loop',
  set: 'a whole set or album',
  preview: 'a preview',
  effect: 'an altered version',
  talk: 'not the music itself',
  mashup: 'a mash-up',
  parts: 'a DJ edit',
  rerecorded: 'another recording',
}

export function matchVersion(wanted: WantedPiece, candidates: readonly Candidate[]): Verdict {
  const piece = parseTitle(wanted.title, {artist: wanted.artist})
  const scored = candidates.map((candidate, index) => ({...scoreCandidate(wanted, piece, candidate), index}))
  scored.sort((a, b) => b.score - a.score || a.index - b.index)
  const [best] = scored
  if (best === undefined || best.score < DOUBTFUL_SCORE) return {kind: 'none', ranked: scored.map(withoutIndex)}
  const rival = scored.find((other) => other !== best && isAnotherRecording(best.candidate, other.candidate))
  const lead = best.score - (rival?.score ?? 0)
  // A duration that fits to the second decides by itself; without one, two lengths of one title are a question.
  const isSure = best.score >= SURE.score && lead >= SURE.lead
  if (isSure || best.score < SURE.score) return {kind: isSure ? 'sure' : 'doubtful', ranked: scored.map(withoutIndex)}
  const text = `"${rival?.candidate.title ?? ''}" fits as well and has another length`
  const ranked = scored.map((one) =>
    one === best ? {...one, reasons: [...one.reasons, {kind: 'rivals' as const, text, score: 0.5}]} : one,
  )
  return {kind: 'doubtful', ranked: ranked.map(withoutIndex)}
}

function withoutIndex({candidate, score, reasons}: ScoredCandidate): ScoredCandidate {
  return {candidate, score, reasons}
}

/** The same recording uploaded twice has the same length; then it does not matter which of the two is taken. */
function isAnotherRecording(a: Candidate, b: Candidate): boolean {
  return a.durationMs === null || b.durationMs === null || Math.abs(a.durationMs - b.durationMs) > 4 * second
}

/** @param piece the wanted title taken apart, once for all candidates */
function scoreCandidate(wanted: WantedPiece, piece: ParsedTitle, candidate: Candidate): ScoredCandidate {
  const found = inOrder(
    parseTitle(candidate.title, {channel: candidate.channel, artist: candidate.artist, track: candidate.track}),
    piece,
    wanted.artist,
  )
  const reasons = [
    titleReason(piece, found, candidate, wanted.durationMs),
    artistReason(wanted.artist ?? piece.artist, found, candidate, wanted),
    versionReason(piece, found, candidate, wanted.durationMs, wanted.artist ?? piece.artist),
    durationReason(wanted.durationMs, candidate, piece.versions),
    channelReason(wanted.artist ?? piece.artist, candidate),
  ]
  const score = reasons.reduce((product, reason) => product * reason.score, 1)
  return {candidate, score: Math.round(score * 1000) / 1000, reasons}
}

/** "Song - Artist" brought to artist and title, where the words leave no doubt that it is meant so. */
function inOrder(found: ParsedTitle, piece: ParsedTitle, wantedArtist: string | null): ParsedTitle {
  const artist = wantedArtist ?? piece.artist
  if (artist === null || found.artist === null) return found
  const same = (a: string, b: string) => {
    const [wordsA, wordsB] = [wordsOf(a), wordsOf(b)]
    return wordsA.length > 0 && wordsA.length === wordsB.length && coverage(wordsA, wordsB) === 1
  }
  const isTurned = same(found.artist, piece.title) && same(found.title, artist) && !same(piece.title, artist)
  return isTurned ? {...found, artist: found.title, title: found.artist} : found
}

/** The share of words of `needles` that are among `words`, with one letter wrong allowed in long ones. */
function coverage(needles: readonly string[], words: readonly string[]): number {
  if (needles.length === 0) return 1
  const known = new Set(words)
  const joined = words.join('')
  const hits = needles.filter(
    (needle) =>
      known.has(needle) ||
      (needle.length >= 5 && (words.some((word) => isNear(needle, word)) || joined.includes(needle))) ||
      (/^\d+\p{L}+$/u.test(needle) && joined.includes(needle)),
  ).length
  if (hits < needles.length && needles.join('').length >= 5 && joined.includes(needles.join(''))) return 1
  return hits / needles.length
}

/** At most one letter added, dropped, changed or swapped with the next. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || Math.min(a.length, b.length) < 5 || /^\d+$/.test(a)) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const [restA, restB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  if (restA.length <= 1 && restB.length <= 1) return true
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0]
}

function titleReason(
  piece: ParsedTitle,
  found: ParsedTitle,
  candidate: Candidate,
  durationMs: number | null,
): MatchReason {
  const wantedWords = wordsOf(piece.title)
  const titleWords = wordsOf(found.title)
  const allWords = [
    ...titleWords,
    ...wordsOf(found.artist ?? ''),
    ...wordsOf(candidate.channel ?? ''),
    ...wordsOf(found.guests ?? ''),
  ]
  const share = coverage(
    wantedWords,
    piece.artist === null ? allWords : [...titleWords, ...wordsOf(found.artist ?? '')],
  )
  const explained = [
    ...wantedWords,
    ...wordsOf(piece.artist ?? ''),
    ...wordsOf(piece.guests ?? ''),
    ...wordsOf(found.guests ?? ''),
    ...wordsOf(piece.mix ?? ''),
    ...wordsOf(artistFromChannel(candidate.channel ?? '')),
  ]
  const extra = titleWords.filter((word) => coverage([word], explained) === 0)
  const foreignArtist =
    piece.artist === null
      ? wordsOf(found.artist ?? '').filter(
          (word) => coverage([word], [...wantedWords, ...wordsOf(candidate.channel ?? '')]) === 0,
        )
      : []
  const weightOf = extraWeight(wantedWords, found, isSameLength(durationMs, candidate.durationMs))
  const extraCount = extra.reduce((sum, word) => sum + weightOf(word), foreignArtist.length)
  const extraShare = extraCount / Math.max(1, titleWords.length + foreignArtist.length)
  if (share < 0.6) return {kind: 'title', text: `"${candidate.title}" is another title`, score: 0}
  // A bracket that nobody knows may be a version without the word for it: "(Beatless)". Only the length can tell.
  const isOpen = !isSameLength(durationMs, candidate.durationMs) && unknownBrackets(found.title, explained).length > 0
  const score = share ** 2 * (1 - 0.75 * extraShare) * (piece.artist === null ? 0.95 : 1) * (isOpen ? 0.75 : 1)
  if (share === 1 && extraShare === 0) return {kind: 'title', text: 'the title is the same', score}
  const what = extra.length > 0 ? `has more words (${extra.join(' ')})` : 'is not quite the same'
  return {kind: 'title', text: `the title ${what}`, score}
}

/** Words in brackets of a parsed title, which are neither versions nor noise, that nothing explains. */
function unknownBrackets(title: string, explained: readonly string[]): string[] {
  const words = [...title.matchAll(/\(([^()]*)\)/gu)].flatMap(([, inside = '']) => wordsOf(inside))
  return words.filter((word) => coverage([word], explained) === 0)
}

/**
 * How much a word that was not asked for speaks against a title. In a bracket it is mostly a second name of the song,
 * which the same length confirms ("Running Up That Hill (A Deal With God)"); Latin words beside a title in another
 * script are its translation.
 */
function extraWeight(
  wantedWords: readonly string[],
  found: ParsedTitle,
  isSameLengthMs: boolean,
): (word: string) => number {
  const isLatin = (text: string) => /\p{Script=Latin}/u.test(text)
  const isAbroad = wantedWords.length > 0 && !wantedWords.some(isLatin)
  const bracketed = new Set(unknownBrackets(found.title, wantedWords))
  return (word) => {
    if (isAbroad && isLatin(word)) return 0.25
    return isSameLengthMs && bracketed.has(word) ? 0.3 : 1
  }
}

function artistReason(
  artist: string | null,
  found: ParsedTitle,
  candidate: Candidate,
  wanted: WantedPiece,
): MatchReason {
  if (artist === null) return unnamedArtistReason(found, candidate, wanted)
  // A name without letters, "!!!", has no words to compare.
  if (wordsOf(artist).length === 0 && artist.trim() === found.artist?.trim())
    return {kind: 'artist', text: `by ${artist}`, score: 1}
  const names = artist.split(
    /\s*(?:,|;|&|\+|\/|\bfeat\.?\s|\bft\.?\s|\bfeaturing\s|\bvs\.?\s|\bpres\.?\s|\s+x\s+|\band\b)\s*/iu,
  )
  const inTitle = [...wordsOf(found.artist ?? ''), ...wordsOf(found.title), ...wordsOf(found.guests ?? '')]
  const inChannel = wordsOf(artistFromChannel(candidate.channel ?? ''))
  const known = [...inTitle, ...inChannel]
  const main = names.map(wordsOf).filter((words) => words.length > 0)
  // Of "A & B" either may stand for both, the first rather.
  const shares = main.map((words, index) => coverage(words, known) * (index === 0 ? 1 : 0.9))
  const mainShare = shares.length === 0 ? coverage(wordsOf(artist), known) : Math.max(...shares)
  const share = Math.max(mainShare * 0.9 + 0.1 * coverage(wordsOf(artist), [...inTitle, ...inChannel]), 0)
  if (mainShare === 0)
    return {kind: 'artist', text: `nothing says that it is by ${artist}`, score: found.artist === null ? 0.45 : 0.2}
  // Another artist before the dash, and the wanted one only somewhere in the title: a cover or a remix of something.
  const named = [...wordsOf(found.artist ?? ''), ...inChannel]
  // Its name in another script is no other artist.
  const isTransliterated = isInOtherScript(artist, found.artist ?? '') && mainShare === 1
  const isElsewhere = found.artist !== null && !isTransliterated && main.every((words) => coverage(words, named) < 0.5)
  if (isElsewhere) return {kind: 'artist', text: `it is by ${found.artist ?? 'someone else'}`, score: 0.4}
  return share > 0.95
    ? {kind: 'artist', text: `by ${artist}`, score: 1}
    : {
        kind: 'artist',
        text: `by ${found.artist ?? candidate.channel ?? 'someone'}, which may be ${artist}`,
        score: share,
      }
}

/** "darude sandstorm" names its artist without a dash; a bare "Strobe" is anybody's, and only its length can tell. */
function unnamedArtistReason(found: ParsedTitle, candidate: Candidate, wanted: WantedPiece): MatchReason {
  const names = wordsOf(found.artist ?? artistFromChannel(candidate.channel ?? ''))
  if (names.length > 0 && coverage(names, wordsOf(wanted.title)) === 1)
    return {kind: 'artist', text: `by ${found.artist ?? candidate.channel ?? 'someone'}`, score: 1}
  const isConfirmed = isSameLength(wanted.durationMs, candidate.durationMs)
  return {kind: 'artist', text: 'the list names no artist', score: isConfirmed ? 0.95 : 0.7}
}

function isInOtherScript(a: string, b: string): boolean {
  const isLatin = (text: string) => /\p{Script=Latin}/u.test(text)
  return /\p{L}/u.test(a) && /\p{L}/u.test(b) && isLatin(a) !== isLatin(b)
}

function versionReason(
  piece: ParsedTitle,
  found: ParsedTitle,
  candidate: Candidate,
  durationMs: number | null,
  wantedArtist: string | null,
): MatchReason {
  const kinds = new Set([...found.versions, ...channelKinds(candidate.channel, wantedArtist)])
  const wants = piece.versions
  const excluded = (text: string): MatchReason => ({kind: 'version', text, score: 0})
  if (candidate.isLive) return excluded('it is a live stream')
  const credit = creditedRemix(piece, found, candidate, durationMs)
  if (credit !== null) return credit
  if (isJointCredit(found, wantedArtist)) kinds.delete('mashup')
  if (kinds.has('remix') && !wants.has('remix') && isOwnRemix(found, wantedArtist)) {
    if (![...kinds].some((kind) => kind !== 'remix' && OTHER_RECORDING.includes(kind) && !wants.has(kind)))
      return {kind: 'version', text: `it is the remix by ${wantedArtist ?? ''}, which may be meant`, score: 0.6}
  }
  for (const kind of OTHER_RECORDING) {
    if (kinds.has(kind) && !wants.has(kind)) return excluded(`it is ${nameOfKind(kind)}`)
    if (wants.has(kind) && !kinds.has(kind)) return excluded(`it is not the version "${piece.mix ?? kind}"`)
  }
  if (wants.has('remix') && piece.remixer !== '') {
    const words = [...wordsOf(found.mix ?? ''), ...wordsOf(found.title), ...wordsOf(found.artist ?? '')]
    if (coverage(piece.remixer.split(' '), words) < 0.6) return excluded(`it is not the "${piece.mix ?? 'remix'}"`)
    const more = found.remixer
      .split(' ')
      .filter(
        (word) => word !== '' && coverage([word], [...piece.remixer.split(' '), ...wordsOf(piece.artist ?? '')]) === 0,
      )
    if (more.length > 0) return {kind: 'version', text: `the remix is called "${found.mix ?? ''}"`, score: 0.6}
  }
  if (wants.has('live') && piece.mix !== null) {
    const place = wordsOf(piece.mix).filter((word) => !/^(?:live|version|at|in|from|on|session|edit)$/.test(word))
    if (coverage(place, [...wordsOf(found.mix ?? ''), ...wordsOf(candidate.title)]) < 0.5)
      return excluded(`it is another live take`)
  }
  return lengthVersionReason(wants, kinds, isSameLength(durationMs, candidate.durationMs), durationMs !== null)
}

/** "Lana Del Rey vs Cedric Gervais - Summertime Sadness": the remixer as an artist; only the length can tell. */
function creditedRemix(
  piece: ParsedTitle,
  found: ParsedTitle,
  candidate: Candidate,
  durationMs: number | null,
): MatchReason | null {
  if (!piece.versions.has('remix') || found.versions.size > 0 || piece.remixer === '') return null
  const credits = [...wordsOf(found.artist ?? ''), ...wordsOf(found.guests ?? '')]
  const isCredited = coverage(piece.remixer.split(' '), credits) === 1
  return isCredited && isSameLength(durationMs, candidate.durationMs)
    ? {kind: 'version', text: `the remixer is named as an artist, not "${piece.mix ?? 'remix'}"`, score: 0.6}
    : null
}

/** Lists name a remix by its remixer alone: "Robin Schulz - Prayer In C". */
function isOwnRemix({remixer}: ParsedTitle, artist: string | null): boolean {
  return artist !== null && remixer !== '' && wordsOf(artist).join(' ') === remixer
}

/** "Crimewave (Crystal Castles vs. HEALTH)" names who made it, where one of the two is the artist asked for. */
function isJointCredit(found: ParsedTitle, artist: string | null): boolean {
  const sides = /^([^()]+?)\s+vs\.?\s+([^()]+)$/iu.exec(found.mix ?? '')
  if (sides === null || artist === null) return false
  return sides.slice(1).some((side) => wordsOf(side).join(' ') === wordsOf(artist).join(' '))
}

/** Extended, radio and unmarked: what the words say, unless the length says it better. */
function lengthVersionReason(
  wants: ReadonlySet<VersionKind>,
  kinds: ReadonlySet<VersionKind>,
  isSameLengthMs: boolean,
  hasLength: boolean,
): MatchReason {
  const side = (set: ReadonlySet<VersionKind>): 'extended' | 'radio' | 'plain' =>
    set.has('extended') ? 'extended' : set.has('radio') ? 'radio' : 'plain'
  const [want, have] = [side(wants), side(kinds)]
  const remastered = kinds.has('remaster') !== wants.has('remaster') ? 0.97 : 1
  if (want === have)
    return {kind: 'version', text: remastered < 1 ? 'a remaster of it' : 'the same version', score: remastered}
  if (isSameLengthMs && (want === 'plain' || have === 'plain'))
    return {kind: 'version', text: 'named differently, of the same length', score: 0.92 * remastered}
  if (want !== 'plain' && have !== 'plain') return {kind: 'version', text: `it is ${nameOfKind(have)}`, score: 0}
  if (want === 'plain')
    return {
      kind: 'version',
      text: `it is ${nameOfKind(have)}; the list names no version`,
      score: hasLength ? 0.5 : 0.68,
    }
  return {kind: 'version', text: `nothing says that it is ${nameOfKind(want)}`, score: 0.5}
}

function nameOfKind(kind: VersionKind | 'plain'): string {
  return kind === 'plain' ? 'the plain version' : (NAMES[kind] ?? kind)
}

function channelKinds(channel: string | null, artist: string | null): readonly VersionKind[] {
  if (channel === null || topicArtist(channel) !== null) return []
  // A band called Loop or Cover has a channel of that name.
  if (coverage(wordsOf(channel), wordsOf(artist ?? '')) > 0.5) return []
  const found = versionsIn(channel, 'note')
  return CHANNEL_KINDS.filter((kind) => found.has(kind))
}

function isSameLength(aMs: number | null, bMs: number | null): boolean {
  return aMs !== null && bMs !== null && Math.abs(aMs - bMs) <= 4 * second
}

function durationReason(wantedMs: number | null, candidate: Candidate, wants: ReadonlySet<VersionKind>): MatchReason {
  const {durationMs} = candidate
  const reason = (text: string, score: number): MatchReason => ({kind: 'duration', text, score})
  if (durationMs === null) return reason('its length is not told', 0.8)
  if (wantedMs !== null) {
    const differenceMs = Math.abs(durationMs - wantedMs)
    const step = DURATION_STEPS.find(([limitMs]) => differenceMs <= limitMs)
    const isLonger = durationMs > wantedMs
    const text = differenceMs < second ? 'the same length' : `${clock(differenceMs)} ${isLonger ? 'longer' : 'shorter'}`
    if (step === undefined || differenceMs / wantedMs > 0.25)
      return reason(text, differenceMs / wantedMs > 0.25 ? 0 : 0.25)
    // What is missing at the end of a cut upload is worse than what a video has in front.
    return reason(text, isLonger || step[1] > 0.95 ? step[1] : step[1] * 0.85)
  }
  if (wants.has('set') || wants.has('loop')) return reason(`${clock(durationMs)} long`, 0.9)
  if (durationMs < 65 * second)
    return reason(`only ${clock(durationMs)} long`, wants.has('preview') || wants.has('parts') ? 0.9 : 0)
  if (durationMs < 100 * second) return reason(`only ${clock(durationMs)} long`, 0.65)
  if (durationMs <= 9.5 * minute) return reason(`${clock(durationMs)} long`, 0.97)
  // Club versions that are asked for by name run so long; a plain title of that length is rather something else.
  const isClubVersion = wants.has('remix') || wants.has('extended') || wants.has('dub')
  if (durationMs <= 13 * minute) return reason(`${clock(durationMs)} long`, isClubVersion ? 0.95 : 0.78)
  return reason(`${clock(durationMs)} long`, durationMs <= 20 * minute ? 0.4 : 0)
}

function channelReason(artist: string | null, {channel, isVerified}: Candidate): MatchReason {
  const reason = (text: string, score: number): MatchReason => ({kind: 'channel', text, score})
  if (channel === null) return reason('its channel is not told', 0.85)
  if (topicArtist(channel) !== null) return reason('delivered by the label', 1)
  const channelWords = wordsOf(artistFromChannel(channel))
  const artistWords = wordsOf(artist ?? '')
  const isArtists = artistWords.length > 0 && coverage(channelWords, artistWords) === 1 && channelWords.length > 0
  if (isArtists) return reason("the artist's own channel", isVerified ? 1 : 0.98)
  return isVerified ? reason(`verified channel ${channel}`, 0.93) : reason(`channel ${channel}`, 0.87)
}

function clock(ms: number): string {
  const seconds = Math.round(ms / second)
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, String(seconds % 60).padStart(2, '0')]
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`
}
