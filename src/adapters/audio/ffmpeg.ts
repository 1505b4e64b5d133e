// Decoding by ffmpeg, for what node-web-audio-api cannot: Opus, WMA, HE-AAC, WavPack, video.
import {spawn} from 'node:child_process'
import {CrateError} from '../../core/errors.js'
import {latin1, u16le, u32le} from './bytes.js'
import {floatFromPcm} from './pcm.js'

export interface FfmpegAudio {
  readonly sampleRateHz: number
  readonly channelCount: number
  readonly blocks: AsyncIterable<Float32Array[]>
}

const BLOCK_FRAMES = 1 << 16
const LONGEST_HEADER_BYTES = 1 << 16
const FLOAT32 = {kind: 'float', bits: 32, isLittleEndian: true} as const

/** How to get ffmpeg, for the hints of errors. */
export const FFMPEG_HINT =
  'Install ffmpeg: `sudo apt install ffmpeg`, `brew install ffmpeg` or `winget install ffmpeg`, then run it again.'

/**
 * The first audio stream of a file as float samples at its own rate, encoder delay trimmed as ffmpeg knows it.
 * The blocks can be read once; stopping early ends ffmpeg.
 *
 * @param command name or path of the program
 * @throws TOOL_MISSING, AUDIO_UNDECODABLE, ABORTED; the last two also while reading the blocks
 */
export async function decodeByFfmpeg(path: string, signal?: AbortSignal, command = 'ffmpeg'): Promise<FfmpegAudio> {
  // `file:` keeps a name with a colon or a leading dash from being taken for a protocol or an option.
  const input = ['-v', 'error', '-nostdin', '-i', `file:${path}`, '-map', '0:a:0', '-vn', '-sn', '-dn']
  const output = ['-map_metadata', '-1', '-c:a', 'pcm_f32le', '-f', 'wav', 'pipe:1']
  const child = spawn(command, [...input, ...output], {stdio: ['ignore', 'pipe', 'pipe']})
  const stop = () => child.kill('SIGKILL')
  signal?.addEventListener('abort', stop, {once: true})
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaint.length < 4000) complaint += text
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  // Awaited only after the output has ended; until then a failed start must not count as unhandled.
  ended.catch(() => undefined)

  async function* output32(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of child.stdout) yield chunk as Uint8Array
      const status = await ended.catch((cause: unknown) => Promise.reject(toolMissing(command, cause)))
      signal?.throwIfAborted()
      if (status !== 0) throw undecodable(path, complaint)
    } finally {
      signal?.removeEventListener('abort', stop)
      stop()
    }
  }

  const chunks = output32()
  let pending: Uint8Array = new Uint8Array(0)
  let header: WavHeader | null = null
  while (header === null) {
    const next = await chunks.next()
    if (next.done === true) throw undecodable(path, complaint)
    pending = concat(pending, next.value)
    header = parseWavHeader(pending)
    if (header === null && pending.length > LONGEST_HEADER_BYTES) throw undecodable(path, 'no header came from ffmpeg')
  }
  const {sampleRateHz, channels, dataAt} = header
  const first = pending.subarray(dataAt)
  const channelCount = Math.min(2, channels)

  async function* blocks(): AsyncGenerator<Float32Array[]> {
    const frameBytes = channels * 4
    let queue: Uint8Array[] = [first]
    let queued = first.length
    const flush = (bytes: number): Float32Array[] => {
      const joined = queue.length === 1 && queue[0] !== undefined ? queue[0] : Buffer.concat(queue)
      queue = [joined.subarray(bytes)]
      queued = joined.length - bytes
      return floatFromPcm(joined.subarray(0, bytes), FLOAT32, channels, channelCount)
    }
    for await (const chunk of chunks) {
      queue.push(chunk)
      queued += chunk.length
      if (queued >= BLOCK_FRAMES * frameBytes) yield flush(queued - (queued % frameBytes))
    }
    if (queued >= frameBytes) yield flush(queued - (queued % frameBytes))
  }
  return {sampleRateHz, channelCount, blocks: blocks()}
}

interface WavHeader {
  readonly sampleRateHz: number
  readonly channels: number
  readonly dataAt: number
}

/** Null while the data chunk has not come yet. */
function parseWavHeader(bytes: Uint8Array): WavHeader | null {
  let format: {sampleRateHz: number; channels: number} | null = null
  for (let at = 12; at + 8 <= bytes.length; ) {
    const id = latin1(bytes, at, at + 4)
    if (id === 'data') return format === null ? null : {...format, dataAt: at + 8}
    if (id === 'fmt ') format = {channels: u16le(bytes, at + 10), sampleRateHz: u32le(bytes, at + 12)}
    at += 8 + u32le(bytes, at + 4)
  }
  return null
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.length === 0 ? b : Buffer.concat([a, b])
}

function toolMissing(command: string, cause: unknown): CrateError {
  return new CrateError('TOOL_MISSING', `${command} is not installed`, {
    hints: [FFMPEG_HINT],
    details: {tool: 'ffmpeg'},
    cause,
  })
}

function undecodable(path: string, complaint: string): CrateError {
  const reason = (complaint.trim().split('\n').at(-1) ?? '').replace(`file:${path}: `, '')
  return new CrateError('AUDIO_UNDECODABLE', `${path}: ffmpeg cannot decode it${reason === '' ? '' : ` (${reason})`}`, {
    hints: ['Copy or download it again.'],
    details: {path, ffmpeg: complaint.trim()},
  })
}
