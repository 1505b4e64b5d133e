// Sets that a program keeps as lists without times: each is put on its day, its tracks one after the other.
import type {RecordedPlay} from './recorded-play.js'

/** A set as a list tells it: what was played, in order, and perhaps the day. */
export interface PlayedList {
  /** Stays the same when the list is read again. */
  readonly session: string
  readonly day: CalendarDay | null
  readonly tracks: readonly ListedPlay[]
}

export interface ListedPlay extends Pick<RecordedPlay, 'artist' | 'title' | 'path'> {
  readonly durationMs: number | null
}

export interface CalendarDay {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
}

/** A list names no hour. */
const ASSUMED_HOUR = 21
const ASSUMED_TRACK_MS = 240_000
/** The next track comes in this long before the end. */
const OVERLAP_MS = 30_000
/** Learning takes plays that are closer for one evening. */
const BETWEEN_SETS_MS = 4 * 3_600_000
const DAY_MS = 86_400_000

/**
 * Plays of lists with made-up times: from nine in the evening of the day that a list names, lists of one day after each
 * other. Lists without a day follow the one before by a day; where none has one, the last ends at `latestMs`.
 *
 * @param knownStarts where earlier imports put a list, so that reading it again adds only what is new
 */
export function playsOfLists(
  lists: readonly PlayedList[],
  latestMs: number,
  knownStarts: ReadonlyMap<string, number>,
): RecordedPlay[] {
  const plays: RecordedPlay[] = []
  let freeFromMs = Number.NEGATIVE_INFINITY
  let lastStartMs = startOfEvening(latestMs) - lists.length * DAY_MS
  for (const {session, day, tracks} of lists) {
    const wantedMs =
      day === null ? lastStartMs + DAY_MS : new Date(day.year, day.month - 1, day.day, ASSUMED_HOUR).getTime()
    let atMs = knownStarts.get(session) ?? Math.max(wantedMs, freeFromMs)
    lastStartMs = atMs
    for (const {durationMs, ...track} of tracks) {
      plays.push({...track, session, atMs, deck: null, durationMs: null})
      atMs += Math.max(OVERLAP_MS, (durationMs ?? ASSUMED_TRACK_MS) - OVERLAP_MS)
    }
    freeFromMs = atMs + BETWEEN_SETS_MS
  }
  return plays
}

function startOfEvening(ms: number): number {
  const moment = new Date(ms)
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate(), ASSUMED_HOUR).getTime()
}

/** The first day that a text names as year, month, day, as in `HISTORY 2023-05-12 (1)`; null for none. */
export function dayIn(text: string): CalendarDay | null {
  for (const [, year, month, day] of text.matchAll(/(?<!\d)((?:19|20)\d{2})[-._ /]?(\d{2})[-._ /]?(\d{2})(?!\d)/g)) {
    const named = {year: Number(year), month: Number(month), day: Number(day)}
    const date = new Date(named.year, named.month - 1, named.day)
    if (date.getMonth() === named.month - 1 && date.getDate() === named.day) return named
  }
  return null
}

const HISTORY_FOLDER =
  /^(?:play(?:ed)? )?histor(?:y|ies)$|^(?:historique|historial|cronologia|verlauf|wiedergabeverlauf|履歴)$/i
/** Players name their sets `HISTORY 001` or `HISTORY 2023-05-12`. */
const HISTORY_LIST = /^history[\s_-]*\d/i

/** Whether a list's place tells that it records a set. @param names of its folders and its own, the outermost first */
export function isPlayedList(names: readonly string[]): boolean {
  return names.slice(0, -1).some((name) => HISTORY_FOLDER.test(name.trim())) || HISTORY_LIST.test(names.at(-1) ?? '')
}

/** Whether somebody named this list, or a folder above it, as sets. @param wanted as `Name` or `Folder/Name` */
export function isNamed(names: readonly string[], wanted: readonly string[]): boolean {
  const path = `/${names.join('/')}/`.toLowerCase()
  return wanted.some((name) => path.includes(`/${name.toLowerCase()}/`))
}
