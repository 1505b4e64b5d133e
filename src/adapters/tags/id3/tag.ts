// An ID3v2 tag as a list of frames, each kept as it was stored.
// Sources: id3.org, "ID3 tag version 2.2.0", "2.3.0", "2.4.0 – Main Structure"; the deviations of real programs as
// mutagen's id3/_tags.py documents them.
import {inflateSync} from 'node:zlib'
import {CrateError} from '../../../core/errors.js'
import {latin1, syncsafe32, u8, u16be, u24be, u32be} from '../../audio/bytes.js'
import {isId3v2Header} from '../../audio/containers/foreign-tags.js'

export type Id3Version = 2 | 3 | 4

export interface Id3Frame {
  /** As stored: three characters in version 2.2, four after. */
  readonly id: string
  /** The two flag bytes; 0 in version 2.2. */
  readonly flags: number
  /** As stored, except that unsynchronisation of the whole tag (2.2, 2.3) is undone. */
  readonly data: Uint8Array
}

export interface Id3Tag {
  readonly version: Id3Version
  /** 2.4 only: the frames of this tag are unsynchronised one by one. */
  readonly isUnsynchronised: boolean
  readonly frames: readonly Id3Frame[]
  /** With header, padding and footer, as it lies in the file. */
  readonly totalBytes: number
}

const HEADER_BYTES = 10
const TAG_FLAG = {unsynchronised: 0x80, extendedHeader: 0x40, footer: 0x10} as const
const FLAGS_23 = {compressed: 0x80, encrypted: 0x40, grouped: 0x20} as const
const FLAGS_24 = {grouped: 0x40, compressed: 0x08, encrypted: 0x04, unsynchronised: 0x02, hasLength: 0x01} as const
const LARGEST_INFLATED_BYTES = 1 << 26

/** Null where no tag begins at the first byte. */
export function parseId3Tag(bytes: Uint8Array): Id3Tag | null {
  if (!isId3v2Header(bytes)) return null
  const major = u8(bytes, 3)
  if (major !== 2 && major !== 3 && major !== 4)
    throw new CrateError('FORMAT_UNSUPPORTED', `ID3 version 2.${major} is not known`)
  const flags = u8(bytes, 5)
  const bodyBytes = syncsafe32(bytes, 6)
  const totalBytes = HEADER_BYTES + bodyBytes + (major === 4 && flags & TAG_FLAG.footer ? HEADER_BYTES : 0)
  if (bytes.length < HEADER_BYTES + bodyBytes) throw new CrateError('FORMAT_INVALID', 'the ID3 tag is cut off')
  if (major === 2 && flags & TAG_FLAG.extendedHeader)
    throw new CrateError('FORMAT_UNSUPPORTED', 'compressed ID3v2.2 tags were never specified')
  const isUnsynchronised = (flags & TAG_FLAG.unsynchronised) !== 0
  const stored = bytes.subarray(HEADER_BYTES, HEADER_BYTES + bodyBytes)
  const body = major < 4 && isUnsynchronised ? undoUnsynchronisation(stored) : stored
  const start = major !== 2 && flags & TAG_FLAG.extendedHeader ? extendedHeaderBytes(body, major) : 0
  const frames =
    major === 2 ? parseFrames22(body) : major === 3 ? parseFrames(body, start, 3, u32be) : parseFrames24(body, start)
  return {version: major, isUnsynchronised: major === 4 && isUnsynchronised, frames, totalBytes}
}

function extendedHeaderBytes(body: Uint8Array, major: 3 | 4): number {
  return major === 3 ? 4 + u32be(body, 0) : syncsafe32(body, 0)
}

function parseFrames22(body: Uint8Array): Id3Frame[] {
  const frames: Id3Frame[] = []
  for (let at = 0; at + 6 <= body.length; ) {
    const id = latin1(body, at, at + 3)
    if (!/^[A-Z0-9]{3}$/.test(id)) break
    const end = at + 6 + u24be(body, at + 3)
    if (end > body.length) throw new CrateError('FORMAT_INVALID', `ID3 frame ${id} reaches past its tag`)
    frames.push({id, flags: 0, data: body.subarray(at + 6, end)})
    at = end
  }
  return frames
}

type SizeReader = (bytes: Uint8Array, at: number) => number

function parseFrames(body: Uint8Array, start: number, version: 3 | 4, sizeAt: SizeReader): Id3Frame[] {
  const frames: Id3Frame[] = []
  for (let at = start; at + HEADER_BYTES <= body.length; ) {
    const id = latin1(body, at, at + 4)
    if (!isFrameId(id)) {
      if (body.subarray(at).every((byte) => byte === 0)) break
      // Junk after the last frame: some programs leave the end of an older, longer tag in their padding.
      if (frames.length > 0) break
      throw new CrateError('FORMAT_INVALID', `the ID3v2.${version} tag holds no valid frame`)
    }
    const end = at + HEADER_BYTES + sizeAt(body, at + 4)
    if (end > body.length) throw new CrateError('FORMAT_INVALID', `ID3 frame ${id} reaches past its tag`)
    frames.push({id, flags: u16be(body, at + 8), data: body.subarray(at + HEADER_BYTES, end)})
    at = end
  }
  return frames
}

