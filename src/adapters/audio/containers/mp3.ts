// MP3: frames between tags, the first of them often a Xing/Info frame that says how long the music is and what to trim.
// Sources: "Mp3 Info Tag rev 1 specifications" (LAME); mp3guessenc's order of fields; FORMATS for the four cases.
import {CrateError} from '../../../core/errors.js'
import type {AudioFormat, Mp3HeaderCase} from '../../../core/track.js'
import {type ByteSource, latin1, startsWith, u8, u16be, u24be, u32be} from '../bytes.js'
import {type AudioLayout, bitRateOf} from '../layout.js'
import {id3v2BytesAt, trailingTagsStart} from './foreign-tags.js'
import {isSameStream, type MpegFrameHeader, parseMpegFrameHeader} from './mpeg-frame.js'

/** The delay of every layer III decoder: 528 samples of its filter bank, plus one. */
const DECODER_DELAY = 529

/** Programs put up to this much between the tag and the first frame. */
const RESYNC_BYTES = 1 << 17

export interface XingHeader {
  readonly headerCase: Exclude<Mp3HeaderCase, 'none'>
  /** Frames of music, this one not counted; null where it does not say. */
  readonly frames: number | null
  /** Samples of encoder delay and padding; null where no encoder wrote them. */
  readonly delay: number | null
  readonly padding: number | null
}

export interface Mp3Frames {
  readonly first: MpegFrameHeader
  readonly xing: XingHeader | null
  /** Of the first frame of music, after a Xing/Info frame. */
  readonly start: number
  readonly end: number
}

/** Where the frames of an MP3 lie; null where the content is no MPEG audio of layers I to III. */
export function findMp3Frames(source: ByteSource): Mp3Frames | null {
  const searchFrom = id3v2BytesAt(source, 0)
  const end = trailingTagsStart(source)
  const found = findFirstFrame(source, searchFrom, end)
  if (found === null) return null
  const {at, header} = found
  const xing = header.layer === 3 ? parseXing(source.read(at, Math.min(header.frameBytes, end - at)), header) : null
  return {first: header, xing, start: xing === null ? at : Math.min(end, at + header.frameBytes), end}
}

/** The first frame that is followed by two more of the same stream, or by the end of the audio. */
function findFirstFrame(source: ByteSource, from: number, end: number): {at: number; header: MpegFrameHeader} | null {
  const bytes = source.read(from, Math.min(RESYNC_BYTES, end - from)).slice()
  for (
    let index = bytes.indexOf(0xff);
    index >= 0 && index + 4 <= bytes.length;
    index = bytes.indexOf(0xff, index + 1)
  ) {
    const header = parseMpegFrameHeader(bytes, index)
    if (header !== null && isFollowedByFrames(source, from + index, end, header)) return {at: from + index, header}
  }
  return null
}

function isFollowedByFrames(source: ByteSource, from: number, end: number, first: MpegFrameHeader): boolean {
  let at = from + first.frameBytes
  for (let count = 0; count < 2; count++) {
    // One frame alone is found only where it fills the audio exactly: four bytes of a text look like a header too easily.
    if (at === end) return true
    const next = parseMpegFrameHeader(source.read(at, 4), 0)
    if (next === null || !isSameStream(first, next)) return false
    at += next.frameBytes
  }
  return true
}

const XING_FLAG = {frames: 1, bytes: 2, toc: 4, quality: 8} as const

function parseXing(frame: Uint8Array, header: MpegFrameHeader): XingHeader | null {
  // Encoders write the tag where a decoder without it finds silence, as though there were no CRC.
  const at = 4 + header.sideInfoBytes
  if (startsWith(frame, 'VBRI', 36))
    return {headerCase: 'xing', frames: u32be(frame, 36 + 14), delay: null, padding: null}
  if (!startsWith(frame, 'Xing', at) && !startsWith(frame, 'Info', at)) return null
  const flags = u32be(frame, at + 4)
  let field = at + 8
  const frames = flags & XING_FLAG.frames ? u32be(frame, field) : null
  if (flags & XING_FLAG.frames) field += 4
  if (flags & XING_FLAG.bytes) field += 4
  if (flags & XING_FLAG.toc) field += 100
  if (flags & XING_FLAG.quality) field += 4
  return {frames, ...parseLameTag(frame, field)}
}

