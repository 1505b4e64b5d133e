// Ogg pages and the packets in them, for Vorbis, Opus and FLAC.
// Sources: RFC 3533 (Ogg), Vorbis I §4.2 and §A.2, RFC 7845 (Opus in Ogg), "Ogg FLAC mapping" of xiph.org.
import {CrateError} from '../../../core/errors.js'
import {type ByteRange, type ByteSource, latin1, startsWith, u8, u16be, u16le, u32le} from '../bytes.js'
import {type AudioCodec, type AudioLayout, bitRateOf} from '../layout.js'
import {parseStreamInfo} from './flac.js'
import {parseVorbisBlocks, vorbisFrameCounter} from './vorbis-blocks.js'

export interface OggPage {
  readonly at: number
  readonly headerBytes: number
  readonly bodyBytes: number
  readonly isContinued: boolean
  readonly isFirst: boolean
  readonly isLast: boolean
  /** Low 32 bits and high 32 bits; −1 (no packet ends here) as null. */
  readonly granule: number | null
  readonly serial: number
  readonly sequence: number
  /** Lacing values: a packet ends after each that is below 255. */
  readonly lacing: Uint8Array
}

const PAGE_HEADER_BYTES = 27
/** Comments with pictures make megabytes; a file that is headers all through is damaged. */
const LARGEST_HEADERS_BYTES = 1 << 26
const LONGEST_PAGE_BYTES = 27 + 255 + 255 * 255

/** The page at a position; null where there is none. */
export function oggPageAt(source: ByteSource, at: number): OggPage | null {
  const bytes = source.read(at, PAGE_HEADER_BYTES + 255)
  if (bytes.length < PAGE_HEADER_BYTES || !startsWith(bytes, 'OggS') || u8(bytes, 4) !== 0) return null
  const segments = u8(bytes, 26)
  const lacing = bytes.slice(PAGE_HEADER_BYTES, PAGE_HEADER_BYTES + segments)
  const flags = u8(bytes, 5)
  const low = u32le(bytes, 6)
  const high = u32le(bytes, 10)
  return {
    at,
    headerBytes: PAGE_HEADER_BYTES + segments,
    bodyBytes: lacing.reduce((sum, value) => sum + value, 0),
    isContinued: (flags & 1) !== 0,
    isFirst: (flags & 2) !== 0,
    isLast: (flags & 4) !== 0,
    granule: low === 0xffffffff && high === 0xffffffff ? null : high * 2 ** 32 + low,
    serial: u32le(bytes, 14),
    sequence: u32le(bytes, 18),
    lacing,
  }
}

/** All pages in file order; bytes between pages are passed over. */
export function* oggPages(source: ByteSource, from = 0): Generator<OggPage> {
  let at = from
  while (at < source.sizeBytes) {
    const page = oggPageAt(source, at)
    if (page === null) {
      at = nextPageStart(source, at + 1)
      continue
    }
    yield page
    at += page.headerBytes + page.bodyBytes
  }
}

function nextPageStart(source: ByteSource, from: number): number {
  for (let at = from; at < source.sizeBytes; ) {
    const bytes = source.read(at, LONGEST_PAGE_BYTES)
    const index = latin1(bytes).indexOf('OggS')
    if (index >= 0) return at + index
    if (bytes.length < LONGEST_PAGE_BYTES) break
    at += bytes.length - 3
  }
  return source.sizeBytes
}

export interface OggStream {
  readonly codec: AudioCodec
  readonly serial: number
  readonly sampleRateHz: number
  readonly channels: number
  readonly bitDepth: number | null
  readonly preSkipFrames: number
  /** Packets before the audio: identification, comments, and the codebooks of Vorbis. */
  readonly headerPackets: number
}

/** The first audio stream that a file declares, from the first packets of its logical streams. */
export function readOggStream(source: ByteSource): OggStream {
  for (const page of oggPages(source)) {
    if (!page.isFirst) break
    const packet = source.read(page.at + page.headerBytes, page.bodyBytes)
    const stream = parseIdentification(packet, page.serial)
    if (stream !== null) return stream
  }
  throw new CrateError('AUDIO_UNDECODABLE', 'this Ogg file holds no Vorbis, Opus or FLAC audio')
}

function parseIdentification(packet: Uint8Array, serial: number): OggStream | null {
  if (startsWith(packet, '\x01vorbis'))
    return {
      codec: 'vorbis',
      serial,
      channels: u8(packet, 11),
      sampleRateHz: u32le(packet, 12),
      bitDepth: null,
      preSkipFrames: 0,
      headerPackets: 3,
    }
  if (startsWith(packet, 'OpusHead'))
    return {
      codec: 'opus',
      serial,
      channels: u8(packet, 9),
      // Opus always decodes at 48 kHz; the rate in its header is only what the encoder was given.
      sampleRateHz: 48000,
      bitDepth: null,
      preSkipFrames: u16le(packet, 10),
      headerPackets: 2,
    }
  if (startsWith(packet, '\x7fFLAC')) {
    const {sampleRateHz, channels, bitDepth} = parseStreamInfo(packet.subarray(17))
    return {
      codec: 'flac',
      serial,
      channels,
      sampleRateHz,
      bitDepth,
      preSkipFrames: 0,
      headerPackets: 1 + u16be(packet, 7),
    }
  }
  return null
}

