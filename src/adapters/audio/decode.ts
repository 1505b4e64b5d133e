// A file's audio as float samples, from its first audible sample on: the same song starts at the same place in
// WAV, FLAC, MP3, Ogg and M4A.
import {CrateError, type ErrorCode} from '../../core/errors.js'
import {type ByteSource, memoryBytes} from './bytes.js'
import {readMp4Audio} from './containers/mp4.js'
import {movieWithIndexInFront} from './containers/mp4-faststart.js'
import {decodeByFfmpeg, FFMPEG_HINT, type FfmpegAudio} from './ffmpeg.js'
import {hashAudioPayload} from './hash.js'
import {type AudioLayout, durationMsOf} from './layout.js'
import {decodeNatively} from './native-decode.js'
import {type OpenAudio, withAudioFile} from './open-audio.js'
import {floatFromPcm} from './pcm.js'
import {adtsSegments, mp4AacSegments} from './segments/aac-segments.js'
import {flacSegments} from './segments/flac-segments.js'
import {mp3Segments} from './segments/mp3-segments.js'
import type {CodedSegment} from './segments/segment.js'
import {vorbisSegments} from './segments/vorbis-segments.js'
import {isOgg, layoutOf} from './sniff.js'

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

/** What cannot be decoded in pieces is held in memory up to here: 20 minutes of 48 kHz stereo are 461 MB. */
const LONGEST_IN_MEMORY_FRAMES = 20 * 60 * 48_000
const LARGEST_WHOLE_BYTES = 1 << 30

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
    // Ends ffmpeg also where `use` leaves blocks unread.
    const done = new AbortController()
    const signal = options.signal === undefined ? done.signal : AbortSignal.any([done.signal, options.signal])
    try {
      return await use(await decode(file, layout, {...options, signal}))
    } finally {
      done.abort()
    }
  })
}

const FFMPEG_MAY_HELP: ReadonlySet<ErrorCode> = new Set(['AUDIO_UNDECODABLE', 'FORMAT_UNSUPPORTED', 'TOOL_FAILED'])

async function decode(file: OpenAudio, layout: AudioLayout, options: DecodeOptions): Promise<AudioBlocks> {
  const {signal} = options
  const audioHash = await hashAudioPayload(file.source, layout, signal)
  if (layout.isCutOff === true) throw cutOff(layout)
  if (layout.codec === 'pcm') return {...pcmBlocks(file.source, layout), layout, audioHash}
  try {
    const native = await nativeBlocks(file, layout, signal)
    if (native !== null) return {...native, layout, audioHash}
  } catch (error) {
    signal?.throwIfAborted()
    if (!(error instanceof CrateError) || !FFMPEG_MAY_HELP.has(error.code)) throw error
    // What Symphonia refuses, ffmpeg may read. A kind that it does not know is not the file's fault.
    const refusal = error.code === 'FORMAT_UNSUPPORTED' ? undefined : error
    return {...(await foreignBlocks(file.path, layout, options, refusal)), layout, audioHash}
  }
  return {...(await foreignBlocks(file.path, layout, options)), layout, audioHash}
}

type Blocks = Pick<AudioBlocks, 'sampleRateHz' | 'channelCount' | 'durationMs' | 'blocks'>

/** Decoded in this process; null where there is no built-in decoder, or the audio is too long for it. */
async function nativeBlocks(file: OpenAudio, layout: AudioLayout, signal?: AbortSignal): Promise<Blocks | null> {
  const {sampleRateHz} = layout
  if (sampleRateHz === null) return null
  const segments = segmentsOf(file.source, layout)[Symbol.iterator]()
  let next = segments.next()
  if (next.done === true) {
    const whole = isShort(layout) ? wholeFile(file.source, layout) : null
    if (whole === null) return null
    next = {done: false, value: whole}
  }
  const first = await decodeSegment(next.value, sampleRateHz)
  const channelCount = first.channels.length
  async function* blocks(): AsyncGenerator<Float32Array[]> {
    const trimmer = makeTrimmer(layout)
    let lostFrames = first.lostFrames
    yield* trimmer.push(first.channels)
    for (let segment = segments.next(); segment.done !== true; segment = segments.next()) {
      signal?.throwIfAborted()
      const decoded = await decodeSegment(segment.value, sampleRateHz ?? 0)
      lostFrames += decoded.lostFrames
      yield* trimmer.push(decoded.channels)
    }
    assertWhole(trimmer.frames(), layout, lostFrames)
  }
  return {sampleRateHz, channelCount, durationMs: durationMsOf(layout), blocks: blocks()}
}

function isShort({frameCount}: AudioLayout): boolean {
  return frameCount === null || frameCount <= LONGEST_IN_MEMORY_FRAMES
}

/** Pieces that decode on their own; none where the codec or container is not cut here. */
function segmentsOf(source: ByteSource, {codec, format}: AudioLayout): Iterable<CodedSegment> {
  if (codec === 'mp3') return mp3Segments(source)
  if (codec === 'vorbis') return vorbisSegments(source)
  if (codec === 'flac' && !isOgg(source)) return flacSegments(source)
  if (codec !== 'aac') return []
  return format === 'aac' ? adtsSegments(source) : mp4AacSegments(source, readMp4Audio(source))
}

