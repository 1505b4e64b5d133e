// What a sync did, in two lines.
import {formatDuration, formatElapsed, plural} from './format.js'
import {theme} from './theme.js'

export interface ShownSummary {
  readonly found: number
  readonly new: number
  readonly changed: number
  readonly moved: number
  readonly missing: number
  readonly analyzed: number
  readonly unchanged: number
  readonly failed: number
  readonly analyzedMs: number
  readonly elapsedMs: number
}

export function summaryLines(summary: ShownSummary): string[] {
  const {found, analyzed, analyzedMs, elapsedMs} = summary
  const parts = [
    part(summary.new, 'new', theme.good),
    part(summary.changed, 'changed', theme.accent),
    part(summary.moved, 'moved', theme.accent),
    part(summary.missing, 'missing', theme.warn),
    part(summary.unchanged, 'unchanged', theme.dim),
    part(summary.failed, 'failed', theme.bad),
  ].filter((text) => text !== '')
  const lines = [`${theme.strong(plural(found, 'track'))}  ${parts.join('  ')}`.trimEnd()]
  if (analyzed > 0) {
    const speed = elapsedMs > 0 ? `, ${Math.round(analyzedMs / elapsedMs)}× real time` : ''
    lines.push(
      `analysed ${plural(analyzed, 'track')} (${formatDuration(analyzedMs)} of music) in ${formatElapsed(elapsedMs)}${speed}`,
    )
  }
  return lines
}

function part(count: number, word: string, paint: (text: string) => string): string {
  return count === 0 ? '' : paint(`${count} ${word}`)
}