export interface OggHeaders {
  readonly stream: OggStream
  /** Pages of the stream that hold its header packets. */
  readonly pages: readonly OggPage[]
  readonly packets: readonly Uint8Array[]
  /** Of the page after them. */
  readonly audioAt: number
}

/** The header packets of a stream; null where audio begins on a page with them, against the rules. */
export function oggHeaders(source: ByteSource): OggHeaders | null {
  const stream = readOggStream(source)
  const pages: OggPage[] = []
  const packets: Uint8Array[] = []
  let parts: Uint8Array[] = []
  for (const page of oggPages(source)) {
    if (page.serial !== stream.serial) continue
    pages.push(page)
    const body = source.read(page.at + page.headerBytes, page.bodyBytes).slice()
    let at = 0
    for (const value of page.lacing) {
      parts.push(body.subarray(at, at + value))
      at += value
      if (value === 255) continue
      packets.push(Buffer.concat(parts))
      parts = []
    }
    if (packets.length > stream.headerPackets || page.at > LARGEST_HEADERS_BYTES) return null
    if (packets.length === stream.headerPackets && parts.length === 0)
      return {stream, pages, packets, audioAt: page.at + page.headerBytes + page.bodyBytes}
  }
  return null
}

/** Bytes of the audio packets: page headers and header packets left out, so that longer comments change nothing. */
export function* oggAudioRanges(source: ByteSource, stream: OggStream): Generator<ByteRange> {
  let packetsBefore = 0
  for (const page of oggPages(source)) {
    if (page.serial !== stream.serial) continue
    const bodyAt = page.at + page.headerBytes
    let skipBytes = 0
    let position = 0
    for (const value of page.lacing) {
      if (packetsBefore >= stream.headerPackets) break
      position += value
      skipBytes = position
      if (value < 255) packetsBefore++
    }
    if (packetsBefore < stream.headerPackets) continue
    const end = Math.min(bodyAt + page.bodyBytes, source.sizeBytes)
    if (bodyAt + skipBytes < end) yield {start: bodyAt + skipBytes, end}
  }
}

/** The last page of the stream that gives a position, read from the end of the file, and whether it reaches past it. */
function readEnd(source: ByteSource, stream: OggStream): {granule: number | null; isCutOff: boolean} {
  for (let size = 1 << 16; ; size *= 4) {
    const from = Math.max(0, source.sizeBytes - size)
    let granule: number | null = null
    let isCutOff = false
    const start = oggPageAt(source, from) === null ? nextPageStart(source, from) : from
    for (const page of oggPages(source, start)) {
      if (page.serial !== stream.serial) continue
      isCutOff = page.at + page.headerBytes + page.bodyBytes > source.sizeBytes
      if (page.granule !== null && !isCutOff) granule = page.granule
    }
    if (granule !== null || from === 0) return {granule, isCutOff}
  }
}

/**
 * Samples before the music: where the first page of audio ends earlier than its packets add up to, the surplus is to be
 * dropped from its beginning (Vorbis I §A.2).
 */
function vorbisLeadIn(source: ByteSource): number {
  const headers = oggHeaders(source)
  const [identification, , setup] = headers?.packets ?? []
  const page = headers === null ? null : oggPageAt(source, headers.audioAt)
  if (identification === undefined || setup === undefined || page === null || page.granule === null || page.isLast)
    return 0
  const blocks = parseVorbisBlocks(identification, setup)
  if (blocks === null) return 0
  const counter = vorbisFrameCounter(blocks)
  return Math.max(0, counter.framesOf(source, page) - page.granule)
}

export function layoutOfOgg(source: ByteSource): AudioLayout {
  const stream = readOggStream(source)
  const {granule, isCutOff} = readEnd(source, stream)
  const frameCount = granule === null ? null : Math.max(0, granule - stream.preSkipFrames)
  return {
    format: stream.codec === 'opus' ? 'opus' : stream.codec === 'flac' ? 'flac' : 'ogg',
    codec: stream.codec,
    sampleRateHz: stream.sampleRateHz > 0 ? stream.sampleRateHz : null,
    channels: stream.channels > 0 ? stream.channels : null,
    bitDepth: stream.bitDepth,
    bitRateKbps: bitRateOf(source.sizeBytes, frameCount, stream.sampleRateHz),
    frameCount,
    leadInFrames: stream.codec === 'vorbis' ? vorbisLeadIn(source) : 0,
    mp3HeaderCase: null,
    isCutOff,
    pcm: null,
    signature: stream.codec,
    payload: () => oggAudioRanges(source, stream),
  }
}