/** The file as one piece, for the codecs that Symphonia has but that are not cut; null for others. */
function wholeFile(source: ByteSource, {codec, frameCount, leadInFrames}: AudioLayout): CodedSegment | null {
  if (codec !== 'alac' && codec !== 'flac' && codec !== 'vorbis' && codec !== 'aac') return null
  if (source.sizeBytes > LARGEST_WHOLE_BYTES) return null
  const bytes = source.read(0, source.sizeBytes).slice()
  const coded = codec === 'alac' || codec === 'aac' ? movieWithIndexInFront(memoryBytes(bytes), bytes) : bytes
  return {coded, frames: frameCount === null ? null : frameCount + leadInFrames, isWhole: true}
}

interface DecodedSegment {
  readonly channels: readonly Float32Array[]
  /** How many of its frames damage took. */
  readonly lostFrames: number
}

async function decodeSegment({coded, frames, isWhole}: CodedSegment, sampleRateHz: number): Promise<DecodedSegment> {
  const {channels} = await decodeNatively(coded, sampleRateHz)
  const length = channels[0]?.length ?? 0
  if (frames === null || isWhole === true) return {channels, lostFrames: Math.max(0, (frames ?? 0) - length)}
  if (length >= frames) return {channels: channels.map((channel) => channel.subarray(length - frames)), lostFrames: 0}
  // Silence in place of what was lost, so that all that follows keeps its position.
  const padded = channels.map((channel) => {
    const full = new Float32Array(frames)
    full.set(channel, frames - length)
    return full
  })
  return {channels: padded, lostFrames: frames - length}
}

/** Cuts off encoder delay and padding, and hands on in blocks. */
function makeTrimmer({leadInFrames, frameCount}: AudioLayout) {
  const end = frameCount === null ? Number.POSITIVE_INFINITY : leadInFrames + frameCount
  let position = 0
  let handedOn = 0
  return {
    frames: () => handedOn,
    *push(channels: readonly Float32Array[]): Generator<Float32Array[]> {
      const length = channels[0]?.length ?? 0
      const from = Math.max(0, leadInFrames - position)
      const until = Math.min(length, end - position)
      position += length
      for (let at = from; at < until; at += BLOCK_FRAMES) {
        const block = channels.map((channel) => channel.subarray(at, Math.min(until, at + BLOCK_FRAMES)))
        handedOn += block[0]?.length ?? 0
        yield block
      }
    },
  }
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

/** @param lostFrames within the audio, of codecs whose checksums show it */
function assertWhole(
  frames: number,
  {sampleRateHz, frameCount, codec}: Pick<AudioLayout, 'sampleRateHz' | 'frameCount' | 'codec'>,
  lostFrames = 0,
): void {
  if (frames === 0)
    throw new CrateError('AUDIO_EMPTY', 'there is no audio in this file', {hints: ['Copy or download it again.']})
  if (sampleRateHz === null) return
  const missing = lostFrames + Math.max(0, (frameCount ?? frames) - frames)
  const missingMs = (missing * 1000) / sampleRateHz
  // FLAC and Ogg guard every block by a checksum: there, any loss is damage and none is miscounting.
  const isCertain = lostFrames > 0 && (codec === 'flac' || codec === 'vorbis')
  if (missingMs <= TOLERATED_LOSS_MS && !isCertain) return
  const wholeMs = ((frameCount ?? frames) * 1000) / sampleRateHz
  throw new CrateError(
    'AUDIO_UNDECODABLE',
    `the file is damaged or cut off: ${duration(missingMs)} of its ${duration(wholeMs)} cannot be read`,
    {hints: ['Copy or download it again.'], details: {missingMs, durationMs: wholeMs}},
  )
}

/** Ends with an error where there is no audio, or less than `expectedMs` of it. */
async function* wholeOnly(
  {blocks, sampleRateHz}: FfmpegAudio,
  layout: AudioLayout,
  expectedMs: number | null,
): AsyncGenerator<readonly Float32Array[]> {
  let frames = 0
  for await (const block of blocks) {
    frames += block[0]?.length ?? 0
    yield block
  }
  const frameCount = expectedMs === null ? null : (expectedMs * sampleRateHz) / 1000
  assertWhole(frames, {codec: layout.codec, sampleRateHz, frameCount})
}

function cutOff(layout: AudioLayout): CrateError {
  const durationMs = durationMsOf(layout) ?? 0
  return new CrateError('AUDIO_UNDECODABLE', `the file is cut off after ${clock(durationMs)}`, {
    hints: ['Copy or download it again.'],
    details: {durationMs},
  })
}

/** `3:07` for a person, `0.25 s` where minutes would say nothing. */
function duration(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(2)} s` : clock(ms)
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

async function foreignBlocks(
  path: string,
  layout: AudioLayout,
  {signal, ffmpeg}: DecodeOptions,
  nativeError?: CrateError,
): Promise<Blocks> {
  try {
    const decoded = await decodeByFfmpeg(path, signal, ffmpeg)
    // ffmpeg leaves out what it cannot decode and calls that a success.
    const expectedMs = nativeError === undefined ? null : durationMsOf(layout)
    return {...decoded, durationMs: durationMsOf(layout), blocks: wholeOnly(decoded, layout, expectedMs)}
  } catch (error) {
    if (!(error instanceof CrateError) || error.code !== 'TOOL_MISSING') throw error
    if (nativeError !== undefined)
      throw new CrateError(nativeError.code, nativeError.message, {
        hints: [...nativeError.hints, FFMPEG_HINT],
        cause: nativeError,
      })
    const durationMs = durationMsOf(layout)
    if (durationMs !== null && !isShort(layout))
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
