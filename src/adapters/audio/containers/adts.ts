// Raw AAC in ADTS frames, the `.aac` of radio rips and some phones.
// Source: ISO/IEC 14496-3 §1.A.2.2.
import {CrateError} from '../../../core/errors.js'
import {type ByteRange, type ByteSource, u8} from '../bytes.js'
import {type AudioLayout, bitRateOf} from '../layout.js'
import {id3v2BytesAt, trailingTagsStart} from './foreign-tags.js'

export const AAC_SAMPLE_RATES_HZ = [
  96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
] as const
export const AAC_FRAME_SAMPLES = 1024

export interface AdtsHeader {
  readonly sampleRateHz: number
  readonly channels: number
  /** With the header itself. */
  readonly frameBytes: number
}

export function parseAdtsHeader(bytes: Uint8Array, at: number): AdtsHeader | null {
  if (u8(bytes, at) !== 0xff || (u8(bytes, at + 1) & 0xf6) !== 0xf0) return null
  const sampleRateHz = AAC_SAMPLE_RATES_HZ[(u8(bytes, at + 2) >> 2) & 0x0f]
  const channels = ((u8(bytes, at + 2) & 1) << 2) | (u8(bytes, at + 3) >> 6)
  const frameBytes = ((u8(bytes, at + 3) & 3) << 11) | (u8(bytes, at + 4) << 3) | (u8(bytes, at + 5) >> 5)
  return sampleRateHz === undefined || frameBytes < 7 ? null : {sampleRateHz, channels, frameBytes}
}

/** Seven bytes of header for one frame of AAC-LC. */
export function adtsHeader(sampleRateIndex: number, channelConfig: number, payloadBytes: number): Uint8Array {
  const frameBytes = payloadBytes + 7
  const profileLc = 1
  return Uint8Array.of(
    0xff,
    0xf1,
    (profileLc << 6) | (sampleRateIndex << 2) | (channelConfig >> 2),
    ((channelConfig & 3) << 6) | (frameBytes >> 11),
    (frameBytes >> 3) & 0xff,
    ((frameBytes & 7) << 5) | 0x1f,
    0xfc,
  )
}

/** True where an ADTS stream begins at the first byte after any ID3v2 tag: three frames in a row. */
export function isAdts(source: ByteSource): boolean {
  let at = id3v2BytesAt(source, 0)
  for (let count = 0; count < 3; count++) {
    const header = parseAdtsHeader(source.read(at, 7), 0)
    if (header === null) return count > 0 && at === source.sizeBytes
    at += header.frameBytes
  }
  return true
}

/** Every whole frame, header included. */
export function* adtsFrames(source: ByteSource): Generator<ByteRange> {
  const end = trailingTagsStart(source)
  for (let at = id3v2BytesAt(source, 0); at + 7 <= end; ) {
    const header = parseAdtsHeader(source.read(at, 7), 0)
    if (header === null || at + header.frameBytes > end) return
    yield {start: at, end: at + header.frameBytes}
    at += header.frameBytes
  }
}

export function layoutOfAdts(source: ByteSource): AudioLayout {
  const start = id3v2BytesAt(source, 0)
  const end = trailingTagsStart(source)
  const first = parseAdtsHeader(source.read(start, 7), 0)
  if (first === null) throw new CrateError('AUDIO_UNDECODABLE', 'no AAC frames were found')
  let frames = 0
  for (const _ of adtsFrames(source)) frames++
  const frameCount = frames * AAC_FRAME_SAMPLES
  return {
    format: 'aac',
    codec: 'aac',
    sampleRateHz: first.sampleRateHz,
    channels: first.channels || null,
    bitDepth: null,
    bitRateKbps: bitRateOf(end - start, frameCount, first.sampleRateHz),
    frameCount,
    leadInFrames: 0,
    mp3HeaderCase: null,
    pcm: null,
    signature: 'aac',
    payload: () => [{start, end}],
  }
}
