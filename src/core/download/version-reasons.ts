// Whether a search result is the version that is asked for: by its words, and by its length.
import {type Candidate, isSameLength, type MatchReason} from './candidate.js'
import {type ParsedTitle, topicArtist, wordsOf} from './title.js'
import {type VersionKind, versionsIn} from './version.js'
import {coverage} from './word-overlap.js'

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

export function versionReason(
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

export function durationReason(
  wantedMs: number | null,
  candidate: Candidate,
  wants: ReadonlySet<VersionKind>,
): MatchReason {
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

function clock(ms: number): string {
  const seconds = Math.round(ms / second)
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, String(seconds % 60).padStart(2, '0')]
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`
}
