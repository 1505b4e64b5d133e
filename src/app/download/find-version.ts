// A title of a list → the one search result that is sure to be it, or a question for the person.
import {type AccessOptions, searchPieces} from '../../adapters/ytdlp/fetch.js'
import type {PieceFacts} from '../../adapters/ytdlp/protocol.js'
import type {WantedMusic} from '../../api/source.js'
import type {Candidate} from '../../core/download/candidate.js'
import {canonicalLink, onOneLine} from '../../core/download/link.js'
import {matchVersion, type ScoredCandidate} from '../../core/download/version-match.js'
import type {ReviewCandidate} from './request.js'

/** More are asked for than shown: the right one is often below remixes and loops. */
const RESULTS = 10
const SHOWN_CANDIDATES = 6
const LONGEST_QUERY = 180

export type FoundVersion =
  | {readonly kind: 'sure'; readonly link: string; readonly candidate: ReviewCandidate}
  | {readonly kind: 'doubtful'; readonly candidates: readonly ReviewCandidate[]}
  | {readonly kind: 'none'; readonly resultCount: number}

export async function findVersion(
  wanted: WantedMusic,
  options: {
    readonly program: string
    readonly service: 'ytsearch' | 'scsearch'
    readonly access: AccessOptions
    readonly signal: AbortSignal
  },
): Promise<FoundVersion> {
  const words = onOneLine([wanted.artist ?? '', wanted.title].join(' ')).slice(0, LONGEST_QUERY)
  const pieces = await searchPieces({...options, words, count: RESULTS})
  const verdict = matchVersion(wanted, pieces.flatMap(candidateFrom))
  const [best] = verdict.ranked
  if (best === undefined || verdict.kind === 'none') return {kind: 'none', resultCount: pieces.length}
  if (verdict.kind === 'sure') return {kind: 'sure', link: best.candidate.link, candidate: shown(best)}
  return {kind: 'doubtful', candidates: verdict.ranked.slice(0, SHOWN_CANDIDATES).map(shown)}
}

function candidateFrom(piece: PieceFacts): Candidate[] {
  const link = piece.link === null ? null : canonicalLink(piece.link)
  if (link === null || piece.title === null) return []
  const {title, channel, artist, track, durationMs, viewCount, isVerified, isLive} = piece
  return [{link, title, channel, artist, track, durationMs, viewCount, isVerified, isLive}]
}

function shown({candidate: {link, title, channel, durationMs}, score, reasons}: ScoredCandidate): ReviewCandidate {
  return {link, title, channel, durationMs, score, reasons}
}
