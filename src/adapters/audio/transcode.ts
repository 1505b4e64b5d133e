// Another container or codec for a file, by ffmpeg: nothing is filtered, so that loudness and length stay.
import {execFile, spawn} from 'node:child_process'
import {dirname, join} from 'node:path'
import {promisify} from 'node:util'
import {CrateError} from '../../core/errors.js'
import {FFMPEG_HINT} from './ffmpeg.js'

/** What a person may ask for; `keep` is the codec of the source in a container that DJ programs know. */
export const TARGET_FORMATS = ['keep', 'wav', 'aiff', 'flac', 'mp3', 'm4a'] as const
export type TargetFormat = (typeof TARGET_FORMATS)[number]

export interface AudioStream {
  /** As ffmpeg calls it: `aac`, `opus`, `pcm_s24le`. */
  readonly codec: string
  readonly sampleRateHz: number
  readonly bitDepth: number | null
  readonly hasVideo: boolean
}

/** @throws AUDIO_UNDECODABLE where there is no sound in the file, TOOL_MISSING without ffprobe */
export async function probeStream(path: string, ffmpeg: string, signal: AbortSignal): Promise<AudioStream> {
  const program = ffprobeBeside(ffmpeg)
  let stdout: string
  try {
    const entries =
      'stream=codec_type,codec_name,sample_rate,bits_per_raw_sample,bits_per_sample:stream_disposition=attached_pic'
    ;({stdout} = await promisify(execFile)(
      program,
      ['-v', 'error', '-show_entries', entries, '-of', 'json', `file:${path}`],
      {signal, maxBuffer: 1 << 24},
    ))
  } catch (error) {
    signal.throwIfAborted()
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw missing(program, error)
    throw new CrateError('AUDIO_UNDECODABLE', 'what came is no audio', {details: {path}, cause: error})
  }
  const {streams = []} = JSON.parse(stdout) as {streams?: Record<string, unknown>[]}
  const audio = streams.find((stream) => stream['codec_type'] === 'audio')
  if (audio === undefined)
    throw new CrateError('AUDIO_UNDECODABLE', 'there is no sound in what came', {details: {path}})
  const bits = Number(audio['bits_per_raw_sample'] ?? audio['bits_per_sample'] ?? 0)
  return {
    codec: String(audio['codec_name'] ?? 'unknown'),
    sampleRateHz: Number(audio['sample_rate'] ?? 0),
    bitDepth: bits > 0 ? bits : null,
    hasVideo: streams.some(
      (stream) =>
        stream['codec_type'] === 'video' && (stream['disposition'] as {attached_pic?: number})?.attached_pic !== 1,
    ),
  }
}

export interface TranscodePlan {
  readonly extension: string
  readonly codecArguments: readonly string[]
  readonly isCopy: boolean
}

const COPIED: Readonly<Record<string, string>> = {
  aac: 'm4a',
  alac: 'm4a',
  mp3: 'mp3',
  flac: 'flac',
  opus: 'opus',
  vorbis: 'ogg',
}
const COPY = ['-c:a', 'copy'] as const

/** @throws FORMAT_UNSUPPORTED for `keep` of a codec that no DJ program plays */
export function planTranscode({codec, sampleRateHz, bitDepth}: AudioStream, target: TargetFormat): TranscodePlan {
  const isPcm = codec.startsWith('pcm_')
  const own = isPcm ? (codec.endsWith('be') ? 'aiff' : 'wav') : COPIED[codec]
  if (target === 'keep') {
    if (own !== undefined) return {extension: own, codecArguments: COPY, isCopy: true}
    throw new CrateError('FORMAT_UNSUPPORTED', `it is ${codec}, which DJ programs do not play`, {
      hints: ['Convert it: --format flac, or --format mp3'],
      details: {codec},
    })
  }
  const extension = target
  if (own === target) return {extension, codecArguments: COPY, isCopy: true}
  const isDeep = (bitDepth ?? 16) > 16 || codec === 'pcm_f32le'
  const rate = sampleRateHz > 48_000 ? ['-ar', sampleRateHz % 44_100 === 0 ? '44100' : '48000'] : []
  const made: Readonly<Record<Exclude<TargetFormat, 'keep'>, readonly string[]>> = {
    wav: ['-c:a', isDeep ? 'pcm_s24le' : 'pcm_s16le'],
    aiff: ['-c:a', isDeep ? 'pcm_s24be' : 'pcm_s16be'],
    flac: ['-c:a', 'flac', '-sample_fmt', isDeep ? 's32' : 's16'],
    mp3: ['-c:a', 'libmp3lame', '-b:a', '320k', ...rate],
    m4a: ['-c:a', 'aac', '-b:a', '256k', ...rate],
  }
  return {extension, codecArguments: made[target], isCopy: false}
}

