// FLAC: metadata blocks, then frames to the end of the file.
// Source: RFC 9639.
import {CrateError} from '../../../core/errors.js'
import {type ByteSource, startsWith, u8, u16be, u24be, u32be} from '../bytes.js'
import {type AudioLayout, bitRateOf} from '../layout.js'
import {id3v2BytesAt, trailingTagsStart} from './foreign-tags.js'

export interface FlacBlock {
  readonly type: number
  readonly isLast: boolean
  /** Of the block's data, after its four bytes of header. */
  readonly start: number
  readonly end: number
}

export interface FlacMetadata {
  /** Of the `fLaC` marker: some taggers put an ID3v2 tag before it. */
  readonly markerAt: number
  readonly blocks: readonly FlacBlock[]
  readonly audioStart: number
}

export function readFlacMetadata(source: ByteSource): FlacMetadata {
  const markerAt = id3v2BytesAt(source, 0)
  if (!startsWith(source.read(markerAt, 4), 'fLaC'))
    throw new CrateError('AUDIO_UNDECODABLE', 'this FLAC has no fLaC marker')
  const blocks: FlacBlock[] = []
  let at = markerAt + 4
  for (;;) {
    const header = source.read(at, 4)
    const end = at + 4 + u24be(header, 1)
    if (header.length < 4 || end > source.sizeBytes)
      throw new CrateError('AUDIO_UNDECODABLE', 'this FLAC ends within its metadata')
    const isLast = (u8(header, 0) & 0x80) !== 0
    blocks.push({type: u8(header, 0) & 0x7f, isLast, start: at + 4, end})
    at = end
    if (isLast) return {markerAt, blocks, audioStart: at}
  }
}

/** Fields of STREAMINFO (RFC 9639 §8.2). */
export function parseStreamInfo(info: Uint8Array): {
  sampleRateHz: number
  channels: number
  bitDepth: number
  /** Null where the encoder did not know it. */
  frameCount: number | null
} {
  const total = (u8(info, 13) & 0x0f) * 2 ** 32 + u32be(info, 14)
  return {
    sampleRateHz: u24be(info, 10) >> 4,
    channels: ((u8(info, 12) >> 1) & 0x07) + 1,
    bitDepth: ((u16be(info, 12) >> 4) & 0x1f) + 1,
    frameCount: total === 0 ? null : total,
  }
}

export function layoutOfFlac(source: ByteSource): AudioLayout {
  const {blocks, audioStart} = readFlacMetadata(source)
  const first = blocks[0]
  if (first === undefined || first.type !== 0 || first.end - first.start < 34)
    throw new CrateError('AUDIO_UNDECODABLE', 'this FLAC does not begin with its stream information')
  const {sampleRateHz, channels, bitDepth, frameCount} = parseStreamInfo(source.read(first.start, 34))
  const end = Math.max(audioStart, trailingTagsStart(source))
  return {
    format: 'flac',
    codec: 'flac',
    sampleRateHz: sampleRateHz > 0 ? sampleRateHz : null,
    channels,
    bitDepth,
    bitRateKbps: bitRateOf(end - audioStart, frameCount, sampleRateHz),
    frameCount,
    leadInFrames: 0,
    mp3HeaderCase: null,
    pcm: null,
    signature: 'flac',
    payload: () => [{start: audioStart, end}],
  }
}
