// Whether a search result is named as the piece that is asked for: its title, its artist, and who put it there.
import {type Candidate, isSameLength, type MatchReason, type WantedPiece} from './candidate.js'
import {artistFromChannel, type ParsedTitle, topicArtist, wordsOf} from './title.js'
import {coverage} from './word-overlap.js'

export function titleReason(
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

export function artistReason(
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

export function channelReason(artist: string | null, {channel, isVerified}: Candidate): MatchReason {
  const reason = (text: string, score: number): MatchReason => ({kind: 'channel', text, score})
  if (channel === null) return reason('its channel is not told', 0.85)
  if (topicArtist(channel) !== null) return reason('delivered by the label', 1)
  const channelWords = wordsOf(artistFromChannel(channel))
  const artistWords = wordsOf(artist ?? '')
  const isArtists = artistWords.length > 0 && coverage(channelWords, artistWords) === 1 && channelWords.length > 0
  if (isArtists) return reason("the artist's own channel", isVerified ? 1 : 0.98)
  return isVerified ? reason(`verified channel ${channel}`, 0.93) : reason(`channel ${channel}`, 0.87)
}
