// What a sync did, in two lines.
import {formatCount, formatDuration, formatElapsed, plural} from './format.js'
import {printable, theme} from './theme.js'

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

export interface ShownPlan {
  readonly new: readonly string[]
  readonly changed: readonly string[]
  readonly moved: readonly string[]
  readonly missing: readonly string[]
  readonly analyzed: readonly string[]
}

const SHOWN_PATHS = 10

/** What a sync would do, a line per file. */
export function plannedLines(plan: ShownPlan): string[] {
  const kinds = [
    ['new', plan.new, theme.good],
    ['changed', plan.changed, theme.accent],
    ['moved', plan.moved, theme.accent],
    ['missing', plan.missing, theme.warn],
    ['to analyse', plan.analyzed, theme.accent],
  ] as const
  const width = Math.max(0, ...kinds.filter(([, paths]) => paths.length > 0).map(([word]) => word.length))
  return kinds.flatMap(([word, paths, paint]) => [
    ...paths.slice(0, SHOWN_PATHS).map((path) => `${paint(word.padEnd(width))}  ${printable(path)}`),
    ...(paths.length > SHOWN_PATHS
      ? [theme.dim(`${''.padEnd(width)}  and ${formatCount(paths.length - SHOWN_PATHS)} more; --json lists all`)]
      : []),
  ])
}

function part(count: number, word: string, paint: (text: string) => string): string {
  return count === 0 ? '' : paint(`${count} ${word}`)
}
