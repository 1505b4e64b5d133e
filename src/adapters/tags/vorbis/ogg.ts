// Vorbis comments in the second packet of an Ogg stream: the header pages are laid out anew, later ones renumbered.
// Sources: RFC 3533 §6 (pages, CRC), Vorbis I §5.2, RFC 7845 §5.2, "Ogg FLAC mapping".
import {CrateError} from '../../../core/errors.js'
import {type ByteSource, u24be} from '../../audio/bytes.js'
import {type OggPage, type OggStream, oggPages, readOggStream} from '../../audio/containers/ogg.js'
import {copy, insert, type KeyChange, type Piece} from '../splice.js'
import {
  type CommentValue,
  editComments,
  encodeVorbisComments,
  parseVorbisComments,
  readCommentValues,
  type VorbisComments,
} from './comments.js'

interface HeaderPages {
  readonly stream: OggStream
  /** Pages of the stream that hold its header packets after the first. */
  readonly pages: readonly OggPage[]
  /** Comment packet first; for Vorbis the codebooks, for FLAC other blocks follow. */
  readonly packets: readonly Uint8Array[]
  /** Lacing values of the last of these pages that already belong to audio: none in files that keep to the rules. */
  readonly audioLacing: Uint8Array
  readonly audioBody: Uint8Array
}

const LARGEST_HEADER_BYTES = 1 << 26

function readHeaderPages(source: ByteSource): HeaderPages {
  const stream = readOggStream(source)
  const wanted = stream.headerPackets - 1
  const pages: OggPage[] = []
  const packets: Uint8Array[] = []
  let parts: Uint8Array[] = []
  let total = 0
  for (const page of oggPages(source)) {
    if (page.serial !== stream.serial || page.isFirst) continue
    const body = source.read(page.at + page.headerBytes, page.bodyBytes).slice()
    pages.push(page)
    total += body.length
    if (total > LARGEST_HEADER_BYTES || body.length < page.bodyBytes) break
    let at = 0
    for (const [index, value] of page.lacing.entries()) {
      parts.push(body.subarray(at, at + value))
      at += value
      if (value === 255) continue
      packets.push(Buffer.concat(parts))
      parts = []
      if (packets.length === wanted)
        return {stream, pages, packets, audioLacing: page.lacing.subarray(index + 1), audioBody: body.subarray(at)}
    }
  }
  throw new CrateError('FORMAT_INVALID', 'this Ogg file ends within its headers')
}

/** Bytes before the comment block in its packet. */
function prefixBytes(stream: OggStream): number {
  return stream.codec === 'vorbis' ? 7 : stream.codec === 'opus' ? 8 : 4
}

function commentsIn(packet: Uint8Array | undefined, stream: OggStream): VorbisComments {
  if (packet === undefined || (stream.codec === 'flac' && ((packet[0] ?? 0) & 0x7f) !== 4))
    throw new CrateError('FORMAT_INVALID', 'this Ogg file has no comment packet')
  const start = prefixBytes(stream)
  const end = stream.codec === 'flac' ? start + u24be(packet, 1) : packet.length
  return parseVorbisComments(packet.subarray(start, end))
}

export function readOggComments(source: ByteSource): CommentValue[] {
  const {stream, packets} = readHeaderPages(source)
  return readCommentValues(commentsIn(packets[0], stream))
}

export function* editOggComments(source: ByteSource, changes: readonly KeyChange[]): Generator<Piece> {
  const header = readHeaderPages(source)
  const {stream, pages, packets, audioLacing, audioBody} = header
  const [old, ...others] = packets
  const edited = encodePacket(old, stream, changes)
  const firstSequence = pages[0]?.sequence ?? 1
  const fresh = layOutPages([edited, ...others])
  const last = pages.at(-1)
  if (audioLacing.length > 0 && last !== undefined)
    fresh.push({lacing: audioLacing, body: audioBody, granule: last, isContinued: false})
  const shift = fresh.length - pages.length
  const replaced = new Set(pages.map(({at}) => at))
  const encoded = fresh.map((page, index) => encodePage(page, stream.serial, firstSequence + index, source))

  let copiedTo = 0
  let isHeaderWritten = false
  for (const page of oggPages(source)) {
    const end = page.at + page.headerBytes + page.bodyBytes
    if (replaced.has(page.at)) {
      if (page.at > copiedTo) yield copy(copiedTo, page.at)
      if (!isHeaderWritten) for (const bytes of encoded) yield insert(bytes)
      isHeaderWritten = true
      copiedTo = end
    } else if (isHeaderWritten && shift === 0 && page.at > (last?.at ?? 0)) break
    else if (isHeaderWritten && shift !== 0 && page.serial === stream.serial && end <= source.sizeBytes) {
      if (page.at > copiedTo) yield copy(copiedTo, page.at)
      yield insert(renumbered(source.read(page.at, end - page.at).slice(), page.sequence + shift))
      copiedTo = end
    }
  }
  if (copiedTo < source.sizeBytes) yield copy(copiedTo, source.sizeBytes)
}

