// A file's audio as float samples, from its first audible sample on: the same song starts at the same place in
// WAV, FLAC, MP3, Ogg and M4A.
import {CrateError} from '../../core/errors.js'
import {type ByteSource, memoryBytes} from './bytes.js'
import {adtsHeader} from './containers/adts.js'
import {readMp4Audio} from './containers/mp4.js'
import {movieWithIndexInFront} from './containers/mp4-faststart.js'
import {decodeByFfmpeg, FFMPEG_HINT} from './ffmpeg.js'
import {hashAudioPayload} from './hash.js'
import {type AudioLayout, durationMsOf} from './layout.js'
import {decodeNatively} from './native-decode.js'
import {type OpenAudio, withAudioFile} from './open-audio.js'
import {floatFromPcm} from './pcm.js'
import {layoutOf} from './sniff.js'

export interface AudioBlocks {
  readonly sampleRateHz: number
  /** 1 or 2: of more channels the first two are kept. */
  readonly channelCount: number
  /** Known before decoding from the container; null where only the end tells. */
  readonly durationMs: number | null
  readonly layout: AudioLayout
  /** See `hashAudioPayload`. */
  readonly audioHash: string
  /** One array per channel, all of a block equally long, of no fixed length. Must be read within `use`. */
  readonly blocks: AsyncIterable<readonly Float32Array[]>
}

export interface DecodeOptions {
  readonly signal?: AbortSignal
  /** Name or path of ffmpeg. */
  readonly ffmpeg?: string
}

/** Longer audio is not held in memory as a whole: 20 minutes of 48 kHz stereo are 461 MB. */
export const LONGEST_IN_MEMORY_FRAMES = 20 * 60 * 48_000

const BLOCK_FRAMES = 1 << 16

/** So much may be missing at the end before a file counts as truncated: encoders miscount by a frame or two. */
const TOLERATED_LOSS_MS = 1000

/**
 * Opens, checks, hashes and decodes one audio file, and hands the samples to `use`.
 *
 * @throws AUDIO_EMPTY, AUDIO_UNDECODABLE (also: truncated), AUDIO_TOO_LONG, FILE_NOT_FOUND, FILE_UNREADABLE,
 *   FILE_UNSTABLE, TOOL_MISSING, ABORTED
 */
export function withDecodedAudio<T>(
  path: string,
  use: (audio: AudioBlocks) => Promise<T>,
  options: DecodeOptions = {},
): Promise<T> {
  return withAudioFile(path, async (file) => {
    const layout = layoutOf(file.source)
    return use(await decode(file, layout, options))
  })
}

async function decode(file: OpenAudio, layout: AudioLayout, options: DecodeOptions): Promise<AudioBlocks> {
  const {signal} = options
  if (layout.codec === 'pcm') {
    const audioHash = await hashAudioPayload(file.source, layout, signal)
    return {...pcmBlocks(file.source, layout), layout, audioHash}
  }
  const isLong = (layout.frameCount ?? 0) > LONGEST_IN_MEMORY_FRAMES
  const reader = isLong ? null : nativeReaderOf(layout)
  if (reader === null) {
    const audioHash = await hashAudioPayload(file.source, layout, signal)
    return {...(await foreignBlocks(file.path, layout, options, isLong)), layout, audioHash}
  }
  const bytes = await readWhole(file, signal)
  const source = memoryBytes(bytes)
  const audioHash = await hashAudioPayload(source, layout, signal)
  try {
    return {...(await nativeBlocks(reader(source, layout, bytes), layout)), layout, audioHash}
  } catch (error) {
    signal?.throwIfAborted()
    if (!(error instanceof CrateError)) throw error
    const {isTruncated} = error.details
    if (isTruncated === true) throw error
    // What Symphonia refuses, ffmpeg may read.
    return {...(await foreignBlocks(file.path, layout, options, false, error)), layout, audioHash}
  }
}

