// What an edit of tracks did, or would do.
import {type Track, trackName} from '../core/track.js'
import {formatCount, plural} from './format.js'
import {printable, theme} from './theme.js'

export interface ShownEdit {
  readonly edited: readonly Track[]
  readonly removed: readonly Track[]
}

const SHOWN_TRACKS = 10

export function editLines({edited, removed}: ShownEdit, isDryRun: boolean): string[] {
  const tracks = removed.length > 0 ? removed : edited
  const verb = removed.length > 0 ? 'removed' : 'edited'
  const count = plural(tracks.length, 'track')
  if (!isDryRun) return [`${theme.good('✓')} ${count} ${verb}`]
  const names = tracks
    .slice(0, SHOWN_TRACKS)
    .map((track) => `  ${theme.dim(track.id.slice(0, 8))}  ${printable(trackName(track))}`)
  const more = tracks.length - SHOWN_TRACKS
  return [
    `${count} would be ${verb}`,
    ...names,
    ...(more > 0 ? [theme.dim(`  and ${formatCount(more)} more; --json lists all`)] : []),
  ]
}
