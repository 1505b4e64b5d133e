// The comments of an Ogg stream as it comes over a socket: each track of a broadcast is a new logical stream with its own.

export interface StreamComments {
  readonly artist: string | null
  readonly title: string | null
}

interface Logical {
  packets: number
  parts: Uint8Array[]
  bytes: number
}

/** A comment packet with a large picture is cut here; artist and title stand before. */
const LONGEST_PACKET = 1 << 18
const MOST_STREAMS = 8
const HEAD_BYTES = 27

/** Any pieces in, comments out. Bounded, and never throws. @see RFC 3533 for pages, RFC 7845 and Vorbis I for packets */
export class OggComments {
  #rest: Buffer = Buffer.alloc(0)
  readonly #streams = new Map<number, Logical>()

  push(piece: Uint8Array): readonly StreamComments[] {
    this.#rest = this.#rest.length === 0 ? Buffer.from(piece) : Buffer.concat([this.#rest, piece])
    const found: StreamComments[] = []
    let at = 0
    while (true) {
      at = this.#rest.indexOf('OggS', at, 'latin1')
      if (at < 0) {
        at = Math.max(0, this.#rest.length - 3)
        break
      }
      const segments = this.#rest[at + 26]
      if (segments === undefined || at + HEAD_BYTES + segments > this.#rest.length) break
      const table = this.#rest.subarray(at + HEAD_BYTES, at + HEAD_BYTES + segments)
      const bodyAt = at + HEAD_BYTES + segments
      const end = bodyAt + table.reduce((sum, length) => sum + length, 0)
      if (end > this.#rest.length) break
      found.push(...this.#page(this.#rest.subarray(at, bodyAt), table, this.#rest.subarray(bodyAt, end)))
      at = end
    }
    this.#rest = Buffer.from(this.#rest.subarray(at))
    return found
  }

  #page(head: Buffer, table: Uint8Array, body: Buffer): StreamComments[] {
    const flags = head[5] ?? 0
    const serial = head.readUInt32LE(14)
    if (flags & 2) {
      if (this.#streams.size >= MOST_STREAMS) this.#streams.clear()
      this.#streams.set(serial, {packets: 0, parts: [], bytes: 0})
    }
    const stream = this.#streams.get(serial)
    // The second packet holds the comments: what comes after is sound.
    if (stream === undefined || stream.packets >= 2) return []
    const found: StreamComments[] = []
    let at = 0
    for (const length of table) {
      if (stream.bytes < LONGEST_PACKET) stream.parts.push(Buffer.from(body.subarray(at, at + length)))
      stream.bytes += length
      at += length
      if (length === 255) continue
      const comments = stream.packets === 1 ? commentsOf(Buffer.concat(stream.parts)) : null
      if (comments !== null) found.push(comments)
      stream.packets++
      stream.parts = []
      stream.bytes = 0
      if (stream.packets >= 2) break
    }
    return found
  }
}

function commentsOf(packet: Buffer): StreamComments | null {
  const starts = (text: string) => packet.subarray(0, text.length).toString('latin1') === text
  // FLAC in Ogg has its metadata block as it is in a file: a type, three bytes of length.
  const isFlac = ((packet[0] ?? 0) & 0x7f) === 4
  const at = starts('\x03vorbis') ? 7 : starts('OpusTags') ? 8 : isFlac ? 4 : null
  if (at === null || packet.length < at + 8) return null
  const values = new Map<string, string>()
  let next = at + 4 + packet.readUInt32LE(at)
  if (next + 4 > packet.length) return null
  const count = packet.readUInt32LE(next)
  next += 4
  for (let index = 0; index < count && next + 4 <= packet.length; index++) {
    const length = packet.readUInt32LE(next)
    const text = packet.subarray(next + 4, next + 4 + length).toString('utf8')
    next += 4 + length
    const equals = text.indexOf('=')
    const name = text.slice(0, equals).toUpperCase()
    if (equals > 0 && !values.has(name)) values.set(name, text.slice(equals + 1).trim())
  }
  return {artist: values.get('ARTIST') || null, title: values.get('TITLE') || null}
}