function encodePacket(old: Uint8Array | undefined, stream: OggStream, changes: readonly KeyChange[]): Uint8Array {
  const comments = encodeVorbisComments(editComments(commentsIn(old, stream), changes))
  const prefix = Buffer.from((old ?? new Uint8Array(0)).subarray(0, prefixBytes(stream)))
  if (stream.codec === 'flac') prefix.writeUIntBE(comments.length, 1, 3)
  return Buffer.concat([prefix, comments])
}

interface NewPage {
  readonly lacing: Uint8Array
  readonly body: Uint8Array
  /** The page whose granule position it takes; null for 0. */
  readonly granule: OggPage | null
  readonly isContinued: boolean
}

const MOST_SEGMENTS = 255

/** Packets laid into pages one after another; the last ends its page, so that audio begins on a fresh one. */
function layOutPages(packets: readonly Uint8Array[]): NewPage[] {
  const segments: {readonly bytes: Uint8Array; readonly isStart: boolean}[] = []
  for (const packet of packets)
    for (let at = 0; at <= packet.length; at += 255)
      segments.push({bytes: packet.subarray(at, Math.min(packet.length, at + 255)), isStart: at === 0})
  const pages: NewPage[] = []
  for (let from = 0; from < segments.length; from += MOST_SEGMENTS) {
    const part = segments.slice(from, from + MOST_SEGMENTS)
    pages.push({
      lacing: Uint8Array.from(part.map(({bytes}) => bytes.length)),
      body: Buffer.concat(part.map(({bytes}) => bytes)),
      granule: null,
      isContinued: part[0]?.isStart === false,
    })
  }
  return pages
}

const PAGE_HEADER_BYTES = 27
const FLAG = {continued: 1, last: 4} as const

function encodePage(page: NewPage, serial: number, sequence: number, source: ByteSource): Uint8Array {
  const out = Buffer.alloc(PAGE_HEADER_BYTES + page.lacing.length + page.body.length)
  out.write('OggS', 0, 'latin1')
  out.writeUInt8((page.isContinued ? FLAG.continued : 0) | (page.granule?.isLast === true ? FLAG.last : 0), 5)
  if (page.granule !== null) out.set(source.read(page.granule.at + 6, 8), 6)
  // No packet ends on a page that one packet fills: the granule position is then −1 (RFC 3533 §6).
  else if (page.lacing.every((value) => value === 255)) out.fill(0xff, 6, 14)
  out.writeUInt32LE(serial, 14)
  out.writeUInt32LE(sequence, 18)
  out.writeUInt8(page.lacing.length, 26)
  out.set(page.lacing, PAGE_HEADER_BYTES)
  out.set(page.body, PAGE_HEADER_BYTES + page.lacing.length)
  out.writeUInt32LE(oggCrc(out), 22)
  return out
}

function renumbered(page: Uint8Array, sequence: number): Uint8Array {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength)
  view.setUint32(18, sequence, true)
  view.setUint32(22, 0, true)
  view.setUint32(22, oggCrc(page), true)
  return page
}

const CRC_TABLE = Uint32Array.from({length: 256}, (_, index) => {
  let value = index << 24
  for (let bit = 0; bit < 8; bit++) value = value & 0x8000_0000 ? (value << 1) ^ 0x04c11db7 : value << 1
  return value >>> 0
})

/** CRC-32 of a page whose checksum field is zero: polynomial 0x04c11db7, not reflected, from 0 (RFC 3533 §6). */
export function oggCrc(page: Uint8Array): number {
  let crc = 0
  for (const byte of page) crc = ((crc << 8) ^ (CRC_TABLE[(crc >>> 24) ^ byte] ?? 0)) >>> 0
  return crc
}
