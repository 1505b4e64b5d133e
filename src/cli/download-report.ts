// What a download did, in a few lines.
import {formatElapsed, plural} from './format.js'
import {theme} from './theme.js'

export interface ShownDownload {
  /** Null leaves it unsaid. */
  readonly folder: string | null
  readonly planned: readonly {readonly link: string; readonly title: string | null}[]
  readonly summary: {
    readonly listed: number
    readonly fetched: number
    readonly known: number
    readonly duplicates: number
    readonly review: number
    readonly gone: number
    readonly failed: number
    readonly elapsedMs: number
  }
}

export function downloadLines({folder, planned, summary}: ShownDownload): string[] {
  const {listed, fetched, known, duplicates, review, gone, failed, elapsedMs} = summary
  const parts = [
    part(fetched, 'fetched', theme.good),
    part(planned.length, 'would be fetched', theme.accent),
    part(known, 'here already', theme.dim),
    part(duplicates, 'the same audio as here', theme.dim),
    part(review, 'to be chosen', theme.warn),
    part(gone, 'gone', theme.dim),
    part(failed, 'failed', theme.bad),
  ].filter((text) => text !== '')
  const lines = planned.map(
    ({link, title}) => `${theme.accent('+')} ${title ?? link}${title === null ? '' : theme.dim(`  ${link}`)}`,
  )
  lines.push(`${theme.strong(plural(listed, 'piece'))}  ${parts.join('  ')}`.trimEnd())
  if (fetched > 0 && folder !== null) lines.push(`in ${folder} after ${formatElapsed(elapsedMs)}`)
  if (review > 0) lines.push(`${theme.warn('?')} choose with: crate download review`)
  return lines
}

function part(count: number, word: string, paint: (text: string) => string): string {
  return count === 0 ? '' : paint(`${count} ${word}`)
}
