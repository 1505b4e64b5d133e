// One MPEG audio frame header: four bytes that tell rate, length and layer.
// Source: ISO/IEC 11172-3 §2.4.1.3, 13818-3 §2.4.1; MPEG 2.5 as LAME and mpg123 write and read it.
import {u8} from '../bytes.js'

export interface MpegFrameHeader {
  readonly version: 1 | 2 | 2.5
  readonly layer: 1 | 2 | 3
  readonly sampleRateHz: number
  readonly channels: 1 | 2
  readonly bitRateKbps: number
  readonly frameBytes: number
  readonly samplesPerFrame: number
  /** Bytes of the side information that follows the header and its CRC, of layer III. */
  readonly sideInfoBytes: number
  readonly hasCrc: boolean
}

const SAMPLE_RATES_HZ = {1: [44100, 48000, 32000], 2: [22050, 24000, 16000], 2.5: [11025, 12000, 8000]} as const

const BIT_RATES_KBPS = {
  '1-1': [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1-2': [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1-3': [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2-1': [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2-2': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  '2-3': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const

const VERSIONS = [2.5, null, 2, 1] as const
const LAYERS = [null, 3, 2, 1] as const

/** Null where the four bytes are no valid header; "free format" streams, which nothing writes, count as invalid. */
export function parseMpegFrameHeader(bytes: Uint8Array, at: number): MpegFrameHeader | null {
  if (u8(bytes, at) !== 0xff || (u8(bytes, at + 1) & 0xe0) !== 0xe0) return null
  const version = VERSIONS[(u8(bytes, at + 1) >> 3) & 3] ?? null
  const layer = LAYERS[(u8(bytes, at + 1) >> 1) & 3] ?? null
  if (version === null || layer === null) return null
  const bitRateIndex = u8(bytes, at + 2) >> 4
  const bitRateKbps = BIT_RATES_KBPS[`${version === 1 ? 1 : 2}-${layer}`][bitRateIndex - 1]
  const sampleRateHz = SAMPLE_RATES_HZ[version][(u8(bytes, at + 2) >> 2) & 3]
  if (bitRateKbps === undefined || sampleRateHz === undefined) return null
  const padding = (u8(bytes, at + 2) >> 1) & 1
  const channels = u8(bytes, at + 3) >> 6 === 3 ? 1 : 2
  const samplesPerFrame = layer === 1 ? 384 : layer === 3 && version !== 1 ? 576 : 1152
  const slotBytes = layer === 1 ? 4 : 1
  const frameBytes =
    (Math.floor(((samplesPerFrame / 8 / slotBytes) * bitRateKbps * 1000) / sampleRateHz) + padding) * slotBytes
  const sideInfoBytes = version === 1 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17
  const hasCrc = (u8(bytes, at + 1) & 1) === 0
  return {version, layer, sampleRateHz, channels, bitRateKbps, frameBytes, samplesPerFrame, sideInfoBytes, hasCrc}
}

/** True where both frames can belong to one stream. */
export function isSameStream(a: MpegFrameHeader, b: MpegFrameHeader): boolean {
  return a.version === b.version && a.layer === b.layer && a.sampleRateHz === b.sampleRateHz
}
