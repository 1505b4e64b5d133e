// Backups as they are listed, and what one of them would bring back.
import {formatCount, plural} from './format.js'
import type {Column} from './table.js'
import {theme} from './theme.js'

export interface ShownBackup {
  readonly id: string
  readonly reason: string
  /** `copy` is null for a file that was not there before. */
  readonly files: readonly {readonly path: string; readonly copy: string | null}[]
  readonly tags?: readonly {readonly path: string}[]
}

export function backupColumns(): Column<ShownBackup>[] {
  return [
    {title: 'ID', value: ({id}) => id},
    {title: 'BEFORE', value: ({reason}) => reason},
    {title: 'FILES', value: ({files, tags}) => files.length + (tags?.length ?? 0), align: 'right'},
  ]
}

const SHOWN_FILES = 20

export function restorePlanLines({reason, files, tags = []}: ShownBackup): string[] {
  const changes = [
    ...files.map(({path, copy}) => (copy === null ? `${theme.warn('-')} ${path}` : `${theme.accent('~')} ${path}`)),
    ...tags.map(({path}) => `${theme.accent('~')} ${path}${theme.dim('  tags')}`),
  ]
  const more = changes.length - SHOWN_FILES
  return [
    `${plural(changes.length, 'file')} would be as before ${reason}${theme.dim('  ~ as it was, - was not there')}`,
    ...changes.slice(0, SHOWN_FILES),
    ...(more > 0 ? [theme.dim(`  and ${formatCount(more)} more; --json lists all`)] : []),
  ]
}
