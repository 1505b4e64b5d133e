// What a DJ played: the lists that Traktor writes into its History folder, one file for each session.
import {byteTextFromBytes} from './byte-text.js'
import {isoFromHistory} from './date.js'
import {locationFromKey, pathFromLocation} from './location.js'
import {attributeOf, childOf, type Element, parseElement} from './markup.js'
import {numberFrom} from './number.js'
import {piecesOfText} from './pieces.js'

export interface HistoryPlay {
  readonly path: string
  /** ISO 8601, local time of the machine without a zone, which NML does not tell; null where it is not told. */
  readonly startedAt: string | null
  /** 0 = A; null where it is not told. */
  readonly deck: number | null
  readonly durationMs: number | null
  /** False for what only the DJ heard. */
  readonly isPublic: boolean
}

/**
 * The plays of a history file in the order of the session; also of a collection that holds one.
 *
 * @throws FORMAT_INVALID where it is no well-formed NML
 */
export function decodeHistory(bytes: Uint8Array): HistoryPlay[] {
  const plays: HistoryPlay[] = []
  for (const {kind, path, text} of piecesOfText(byteTextFromBytes(bytes))) {
    if (kind !== 'element' || !path.endsWith('/PLAYLIST')) continue
    for (const entry of parseElement(text).children) {
      const play = entry.name === 'ENTRY' ? playOf(text, entry) : null
      if (play !== null) plays.push(play)
    }
  }
  return plays
}

function playOf(text: string, entry: Element): HistoryPlay | null {
  const data = childOf(entry, 'EXTENDEDDATA')
  const location = locationFromKey(attributeOf(text, childOf(entry, 'PRIMARYKEY'), 'KEY') ?? '')
  const path = location === null ? null : pathFromLocation(location)
  if (data === undefined || path === null) return null
  const number = (attribute: string) => numberFrom(attributeOf(text, data, attribute))
  const [startDate, startTime, deck, seconds] = ['STARTDATE', 'STARTTIME', 'DECK', 'DURATION'].map(number)
  return {
    path,
    startedAt: startDate == null || startTime == null ? null : isoFromHistory(startDate, startTime),
    deck: deck ?? null,
    durationMs: seconds == null || seconds < 0 ? null : seconds * 1000,
    isPublic: number('PLAYEDPUBLIC') !== 0,
  }
}
