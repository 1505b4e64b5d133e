// A play as a program recorded it, and which programs are read.
import type {Play} from '../../store/plays.js'

export const HISTORY_SOURCES = ['serato', 'traktor', 'rekordbox', 'mixxx', 'playlists'] as const

export type HistorySource = (typeof HISTORY_SOURCES)[number]

/** Before it is joined to the library. */
export type RecordedPlay = Omit<Play, 'source' | 'trackId'>
