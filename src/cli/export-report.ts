// How an export is told: where it went, what it loses, what to look at.
import {formatCount, plural} from './format.js'
import {theme} from './theme.js'

export interface ShownExport {
  readonly name: string
  readonly target: string
  readonly tracks: number
  readonly files: readonly unknown[]
  readonly unchangedFiles: number
  readonly taggedFiles: number
  readonly losses: readonly {readonly count: number; readonly text: string}[]
  readonly warnings: readonly {readonly subject: string; readonly message: string}[]
  readonly backup: string | null
  readonly isDryRun: boolean
}

const SHOWN_WARNINGS = 5

export function exportLines({
  name,
  target,
  tracks,
  files,
  unchangedFiles,
  taggedFiles,
  losses,
  warnings,
  backup,
  isDryRun,
}: ShownExport): string[] {
  const isNothing = files.length === 0 && taggedFiles === 0
  const verb = isDryRun ? 'would write' : isNothing ? 'is up to date at' : '→'
  const lines = [`${theme.good('✓')} ${theme.strong(name)}  ${plural(tracks, 'track')} ${verb} ${target}`]
  if (files.length + unchangedFiles > 1)
    lines.push(theme.dim(`  ${plural(files.length, 'file')} written, ${formatCount(unchangedFiles)} unchanged`))
  if (taggedFiles > 0)
    lines.push(`  ${isDryRun ? 'would change tags' : 'tags changed'} in ${plural(taggedFiles, 'audio file')}`)
  if (losses.length > 0)
    lines.push(theme.dim(`  not carried: ${losses.map(({count, text}) => `${formatCount(count)} ${text}`).join('; ')}`))
  for (const {subject, message} of warnings.slice(0, SHOWN_WARNINGS))
    lines.push(`  ${theme.warn('!')} ${subject}: ${message}`)
  if (warnings.length > SHOWN_WARNINGS)
    lines.push(theme.dim(`    and ${warnings.length - SHOWN_WARNINGS} more warnings; --json lists all`))
  if (backup !== null) lines.push(theme.dim(`  what was there before: crate library restore ${backup}`))
  return lines
}
