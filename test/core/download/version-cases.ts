// The labelled searches as values, and how a matcher does on them.
import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import type {Candidate, WantedPiece} from '../../../src/core/download/candidate.js'
import {matchVersion, type Verdict} from '../../../src/core/download/version-match.js'

/** In the order in which they were written; each was judged before the matcher was changed for it. */
export const VERSION_LISTS = ['versions.txt', 'versions-unseen.txt', 'versions-wild.txt', 'versions-last.txt'] as const

export interface VersionCase {
  readonly group: string
  readonly wanted: WantedPiece
  readonly candidates: readonly (Candidate & {readonly label: 'right' | 'wrong' | 'unsure'})[]
}

export interface MatchScore {
  readonly cases: number
  /** Where a right one is among the results. */
  readonly answerable: number
  readonly fetchedRight: number
  readonly fetchedWrong: number
  readonly asked: number
  /** Asked, and a right one is the first or second of the list. */
  readonly askedWell: number
  readonly refused: number
  /** Refused although a right one is there. */
  readonly missed: number
  /** Share of fetched that is right. */
  readonly precision: number
  /** Share of answerable that is fetched right. */
  readonly recall: number
  readonly wrong: readonly string[]
  readonly unanswered: readonly string[]
}

export function readVersionCases(name: (typeof VERSION_LISTS)[number]): VersionCase[] {
  const cases: VersionCase[] = []
  let group = ''
  let candidates: VersionCase['candidates'][number][] = []
  for (const [index, line] of readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8')
    .split('\n')
    .entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const mark = line.slice(0, 2)
    const text = line.slice(2)
    const bar = text.lastIndexOf(' | ')
    const durationMs = lengthMs(text.slice(bar + 3))
    const name = text.slice(0, bar)
    if (mark === '==') group = line.slice(3)
    else if (mark === '? ') {
      const dash = name.indexOf(' - ')
      candidates = []
      const wanted = {
        artist: dash === -1 ? null : name.slice(0, dash),
        title: dash === -1 ? name : name.slice(dash + 3),
        durationMs,
      }
      cases.push({group, wanted, candidates})
    } else {
      const at = name.lastIndexOf(' @ ')
      const label = ({'+ ': 'right', '- ': 'wrong', '~ ': 'unsure'} as const)[mark]
      if (label === undefined || at === -1) throw new Error(`line ${index + 1} is not a result: ${line}`)
      candidates.push({
        label,
        link: `https://example.org/${index}`,
        title: name.slice(0, at),
        channel: name.slice(at + 3),
        artist: null,
        track: null,
        durationMs,
        viewCount: null,
        isVerified: /vevo$/i.test(name),
        isLive: false,
      })
    }
  }
  return cases
}

/** `3:45` or `1:02:03`; null for a dash. */
function lengthMs(text: string): number | null {
  const parts = text.trim().split(':').map(Number)
  return parts.some(Number.isNaN) ? null : parts.reduce((sum, part) => sum * 60 + part, 0) * 1000
}

export function scoreMatcher(
  cases: readonly VersionCase[],
  match: (wanted: WantedPiece, candidates: readonly Candidate[]) => Verdict = matchVersion,
): MatchScore {
  const counts = {answerable: 0, fetchedRight: 0, fetchedWrong: 0, asked: 0, askedWell: 0, refused: 0, missed: 0}
  const wrong: string[] = []
  const unanswered: string[] = []
  for (const {wanted, candidates} of cases) {
    const labelOf = (link: string) => candidates.find((candidate) => candidate.link === link)?.label
    const isAnswerable = candidates.some(({label}) => label === 'right')
    if (isAnswerable) counts.answerable++
    const {kind, ranked} = match(wanted, candidates)
    const best = ranked[0]
    const name = `${wanted.artist} - ${wanted.title}`
    if (kind === 'sure' && best !== undefined) {
      const isRight = labelOf(best.candidate.link) !== 'wrong'
      if (isRight && isAnswerable) counts.fetchedRight++
      if (!isRight) counts.fetchedWrong++
      if (!isRight) wrong.push(`${name} → ${best.candidate.title} ${best.score}`)
    } else if (kind === 'doubtful') {
      counts.asked++
      if (ranked.slice(0, 2).some(({candidate}) => labelOf(candidate.link) !== 'wrong')) counts.askedWell++
      if (isAnswerable)
        unanswered.push(
          `? ${name} → ${best?.candidate.title} ${best?.score}: ${best?.reasons.map(({text, score}) => `${text} ${score.toFixed(2)}`).join(', ')}`,
        )
    } else {
      counts.refused++
      if (isAnswerable) {
        counts.missed++
        const right = ranked.find(({candidate}) => labelOf(candidate.link) === 'right')
        unanswered.push(
          `0 ${name} → ${right?.candidate.title} ${right?.score}: ${right?.reasons.map(({text, score}) => `${text} ${score.toFixed(2)}`).join(', ')}`,
        )
      }
    }
  }
  return {
    cases: cases.length,
    ...counts,
    precision: counts.fetchedRight / Math.max(1, counts.fetchedRight + counts.fetchedWrong),
    recall: counts.fetchedRight / Math.max(1, counts.answerable),
    wrong,
    unanswered,
  }
}