async function readWhole(file: OpenAudio, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(file.sizeBytes)
  let done = 0
  while (done < bytes.length) {
    signal?.throwIfAborted()
    const {bytesRead} = await file.handle.read(bytes, done, Math.min(1 << 24, bytes.length - done), done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes.subarray(0, done)
}

type NativeReader = (source: ByteSource, layout: AudioLayout, bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>

/** What of the file the decoder is given; null where node-web-audio-api has no decoder. */
function nativeReaderOf(layout: AudioLayout): NativeReader | null {
  if (layout.sampleRateHz === null) return null
  switch (layout.codec) {
    case 'mp3':
      // Frames alone: neither a cover of megabytes nor a Xing frame can lead the decoder astray.
      return (_source, {payload}, bytes) => joined(bytes, payload())
    case 'aac':
      return layout.format === 'aac' ? (_source, {payload}, bytes) => joined(bytes, payload()) : aacAsAdts
    case 'flac':
    case 'vorbis':
      return (_source, _layout, bytes) => bytes
    case 'alac':
      return (source, _layout, bytes) => movieWithIndexInFront(source, bytes)
    default:
      return null
  }
}

function joined(
  bytes: Uint8Array<ArrayBuffer>,
  ranges: Iterable<{start: number; end: number}>,
): Uint8Array<ArrayBuffer> {
  const parts = [...ranges].map(({start, end}) => bytes.subarray(start, end))
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/**
 * The AAC frames of an MP4 as an ADTS stream. So the place of the index, fragments of video and the further tracks of
 * stem files make no difference to the decoder.
 */
function aacAsAdts(source: ByteSource, _layout: AudioLayout, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const audio = readMp4Audio(source)
  if (!audio.isAacLc)
    throw new CrateError('AUDIO_UNDECODABLE', 'this kind of AAC (HE-AAC, multichannel) is not built in')
  const whole = audio.samples.filter(({end}) => end <= bytes.length)
  const out = new Uint8Array(whole.reduce((sum, {start, end}) => sum + end - start + 7, 0))
  let at = 0
  for (const {start, end} of whole) {
    out.set(adtsHeader(audio.aacRateIndex, audio.aacChannelConfig, end - start), at)
    out.set(bytes.subarray(start, end), at + 7)
    at += end - start + 7
  }
  return out
}

type Blocks = Pick<AudioBlocks, 'sampleRateHz' | 'channelCount' | 'durationMs' | 'blocks'>

async function nativeBlocks(coded: Uint8Array<ArrayBuffer>, layout: AudioLayout): Promise<Blocks> {
  if (coded.length === 0) throw new CrateError('AUDIO_EMPTY', 'there is no audio in this file')
  const {sampleRateHz, channels} = await decodeNatively(coded, layout.sampleRateHz ?? 44100)
  const start = layout.leadInFrames
  const available = Math.max(0, (channels[0]?.length ?? 0) - start)
  assertWhole(available, layout)
  const frames = Math.min(available, layout.frameCount ?? available)
  const trimmed = channels.map((channel) => channel.subarray(start, start + frames))
  return {
    sampleRateHz,
    channelCount: channels.length,
    durationMs: (frames * 1000) / sampleRateHz,
    blocks: slices(trimmed, frames),
  }
}

async function* slices(channels: readonly Float32Array[], frames: number): AsyncGenerator<Float32Array[]> {
  for (let at = 0; at < frames; at += BLOCK_FRAMES)
    yield channels.map((channel) => channel.subarray(at, at + BLOCK_FRAMES))
}

/** PCM straight from the file, in bounded memory however long it is. */
function pcmBlocks(source: ByteSource, layout: AudioLayout): Blocks {
  const {pcm, channels, sampleRateHz} = layout
  const [range] = layout.payload()
  if (pcm === null || channels === null || sampleRateHz === null || range === undefined)
    throw new CrateError('AUDIO_UNDECODABLE', 'the format of this file makes no sense')
  const frameBytes = (channels * pcm.bits) / 8
  const frames = Math.floor((range.end - range.start) / frameBytes)
  assertWhole(frames, layout)
  const keptChannels = Math.min(2, channels)
  async function* blocks(): AsyncGenerator<Float32Array[]> {
    if (pcm === null || channels === null || range === undefined) return
    for (let at = 0; at < frames; at += BLOCK_FRAMES) {
      const count = Math.min(BLOCK_FRAMES, frames - at)
      const bytes = source.read(range.start + at * frameBytes, count * frameBytes)
      yield floatFromPcm(bytes, pcm, channels, keptChannels)
    }
  }
  return {sampleRateHz, channelCount: keptChannels, durationMs: (frames * 1000) / sampleRateHz, blocks: blocks()}
}

function assertWhole(frames: number, layout: AudioLayout): void {
  const {sampleRateHz, frameCount} = layout
  if (frames === 0)
    throw new CrateError('AUDIO_EMPTY', 'there is no audio in this file', {hints: ['Copy or download it again.']})
  if (frameCount === null || sampleRateHz === null) return
  const missingMs = ((frameCount - frames) * 1000) / sampleRateHz
  if (missingMs <= TOLERATED_LOSS_MS) return
  const haveMs = (frames * 1000) / sampleRateHz
  throw new CrateError(
    'AUDIO_UNDECODABLE',
    `the file is damaged or cut off: ${clock(haveMs)} of its ${clock(haveMs + missingMs)} can be read`,
    {
      hints: ['Copy or download it again.'],
      details: {isTruncated: true, durationMs: haveMs, declaredMs: haveMs + missingMs},
    },
  )
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

async function foreignBlocks(
  path: string,
  layout: AudioLayout,
  {signal, ffmpeg}: DecodeOptions,
  isLong: boolean,
  nativeError?: CrateError,
): Promise<Blocks> {
  try {
    const decoded = await decodeByFfmpeg(path, signal, ffmpeg)
    return {...decoded, durationMs: durationMsOf(layout)}
  } catch (error) {
    if (!(error instanceof CrateError) || error.code !== 'TOOL_MISSING') throw error
    if (nativeError !== undefined)
      throw new CrateError(nativeError.code, nativeError.message, {hints: [FFMPEG_HINT], cause: nativeError})
    const durationMs = durationMsOf(layout)
    if (isLong && durationMs !== null)
      throw new CrateError(
        'AUDIO_TOO_LONG',
        `${path} is ${clock(durationMs)} long, too long to decode without ffmpeg`,
        {
          hints: [FFMPEG_HINT],
          details: {path, durationMs},
        },
      )
    throw new CrateError(
      'TOOL_MISSING',
      `${path} is ${layout.codec === 'opus' ? 'Opus' : 'a kind of audio'} that only ffmpeg decodes, and ffmpeg is not installed`,
      {
        hints: [FFMPEG_HINT],
        details: {path, tool: 'ffmpeg'},
      },
    )
  }
}
