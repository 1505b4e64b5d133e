// A session of Serato's history (`_Serato_/History/Sessions/N.session`): what was played, when and on which deck.
// Source: whatsnowplaying and sslscrobbler by their field numbers, real files of Serato 2.4, 2.5 and of Tidal use.
import {bufferOf, textFromUtf16} from './bytes.js'
import {decodeRecords} from './container.js'

export interface SessionPlay {
  /** Serato's number of the entry; an entry that is written again replaces the earlier one. */
  readonly row: number
  /** As Serato wrote it, in the form of its system; streams look like `_54432030.tdl`. Null where it is absent. */
  readonly path: string | null
  readonly title: string | null
  readonly artist: string | null
  readonly album: string | null
  readonly genre: string | null
  readonly tempoBpm: number | null
  /** As Serato shows it: `Em`, `4A`. */
  readonly key: string | null
  /** Milliseconds since 1970. */
  readonly startedAtMs: number | null
  /** Null while it is on the deck. */
  readonly endedAtMs: number | null
  /** 1 is the left deck of two. */
  readonly deck: number | null
  readonly playedMs: number | null
  readonly session: number | null
  /** False for a track that was only loaded. */
  readonly isPlayed: boolean
  readonly updatedAtMs: number | null
}

export interface Session {
  /** One per row, in the order in which the rows first appear. */
  readonly plays: readonly SessionPlay[]
  /** Bytes at the end that are no whole record: Serato appends while it plays. 0 for a complete file. */
  readonly cutBytes: number
}

const FIELD = {
  row: 1,
  path: 2,
  title: 6,
  artist: 7,
  album: 8,
  genre: 9,
  tempoBpm: 15,
  started: 28,
  ended: 29,
  deck: 31,
  playedSeconds: 45,
  session: 48,
  isPlayed: 50,
  key: 51,
  updated: 53,
} as const

/** Never throws: what cannot be read is left out. */
export function decodeSession(bytes: Uint8Array): Session {
  const {records, brokenAt} = decodeRecords(bytes)
  const plays = new Map<number, SessionPlay>()
  for (const entry of records) {
    if (entry.tag !== 'oent') continue
    for (const data of decodeRecords(entry.payload).records) {
      if (data.tag !== 'adat') continue
      const play = playOfFields(decodeFields(data.payload))
      if (play !== null) plays.set(play.row, play)
    }
  }
  return {plays: [...plays.values()], cutBytes: brokenAt === null ? 0 : bytes.length - brokenAt}
}

/** The fields of an `adat`: number, length and bytes, each length and number a big-endian u32. */
function decodeFields(payload: Uint8Array): Map<number, Buffer> {
  const buffer = bufferOf(payload)
  const fields = new Map<number, Buffer>()
  let offset = 0
  while (offset + 8 <= buffer.length) {
    const end = offset + 8 + buffer.readUInt32BE(offset + 4)
    if (end > buffer.length) break
    fields.set(buffer.readUInt32BE(offset), buffer.subarray(offset + 8, end))
    offset = end
  }
  return fields
}

function playOfFields(fields: ReadonlyMap<number, Buffer>): SessionPlay | null {
  const text = (number: number) => {
    const value = textFromUtf16(fields.get(number) ?? new Uint8Array()).replace(/\0+$/, '')
    return value === '' ? null : value
  }
  /** Times have 4 bytes up to Serato 2.4 and 8 later: the length tells. */
  const integer = (number: number) => {
    const value = fields.get(number)
    if (value === undefined || value.length === 0 || value.length > 8) return null
    const total = value.reduce((sum, byte) => sum * 256 + byte, 0)
    return Number.isSafeInteger(total) ? total : null
  }
  const seconds = (number: number) => {
    const value = integer(number)
    return value === null || value === 0 || value > 0xffffffff ? null : value * 1000
  }
  const row = integer(FIELD.row)
  if (row === null) return null
  const tempo = integer(FIELD.tempoBpm)
  const played = integer(FIELD.playedSeconds)
  return {
    row,
    path: text(FIELD.path),
    title: text(FIELD.title),
    artist: text(FIELD.artist),
    album: text(FIELD.album),
    genre: text(FIELD.genre),
    tempoBpm: tempo === 0 ? null : tempo,
    key: text(FIELD.key),
    startedAtMs: seconds(FIELD.started),
    endedAtMs: seconds(FIELD.ended),
    deck: integer(FIELD.deck),
    playedMs: played === null ? null : played * 1000,
    session: integer(FIELD.session),
    isPlayed: integer(FIELD.isPlayed) === 1,
    updatedAtMs: seconds(FIELD.updated),
  }
}
