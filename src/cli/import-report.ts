// How an import is told.
import {formatCount, plural} from './format.js'
import {theme} from './theme.js'

export interface ShownImport {
  readonly name: string
  readonly source: string
  readonly tracks: number
  /** Null where nothing is taken into the library. */
  readonly added: number | null
  readonly absentFiles: number
  readonly cues: number
  readonly grids: number
  readonly playlists: number
  readonly otherTags: number
  readonly hasTakenTags: boolean
  readonly losses: readonly {readonly count: number; readonly text: string}[]
  readonly warnings: readonly {readonly subject: string; readonly message: string}[]
  readonly isDryRun: boolean
}

const SHOWN_WARNINGS = 5

export function importLines({
  name,
  source,
  tracks,
  added,
  absentFiles,
  cues,
  grids,
  playlists,
  otherTags,
  hasTakenTags,
  losses,
  warnings,
  isDryRun,
}: ShownImport): string[] {
  const lines = [
    `${theme.good('✓')} ${theme.strong(name)}  ${plural(tracks, 'track')} ${isDryRun ? 'would come ' : ''}from ${source}`,
    `  ${added === null ? '' : `${formatCount(added)} new to the library, `}${plural(cues, 'cue')}, ${plural(grids, 'beat grid')}, ${plural(playlists, 'playlist')}`,
  ]
  if (absentFiles > 0)
    lines.push(
      `  ${theme.warn('!')} ${plural(absentFiles, 'file')} not on this machine ${theme.dim(added === null ? '→ --map FROM=TO' : '→ crate library relocate, or --map FROM=TO')}`,
    )
  if (otherTags > 0 && hasTakenTags) lines.push(`  ${plural(otherTags, 'track')} took other tags from ${name}`)
  else if (otherTags > 0)
    lines.push(
      `  ${theme.warn('!')} ${plural(otherTags, 'track')} with other tags in ${name} than in the file ${theme.dim('→ --take-tags lets those of the program win')}`,
    )
  if (losses.length > 0)
    lines.push(theme.dim(`  not read: ${losses.map(({count, text}) => `${formatCount(count)} ${text}`).join('; ')}`))
  for (const {subject, message} of warnings.slice(0, SHOWN_WARNINGS))
    lines.push(`  ${theme.warn('!')} ${subject}: ${message}`)
  if (warnings.length > SHOWN_WARNINGS)
    lines.push(theme.dim(`    and ${formatCount(warnings.length - SHOWN_WARNINGS)} more warnings; --json lists all`))
  return lines
}
