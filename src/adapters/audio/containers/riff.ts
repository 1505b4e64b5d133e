// WAV: RIFF, RF64 and BW64 chunks.
// Sources: Microsoft "Multiple Channel Audio Data and WAVE Files"; EBU Tech 3306 (RF64); ITU-R BS.2088 (BW64).
import {CrateError} from '../../../core/errors.js'
import {type ByteSource, latin1, u16le, u32le, u64le} from '../bytes.js'
import {type AudioLayout, bitRateOf, type PcmEncoding} from '../layout.js'

export interface RiffChunk {
  readonly id: string
  /** Of the chunk's data, after its eight bytes of header. */
  readonly start: number
  /** Exclusive; cut at the end of the file. */
  readonly end: number
  /** What the header says, before cutting. */
  readonly declaredBytes: number
}

/** Chunks of a WAV in file order; a size of 0 or −1 in `data`, as streams write it, means "to the end of the file". */
export function* riffChunks(source: ByteSource): Generator<RiffChunk> {
  let at = 12
  let data64Bytes: number | null = null
  while (at + 8 <= source.sizeBytes) {
    const header = source.read(at, 8)
    const id = latin1(header, 0, 4)
    let declaredBytes = u32le(header, 4)
    const start = at + 8
    if (id === 'ds64') data64Bytes = u64le(source.read(start, 16), 8)
    if (id === 'data') {
      if (declaredBytes === 0xffffffff) declaredBytes = data64Bytes ?? source.sizeBytes - start
      else if (declaredBytes === 0) declaredBytes = source.sizeBytes - start
    }
    const end = Math.min(start + declaredBytes, source.sizeBytes)
    yield {id, start, end, declaredBytes}
    at = start + declaredBytes + (declaredBytes & 1)
  }
}

const FORMAT_PCM = 0x0001
const FORMAT_FLOAT = 0x0003
const FORMAT_EXTENSIBLE = 0xfffe

export function layoutOfWav(source: ByteSource): AudioLayout {
  let format: Uint8Array | null = null
  let data: RiffChunk | null = null
  for (const chunk of riffChunks(source)) {
    if (chunk.id === 'fmt ' && format === null)
      format = source.read(chunk.start, Math.min(40, chunk.end - chunk.start)).slice()
    else if (chunk.id === 'data' && data === null) data = chunk
    if (format !== null && data !== null) break
  }
  if (format === null || format.length < 16) throw new CrateError('AUDIO_UNDECODABLE', 'this WAV has no format chunk')
  if (data === null) throw new CrateError('AUDIO_UNDECODABLE', 'this WAV has no audio in it (no data chunk)')
  const {start, end, declaredBytes} = data
  const tag = u16le(format, 0)
  const codecTag = tag === FORMAT_EXTENSIBLE && format.length >= 26 ? u16le(format, 24) : tag
  const channels = u16le(format, 2)
  const sampleRateHz = u32le(format, 4)
  const bits = u16le(format, 14)
  const pcm = pcmEncoding(codecTag, bits)
  const frameBytes = (channels * bits) / 8
  const frameCount = pcm !== null && frameBytes > 0 ? Math.floor(declaredBytes / frameBytes) : null
  return {
    format: 'wav',
    codec: pcm === null ? 'other' : 'pcm',
    sampleRateHz: sampleRateHz > 0 ? sampleRateHz : null,
    channels: channels > 0 ? channels : null,
    bitDepth: pcm === null ? null : bits,
    bitRateKbps: bitRateOf(declaredBytes, frameCount, sampleRateHz),
    frameCount,
    leadInFrames: 0,
    mp3HeaderCase: null,
    pcm,
    signature: `wav ${codecTag} ${channels} ${sampleRateHz} ${bits}`,
    payload: () => [{start, end}],
  }
}

function pcmEncoding(codecTag: number, bits: number): PcmEncoding | null {
  const isLittleEndian = true
  if (codecTag === FORMAT_PCM && bits === 8) return {kind: 'unsigned', bits, isLittleEndian}
  if (codecTag === FORMAT_PCM && (bits === 16 || bits === 24 || bits === 32))
    return {kind: 'signed', bits, isLittleEndian}
  if (codecTag === FORMAT_FLOAT && (bits === 32 || bits === 64)) return {kind: 'float', bits, isLittleEndian}
  return null
}
