// What a container tells about its audio without decoding it: facts, where the payload lies, and what to trim.
import type {AudioFormat, Mp3HeaderCase} from '../../core/track.js'
import type {ByteRange} from './bytes.js'

export type AudioCodec = 'pcm' | 'mp3' | 'flac' | 'vorbis' | 'opus' | 'aac' | 'alac' | 'other'

/** How PCM samples are stored. */
export interface PcmEncoding {
  readonly kind: 'signed' | 'unsigned' | 'float'
  readonly bits: 8 | 16 | 24 | 32 | 64
  readonly isLittleEndian: boolean
}

export interface AudioLayout {
  /** Null for containers that only ffmpeg knows and that `AudioFormat` has no name for. */
  readonly format: AudioFormat | null
  readonly codec: AudioCodec
  readonly sampleRateHz: number | null
  readonly channels: number | null
  readonly bitDepth: number | null
  readonly bitRateKbps: number | null
  /** Sample frames after trimming; null where only decoding tells. */
  readonly frameCount: number | null
  /** Sample frames that the decoder yields before the first one of the music: encoder delay, pre-skip. */
  readonly leadInFrames: number
  readonly mp3HeaderCase: Mp3HeaderCase | null
  /** True where the container shows, besides its length, that the end of the file is missing. */
  readonly isCutOff?: boolean
  /** Set where the samples are plain PCM. */
  readonly pcm: PcmEncoding | null
  /** What besides the payload decides how it sounds, for the hash: "pcm signed 16 le 2 44100". */
  readonly signature: string
  /** Where the coded audio lies, tags and container framing excluded, in order of play. Iterable again. */
  payload(): Iterable<ByteRange>
}

export function durationMsOf(layout: Pick<AudioLayout, 'frameCount' | 'sampleRateHz'>): number | null {
  if (layout.frameCount === null || layout.sampleRateHz === null) return null
  return (layout.frameCount * 1000) / layout.sampleRateHz
}

/** Mean bit rate of a payload; null where the duration is not known. */
export function bitRateOf(payloadBytes: number, frameCount: number | null, sampleRateHz: number): number | null {
  if (frameCount === null || frameCount <= 0) return null
  return Math.round((payloadBytes * 8 * sampleRateHz) / frameCount / 1000)
}
