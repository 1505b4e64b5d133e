// How an export is told: where it went, what it loses, what to look at.
import {formatCount, plural} from './format.js'
import {theme} from './theme.js'

/** What is told before anything is written. */
export interface ShownPlan {
  readonly name: string
  readonly losses: readonly {readonly count: number; readonly text: string}[]
  /** Audio files whose tags change, each with what changes in words. */
  readonly tags: readonly {readonly path: string; readonly changes: readonly string[]}[]
  readonly isDryRun: boolean
}

export interface ShownExport extends ShownPlan {
  readonly target: string
  readonly tracks: number
  readonly leftOut: number
  readonly files: readonly unknown[]
  readonly unchangedFiles: number
  readonly taggedFiles: number
  readonly warnings: readonly {readonly subject: string; readonly message: string}[]
  readonly backup: string | null
  readonly nextStep: string | null
}

const SHOWN_WARNINGS = 5
const SHOWN_TAGS = 5

/** A whole export, for those who hear of it afterwards. */
export function exportLines(report: ShownExport): string[] {
  return [headline(report), ...planLines(report), ...resultLines(report)]
}

/** The export of which `planLines` were shown already. */
export function outcomeLines(report: ShownExport): string[] {
  return [headline(report), ...resultLines(report)]
}

/** What the format cannot carry, and what changes inside audio files. */
export function planLines({name, losses, tags, isDryRun}: ShownPlan): string[] {
  const lines: string[] = []
  if (losses.length > 0) {
    const counted = losses.map(({count, text}) => `${formatCount(count)} ${text}`).join('; ')
    lines.push(theme.dim(`  not carried by ${name}: ${counted}`))
  }
  if (tags.length > 0) {
    lines.push(`  tags ${isDryRun ? 'would change' : 'change'} in ${plural(tags.length, 'audio file')}`)
    for (const {path, changes} of tags.slice(0, SHOWN_TAGS)) lines.push(theme.dim(`    ${path}: ${changes.join(', ')}`))
    if (tags.length > SHOWN_TAGS)
      lines.push(theme.dim(`    and ${formatCount(tags.length - SHOWN_TAGS)} more; --json lists all`))
  }
  return lines
}

function headline({name, target, tracks, files, taggedFiles, isDryRun}: ShownExport): string {
  const isNothing = files.length === 0 && taggedFiles === 0
  const verb = isNothing ? 'is up to date at' : isDryRun ? 'would write' : '→'
  return `${theme.good('✓')} ${theme.strong(name)}  ${plural(tracks, 'track')} ${verb} ${target}`
}

function resultLines(report: ShownExport): string[] {
  const {files, unchangedFiles, taggedFiles, leftOut, warnings, backup, isDryRun, nextStep} = report
  const lines: string[] = []
  if (files.length + unchangedFiles > 1) {
    const written = `${plural(files.length, 'file')} ${isDryRun ? 'would be written' : 'written'}`
    lines.push(theme.dim(`  ${written}, ${formatCount(unchangedFiles)} unchanged`))
  }
  if (taggedFiles > 0 && !isDryRun) lines.push(`  tags changed in ${plural(taggedFiles, 'audio file')}`)
  if (leftOut > 0)
    lines.push(
      theme.dim(`  ${plural(leftOut, 'track')} left out, whose files are gone (crate library missing); --with-missing`),
    )
  for (const {subject, message} of warnings.slice(0, SHOWN_WARNINGS))
    lines.push(`  ${theme.warn('!')} ${subject}: ${message}`)
  if (warnings.length > SHOWN_WARNINGS)
    lines.push(theme.dim(`    and ${warnings.length - SHOWN_WARNINGS} more warnings; --json lists all`))
  if (backup !== null) lines.push(theme.dim(`  what was there before: crate library restore ${backup}`))
  if (nextStep !== null) lines.push(theme.dim(`  next: ${nextStep}`))
  return lines
}
