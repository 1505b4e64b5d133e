// Which of several search results is the piece that a list asks for; every score says why.
import {type Candidate, isSameLength, type MatchReason, type WantedPiece} from './candidate.js'
import {artistReason, channelReason, titleReason} from './name-reasons.js'
import {type ParsedTitle, parseTitle, wordsOf} from './title.js'
import {durationReason, versionReason} from './version-reasons.js'
import {coverage} from './word-overlap.js'

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
const DOUBTFUL_SCORE = 0.3

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
  return !isSameLength(a.durationMs, b.durationMs)
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