export interface TranscodeRequest {
  readonly ffmpeg: string
  readonly input: string
  readonly output: string
  readonly plan: TranscodePlan
  readonly signal: AbortSignal
}

/** @throws TOOL_MISSING, AUDIO_UNDECODABLE, DISK_FULL, ABORTED; then the output is not to be used */
export async function transcode({ffmpeg, input, output, plan, signal}: TranscodeRequest): Promise<void> {
  const args = [
    '-v',
    'error',
    '-nostdin',
    '-y',
    '-xerror',
    '-i',
    `file:${input}`,
    '-map',
    '0:a:0',
    '-vn',
    '-sn',
    '-dn',
    '-map_metadata',
    '0',
    ...plan.codecArguments,
  ]
  const container =
    plan.extension === 'm4a'
      ? ['-movflags', '+faststart', '-f', 'ipod']
      : plan.extension === 'aiff'
        ? ['-write_id3v2', '1']
        : []
  await run(ffmpeg, [...args, ...container, `file:${output}`], signal, input)
}

/** JPEG or PNG as it is; anything else (WebP of YouTube) becomes JPEG. @returns the path of a picture that tags may hold */
export async function toCoverPicture(path: string, ffmpeg: string | null, signal: AbortSignal): Promise<string | null> {
  if (/\.(?:jpe?g|png)$/i.test(path)) return path
  if (ffmpeg === null) return null
  const output = join(dirname(path), 'cover-made.jpg')
  await run(
    ffmpeg,
    ['-v', 'error', '-nostdin', '-y', '-i', `file:${path}`, '-frames:v', '1', '-q:v', '3', `file:${output}`],
    signal,
    path,
  )
  return output
}

function run(ffmpeg: string, args: readonly string[], signal: AbortSignal, input: string): Promise<void> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const child = spawn(ffmpeg, [...args], {stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true})
    const stop = () => child.kill('SIGKILL')
    signal.addEventListener('abort', stop, {once: true})
    let complaint = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (complaint.length < 4000) complaint += text
    })
    child.once('error', (error) => reject(missing(ffmpeg, error)))
    child.once('close', (status) => {
      signal.removeEventListener('abort', stop)
      if (signal.aborted) reject(signal.reason)
      else if (status === 0) resolve()
      else if (/no space left/i.test(complaint))
        reject(
          new CrateError('DISK_FULL', 'the disk is full', {
            hints: ['Free some space and run the command again; it goes on where it was.'],
          }),
        )
      else
        reject(
          new CrateError(
            'AUDIO_UNDECODABLE',
            `ffmpeg cannot read what came (${complaint.trim().split('\n').at(-1) ?? `status ${status}`})`,
            {details: {path: input}},
          ),
        )
    })
  })
}

function ffprobeBeside(ffmpeg: string): string {
  return ffmpeg.replace(/ffmpeg(\.exe)?$/i, 'ffprobe$1')
}

function missing(program: string, cause: unknown): CrateError {
  return new CrateError('TOOL_MISSING', `${program} is not installed`, {
    hints: [FFMPEG_HINT],
    details: {tool: 'ffmpeg'},
    cause,
  })
}
