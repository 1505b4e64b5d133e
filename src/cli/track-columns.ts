// The columns in which tracks are listed everywhere.
import {formatKey, type KeyNotation, keyFromIndex} from '../core/key.js'
import {formatDuration, formatTempo} from './format.js'
import type {Column} from './table.js'
import {theme} from './theme.js'

export interface ListedTrack {
  readonly id: string
  readonly path: string
  readonly artist: string | null
  readonly title: string | null
  readonly genre: string | null
  readonly tempoBpm: number | null
  readonly keyIndex: number | null
  readonly energy: number | null
  readonly durationMs: number | null
  readonly isMissing: boolean
}

export function trackColumns(notation: KeyNotation): Column<ListedTrack>[] {
  return [
    {title: 'BPM', value: ({tempoBpm}) => formatTempo(tempoBpm), align: 'right'},
    {
      title: 'KEY',
      value: ({keyIndex}) => (keyIndex === null ? '–' : formatKey(keyFromIndex(keyIndex), notation)),
      align: 'right',
      paint: (text, {keyIndex}) => (keyIndex === null ? text : theme.accent(text)),
    },
    {title: 'NRG', value: ({energy}) => energy, align: 'right'},
    {title: 'TIME', value: ({durationMs}) => formatDuration(durationMs), align: 'right'},
    {title: 'ARTIST', value: ({artist}) => artist ?? '', shrinks: true},
    {
      title: 'TITLE',
      value: ({title, path}) => title ?? path.split(/[/\\]/).at(-1) ?? path,
      shrinks: true,
      paint: (text, {isMissing}) => (isMissing ? theme.bad(text) : text),
    },
    {title: 'GENRE', value: ({genre}) => genre ?? '', shrinks: true},
    {title: 'ID', value: ({id}) => id.slice(0, 8), paint: theme.dim},
  ]
}