/** The 36 bytes after the Xing fields: 9 of encoder name, …, 3 of delay and padding at 21, CRC-16 of all before at 34. */
function parseLameTag(frame: Uint8Array, at: number): Pick<XingHeader, 'headerCase' | 'delay' | 'padding'> {
  const encoder = latin1(frame, at, at + 4)
  if (!['LAME', 'Lavf', 'Lavc', 'L3.9', 'GOGO'].includes(encoder) || frame.length < at + 36)
    return {headerCase: 'xing', delay: null, padding: null}
  const packed = u24be(frame, at + 21)
  const isLame = encoder === 'LAME' || encoder === 'L3.9'
  const isCrcRight = crc16(frame.subarray(0, at + 34)) === u16be(frame, at + 34)
  return {
    headerCase: isLame ? (isCrcRight ? 'lame' : 'lame-crc-bad') : packed === 0 ? 'xing' : 'lavc',
    delay: packed === 0 ? null : packed >> 12,
    padding: packed === 0 ? null : packed & 0xfff,
  }
}

/** CRC-16/ARC: polynomial 0x8005 reflected, from 0. */
function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  }
  return crc
}

/** Counts the frames by walking from header to header, past damage. */
export function countMp3Frames(source: ByteSource, frames: Pick<Mp3Frames, 'first' | 'start' | 'end'>): number {
  let count = 0
  for (const _ of walkMp3Frames(source, frames)) count++
  return count
}

/** Start and length of each frame. */
export function* walkMp3Frames(
  source: ByteSource,
  {first, start, end}: Pick<Mp3Frames, 'first' | 'start' | 'end'>,
): Generator<{readonly at: number; readonly bytes: number}> {
  let at = start
  while (at + 4 <= end) {
    const header = parseMpegFrameHeader(source.read(at, 4), 0)
    if (header === null || !isSameStream(first, header)) {
      at = nextSync(source, at + 1, end)
      continue
    }
    if (at + header.frameBytes > end) return
    yield {at, bytes: header.frameBytes}
    at += header.frameBytes
  }
}

function nextSync(source: ByteSource, from: number, end: number): number {
  for (let at = from; at < end; ) {
    const bytes = source.read(at, Math.min(4096, end - at))
    const index = bytes.indexOf(0xff)
    if (index >= 0 && (u8(bytes, index + 1) & 0xe0) === 0xe0) return at + index
    at += index < 0 ? bytes.length : index + 1
  }
  return end
}

export function layoutOfMp3(source: ByteSource): AudioLayout {
  const frames = findMp3Frames(source)
  if (frames === null) throw new CrateError('AUDIO_UNDECODABLE', 'no MPEG audio frames were found')
  const {first, xing, start, end} = frames
  const frameTotal = xing?.frames ?? countMp3Frames(source, frames)
  const trimmed = (xing?.delay ?? 0) + (xing?.padding ?? 0)
  const frameCount = Math.max(0, frameTotal * first.samplesPerFrame - trimmed)
  const format: AudioFormat = 'mp3'
  return {
    format,
    codec: first.layer === 3 ? 'mp3' : 'other',
    sampleRateHz: first.sampleRateHz,
    channels: first.channels,
    bitDepth: null,
    bitRateKbps: bitRateOf(end - start, frameTotal * first.samplesPerFrame, first.sampleRateHz) ?? first.bitRateKbps,
    frameCount,
    leadInFrames: xing?.delay == null ? 0 : xing.delay + DECODER_DELAY,
    mp3HeaderCase: xing?.headerCase ?? 'none',
    pcm: null,
    signature: 'mp3',
    // The Xing frame is silence with numbers about the file in it; repair tools and `ffmpeg -c copy` rewrite it.
    payload: () => [{start, end}],
  }
}
