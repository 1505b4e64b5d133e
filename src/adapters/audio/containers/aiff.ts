// AIFF and AIFC: IFF chunks, big endian.
// Sources: Apple, "Audio Interchange File Format", version 1.3 (1989), and the AIFF-C draft (1991).
import {CrateError} from '../../../core/errors.js'
import {type ByteSource, latin1, u8, u16be, u32be} from '../bytes.js'
import {type AudioLayout, bitRateOf, type PcmEncoding} from '../layout.js'
import type {RiffChunk} from './riff.js'

export function* aiffChunks(source: ByteSource): Generator<RiffChunk> {
  let at = 12
  while (at + 8 <= source.sizeBytes) {
    const header = source.read(at, 8)
    const id = latin1(header, 0, 4)
    const declaredBytes = u32be(header, 4)
    const start = at + 8
    yield {id, start, end: Math.min(start + declaredBytes, source.sizeBytes), declaredBytes}
    at = start + declaredBytes + (declaredBytes & 1)
  }
}

export function layoutOfAiff(source: ByteSource): AudioLayout {
  const isCompressedForm = latin1(source.read(8, 4)) === 'AIFC'
  let common: Uint8Array | null = null
  let sound: RiffChunk | null = null
  for (const chunk of aiffChunks(source)) {
    if (chunk.id === 'COMM' && common === null)
      common = source.read(chunk.start, Math.min(22, chunk.end - chunk.start)).slice()
    else if (chunk.id === 'SSND' && sound === null) sound = chunk
  }
  if (common === null || common.length < 18) throw new CrateError('AUDIO_UNDECODABLE', 'this AIFF has no COMM chunk')
  if (sound === null) throw new CrateError('AUDIO_UNDECODABLE', 'this AIFF has no audio in it (no SSND chunk)')
  const channels = u16be(common, 0)
  const declaredFrames = u32be(common, 2)
  const bits = u16be(common, 6)
  const sampleRateHz = extendedFloat(common, 8)
  const compression = isCompressedForm ? latin1(common, 18, 22) : 'NONE'
  const pcm = pcmEncoding(compression, bits)
  const start = Math.min(sound.end, sound.start + 8 + u32be(source.read(sound.start, 4), 0))
  const frameBytes = pcm === null ? 0 : (channels * pcm.bits) / 8
  // The COMM count is what the music has; a SSND chunk may be longer by its padding.
  const frameCount = pcm === null ? null : declaredFrames
  const end = pcm === null ? sound.end : Math.min(sound.end, start + declaredFrames * frameBytes)
  return {
    format: 'aiff',
    codec: pcm === null ? 'other' : 'pcm',
    sampleRateHz: sampleRateHz > 0 ? sampleRateHz : null,
    channels: channels > 0 ? channels : null,
    bitDepth: pcm === null ? null : bits,
    bitRateKbps: bitRateOf(declaredFrames * frameBytes, frameCount, sampleRateHz),
    frameCount,
    leadInFrames: 0,
    mp3HeaderCase: null,
    pcm,
    signature: `aiff ${compression} ${channels} ${sampleRateHz} ${bits}`,
    payload: () => [{start, end}],
  }
}

function pcmEncoding(compression: string, bits: number): PcmEncoding | null {
  // Samples are left-aligned in the next whole byte: 12 bits are stored as 16.
  const stored = Math.ceil(bits / 8) * 8
  if (compression === 'fl32' || compression === 'FL32') return {kind: 'float', bits: 32, isLittleEndian: false}
  if (compression === 'fl64' || compression === 'FL64') return {kind: 'float', bits: 64, isLittleEndian: false}
  if (stored !== 8 && stored !== 16 && stored !== 24 && stored !== 32) return null
  if (compression === 'raw ') return {kind: 'unsigned', bits: 8, isLittleEndian: false}
  if (compression === 'sowt') return {kind: 'signed', bits: stored, isLittleEndian: true}
  const isBigEndianPcm = ['NONE', 'twos', 'in24', 'in32'].includes(compression)
  return isBigEndianPcm ? {kind: 'signed', bits: stored, isLittleEndian: false} : null
}

/** 80-bit IEEE 754 extended, as AIFF stores its sample rate. */
function extendedFloat(bytes: Uint8Array, at: number): number {
  const exponent = u16be(bytes, at) & 0x7fff
  const mantissa = u32be(bytes, at + 2) * 2 ** 32 + u32be(bytes, at + 6)
  if (mantissa === 0 || exponent === 0x7fff) return 0
  return (u8(bytes, at) & 0x80 ? -1 : 1) * mantissa * 2 ** (exponent - 16383 - 63)
}