/** Some (old iTunes) wrote plain 32-bit sizes into 2.4 tags: whichever reading leads from frame to frame is right. */
function parseFrames24(body: Uint8Array, start: number): Id3Frame[] {
  const isChain = (sizeAt: SizeReader) => {
    let at = start
    while (at + HEADER_BYTES <= body.length && isFrameId(latin1(body, at, at + 4)))
      at += HEADER_BYTES + sizeAt(body, at + 4)
    return at <= body.length && body.subarray(at).every((byte) => byte === 0)
  }
  const isPlain = !isChain(syncsafe32) && isChain(u32be)
  return parseFrames(body, start, 4, isPlain ? u32be : syncsafe32)
}

function isFrameId(id: string): boolean {
  return /^[A-Z][A-Z0-9]{2}[A-Z0-9 \0]$/.test(id)
}

/**
 * The tag as bytes, padded with zeros.
 *
 * An extended header is not written again (its CRC would be wrong), nor a footer (none may stand beside padding).
 *
 * @param totalBytes of the result, where the frames fit into it; else it grows to what they need, plus room for later
 */
export function encodeId3Tag(
  {version, isUnsynchronised, frames}: Omit<Id3Tag, 'totalBytes'>,
  totalBytes: number,
): Uint8Array {
  const frameHeaderBytes = version === 2 ? 6 : HEADER_BYTES
  const needed = HEADER_BYTES + frames.reduce((sum, {data}) => sum + frameHeaderBytes + data.length, 0)
  const size = needed <= totalBytes ? totalBytes : Math.ceil((needed + 1024) / 2048) * 2048
  if (size - HEADER_BYTES >= 1 << 28) throw new CrateError('FORMAT_INVALID', 'an ID3 tag cannot be larger than 256 MB')
  const out = new Uint8Array(size)
  const view = new DataView(out.buffer)
  out.set([0x49, 0x44, 0x33, version, 0, isUnsynchronised ? TAG_FLAG.unsynchronised : 0])
  view.setUint32(6, syncsafeFrom(size - HEADER_BYTES))
  let at = HEADER_BYTES
  for (const {id, flags, data} of frames) {
    out.set(Buffer.from(id, 'latin1'), at)
    if (version === 2) {
      view.setUint8(at + 3, data.length >> 16)
      view.setUint16(at + 4, data.length & 0xffff)
    } else {
      view.setUint32(at + 4, version === 4 ? syncsafeFrom(data.length) : data.length)
      view.setUint16(at + 8, flags)
    }
    out.set(data, at + frameHeaderBytes)
    at += frameHeaderBytes + data.length
  }
  return out
}

function syncsafeFrom(value: number): number {
  return ((value & 0x0fe00000) << 3) | ((value & 0x1fc000) << 2) | ((value & 0x3f80) << 1) | (value & 0x7f)
}

/** What a frame holds once unsynchronisation, compression and grouping are undone; null where it is encrypted. */
export function frameContent(frame: Id3Frame, tag: Pick<Id3Tag, 'version' | 'isUnsynchronised'>): Uint8Array | null {
  const {flags, data} = frame
  if (tag.version === 2) return data
  if (tag.version === 3) {
    if (flags & FLAGS_23.encrypted) return null
    const skip = (flags & FLAGS_23.compressed ? 4 : 0) + (flags & FLAGS_23.grouped ? 1 : 0)
    return flags & FLAGS_23.compressed ? inflate(data.subarray(skip)) : data.subarray(skip)
  }
  if (flags & FLAGS_24.encrypted) return null
  const skip = (flags & FLAGS_24.grouped ? 1 : 0) + (flags & FLAGS_24.hasLength ? 4 : 0)
  const isUnsynchronised = (flags & FLAGS_24.unsynchronised) !== 0 || tag.isUnsynchronised
  const stored = data.subarray(skip)
  const plain = isUnsynchronised ? undoUnsynchronisation(stored) : stored
  return flags & FLAGS_24.compressed ? inflate(plain) : plain
}

/** A frame for a tag: unsynchronised where the tag says so. */
export function makeFrame(
  id: string,
  content: Uint8Array,
  tag: Pick<Id3Tag, 'version' | 'isUnsynchronised'>,
): Id3Frame {
  if (!tag.isUnsynchronised) return {id, flags: 0, data: content}
  const stuffed = applyUnsynchronisation(content)
  const data = new Uint8Array(4 + stuffed.length)
  new DataView(data.buffer).setUint32(0, syncsafeFrom(content.length))
  data.set(stuffed, 4)
  return {id, flags: FLAGS_24.unsynchronised | FLAGS_24.hasLength, data}
}

function inflate(data: Uint8Array): Uint8Array | null {
  try {
    return inflateSync(data, {maxOutputLength: LARGEST_INFLATED_BYTES})
  } catch {
    // A frame that cannot be unpacked is carried along unread, like an encrypted one.
    return null
  }
}

/** FF 00 becomes FF. */
export function undoUnsynchronisation(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = u8(bytes, at)
    out[length++] = byte
    if (byte === 0xff && bytes[at + 1] === 0) at++
  }
  return out.subarray(0, length)
}

/** A zero after every FF that a decoder could take for a frame header, or that the reverse would eat. */
export function applyUnsynchronisation(bytes: Uint8Array): Uint8Array {
  const out: number[] = []
  for (let at = 0; at < bytes.length; at++) {
    const byte = u8(bytes, at)
    out.push(byte)
    const next = bytes[at + 1]
    if (byte === 0xff && (next === undefined || next === 0 || next >= 0xe0)) out.push(0)
  }
  return Uint8Array.from(out)
}
