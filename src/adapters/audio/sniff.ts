// What a file is, from its first bytes and never from its name: a text named .mp3 is a text.
import {CrateError} from '../../core/errors.js'
import {type ByteSource, latin1, startsWith, u64le} from './bytes.js'
import {isAdts, layoutOfAdts} from './containers/adts.js'
import {layoutOfAiff} from './containers/aiff.js'
import {layoutOfFlac} from './containers/flac.js'
import {id3v2BytesAt} from './containers/foreign-tags.js'
import {findMp3Frames, layoutOfMp3} from './containers/mp3.js'
import {layoutOfMp4} from './containers/mp4.js'
import {layoutOfOgg} from './containers/ogg.js'
import {layoutOfWav} from './containers/riff.js'
import type {AudioLayout} from './layout.js'

/** `foreign` is audio or video that only ffmpeg reads. */
export type ContainerKind =
  | 'wav'
  | 'aiff'
  | 'flac'
  | 'mp3'
  | 'adts'
  | 'ogg'
  | 'mp4'
  | 'asf'
  | 'foreign-audio'
  | 'foreign-video'

const FOREIGN_AUDIO = ['wvpk', 'MAC ', 'DSD ', 'TTA1', 'MPCK', 'MP+', '.snd', 'caff', '#!AMR', 'riff', 'FRM8']
const ASF_MAGIC = '\x30\x26\xb2\x75\x8e\x66\xcf\x11'

/** Null where the content is no audio that crate or ffmpeg could read. */
export function sniffContainer(source: ByteSource): ContainerKind | null {
  const at = id3v2BytesAt(source, 0)
  const head = source.read(at, 16).slice()
  if (startsWith(head, 'fLaC')) return 'flac'
  const form = latin1(head, 8, 12)
  if ((startsWith(head, 'RIFF') || startsWith(head, 'RF64') || startsWith(head, 'BW64')) && form === 'WAVE')
    return 'wav'
  if (startsWith(head, 'FORM') && (form === 'AIFF' || form === 'AIFC')) return 'aiff'
  if (startsWith(head, 'OggS')) return 'ogg'
  if (['ftyp', 'moov', 'mdat', 'wide', 'skip', 'free'].includes(latin1(head, 4, 8))) return 'mp4'
  if (startsWith(head, ASF_MAGIC)) return 'asf'
  if (startsWith(head, '\x1a\x45\xdf\xa3') || startsWith(head, 'FLV') || (startsWith(head, 'RIFF') && form === 'AVI '))
    return 'foreign-video'
  if (FOREIGN_AUDIO.some((magic) => startsWith(head, magic))) return 'foreign-audio'
  if (isAdts(source)) return 'adts'
  return findMp3Frames(source) === null ? null : 'mp3'
}

/** FLAC may lie in a container of its own or in Ogg. */
export function isOgg(source: ByteSource): boolean {
  return startsWith(source.read(id3v2BytesAt(source, 0), 4), 'OggS')
}

/**
 * Facts and payload of an audio file.
 *
 * @throws AUDIO_EMPTY, AUDIO_UNDECODABLE
 */
export function layoutOf(source: ByteSource): AudioLayout {
  if (source.sizeBytes === 0)
    throw new CrateError('AUDIO_EMPTY', 'the file is empty', {hints: ['Copy or download it again.']})
  const kind = sniffContainer(source)
  switch (kind) {
    case 'wav':
      return layoutOfWav(source)
    case 'aiff':
      return layoutOfAiff(source)
    case 'flac':
      return layoutOfFlac(source)
    case 'mp3':
      return layoutOfMp3(source)
    case 'adts':
      return layoutOfAdts(source)
    case 'ogg':
      return layoutOfOgg(source)
    case 'mp4':
      return layoutOfMp4(source)
    case null:
      throw new CrateError('AUDIO_UNDECODABLE', `this is no audio: ${describeContent(source)}`, {
        hints: ['Copy or download the file again, or move it out of the music folder.'],
      })
    default:
      return foreignLayout(source, kind)
  }
}

/** What the first bytes look like to a person. */
function describeContent(source: ByteSource): string {
  const head = source.read(0, 512)
  const text = latin1(head)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
  if (/^<(!doctype|html|\?xml)/i.test(text)) return 'it is a web page or XML document'
  if (/^\{|^\[/.test(text)) return 'it is JSON text'
  if (startsWith(head, 'PK\x03\x04')) return 'it is a ZIP archive'
  if (startsWith(head, '%PDF')) return 'it is a PDF document'
  if (startsWith(head, '\x89PNG') || startsWith(head, '\xff\xd8\xff')) return 'it is a picture'
  if (head.every((byte) => byte === 0)) return 'it begins with zeros only'
  const isText = head.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13)
  return isText ? 'it is a text' : 'no known audio format was found in it'
}

/** Files that crate hands to ffmpeg as they are; of WMA the header object, which holds the tags, is left out of the hash. */
function foreignLayout(source: ByteSource, kind: 'asf' | 'foreign-audio' | 'foreign-video'): AudioLayout {
  return {
    format: kind === 'asf' ? 'wma' : kind === 'foreign-video' ? 'video' : null,
    codec: 'other',
    sampleRateHz: null,
    channels: null,
    bitDepth: null,
    bitRateKbps: null,
    frameCount: null,
    leadInFrames: 0,
    mp3HeaderCase: null,
    pcm: null,
    signature: kind,
    payload: () => [{start: kind === 'asf' ? asfHeaderBytes(source) : 0, end: source.sizeBytes}],
  }
}

/** Source: Microsoft, "Advanced Systems Format specification" §3.1: each object is a GUID, then its size. */
function asfHeaderBytes(source: ByteSource): number {
  const size = u64le(source.read(0, 24), 16)
  return size < source.sizeBytes ? size : 0
}
