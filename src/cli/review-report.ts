// The review list on the screen: each title with what was found for it, and what speaks for and against.
import {formatDuration} from './format.js'
import {theme} from './theme.js'

export interface ShownReview {
  readonly wanted: {readonly artist: string | null; readonly title: string; readonly durationMs: number | null}
  readonly candidates: readonly ShownCandidate[]
}

export interface ShownCandidate {
  readonly link: string
  readonly title: string
  readonly channel: string | null
  readonly durationMs: number | null
  readonly score: number
  readonly reasons: readonly {readonly text: string; readonly score: number}[]
}

export function reviewLines(items: readonly ShownReview[]): string[] {
  return items.flatMap(({wanted, candidates}, index) => [
    `${theme.strong(`${index + 1}. ${wantedName(wanted)}`)}${wanted.durationMs === null ? '' : theme.dim(`  ${formatDuration(wanted.durationMs)}`)}`,
    ...candidates.flatMap((candidate, number) => [
      `   ${number + 1}  ${scoreText(candidate.score)}  ${candidateName(candidate)}`,
      theme.dim(`            ${candidate.link}${doubtOf(candidate)}`),
    ]),
  ])
}

export function wantedName({artist, title}: ShownReview['wanted']): string {
  return artist === null ? title : `${artist} – ${title}`
}

export function candidateName({title, channel, durationMs}: ShownCandidate): string {
  return `${title}  ${formatDuration(durationMs)}${channel === null ? '' : `  (${channel})`}`
}

function scoreText(score: number): string {
  const text = `${String(Math.round(score * 100)).padStart(3)} %`
  return score >= 0.6 ? theme.good(text) : score > 0 ? theme.warn(text) : theme.dim(text)
}

/** What speaks most against it. */
function doubtOf({reasons}: ShownCandidate): string {
  const worst = [...reasons].sort((a, b) => a.score - b.score)[0]
  return worst === undefined || worst.score >= 0.95 ? '' : `  ${worst.text}`
}
