// AAC-LC frames as ADTS streams, from an MP4's samples or from an ADTS file.
// The place of the MP4's index and the further tracks of stem files make no difference to the decoder this way.
import {CrateError} from '../../../core/errors.js'
import type {ByteRange, ByteSource} from '../bytes.js'
import {AAC_FRAME_SAMPLES, adtsFrames, adtsHeader, parseAdtsHeader} from '../containers/adts.js'
import {id3v2BytesAt} from '../containers/foreign-tags.js'
import type {Mp4Audio} from '../containers/mp4.js'
import {type CodedSegment, joinBytes, SEGMENT_SECONDS} from './segment.js'

/** The overlap of one window, and one frame more for noise substitution and prediction to settle. */
const WARM_UP_FRAMES = 2
const LARGEST_ADTS_FRAME_BYTES = 8191

/** @throws AUDIO_UNDECODABLE, FORMAT_UNSUPPORTED */
export function* mp4AacSegments(source: ByteSource, audio: Mp4Audio): Generator<CodedSegment> {
  if (!audio.isAacLc)
    throw new CrateError('FORMAT_UNSUPPORTED', 'this kind of AAC (HE-AAC, multichannel) has no built-in decoder')
  const frameAt = (range: ByteRange): readonly Uint8Array[] => {
    const bytes = source.read(range.start, range.end - range.start).slice()
    if (bytes.length + 7 > LARGEST_ADTS_FRAME_BYTES)
      throw new CrateError('AUDIO_UNDECODABLE', 'an AAC frame is larger than any can be')
    return [adtsHeader(audio.aacRateIndex, audio.aacChannelConfig, bytes.length), bytes]
  }
  const whole = audio.samples.filter(({end}) => end <= source.sizeBytes)
  yield* cut(whole, audio.sampleRateHz, frameAt)
}

export function* adtsSegments(source: ByteSource): Generator<CodedSegment> {
  const first = parseAdtsHeader(source.read(id3v2BytesAt(source, 0), 7), 0)
  yield* cut([...adtsFrames(source)], first?.sampleRateHz ?? 44100, ({start, end}) => [
    source.read(start, end - start).slice(),
  ])
}

function* cut(
  frames: readonly ByteRange[],
  sampleRateHz: number,
  frameAt: (range: ByteRange) => readonly Uint8Array[],
): Generator<CodedSegment> {
  const perSegment = Math.ceil((SEGMENT_SECONDS * sampleRateHz) / AAC_FRAME_SAMPLES)
  for (let first = 0; first < frames.length; first += perSegment) {
    const own = Math.min(perSegment, frames.length - first)
    const parts = frames.slice(Math.max(0, first - WARM_UP_FRAMES), first + own).flatMap(frameAt)
    yield {coded: joinBytes(parts), frames: own * AAC_FRAME_SAMPLES}
  }
}
