// An MP3 cut at frames, each piece with the frames before it that its bit reservoir may reach into.
// Source: ISO/IEC 11172-3 §2.4.3.4 (main_data_begin: up to 511 bytes back; the filter bank overlaps by one frame).
import type {ByteSource} from '../bytes.js'
import {findMp3Frames, walkMp3Frames} from '../containers/mp3.js'
import {type CodedSegment, SEGMENT_SECONDS} from './segment.js'

const WARM_UP_BYTES = 2048
const MOST_WARM_UP_FRAMES = 64

export function* mp3Segments(source: ByteSource): Generator<CodedSegment> {
  const frames = findMp3Frames(source)
  if (frames === null) return
  const {samplesPerFrame, sampleRateHz} = frames.first
  const perSegment = Math.ceil((SEGMENT_SECONDS * sampleRateHz) / samplesPerFrame)
  /** Starts of the last frames, of which the first are the warm-up of the next segment. */
  let starts: number[] = []
  let warmUp = 0
  let end = 0
  for (const frame of walkMp3Frames(source, frames)) {
    starts.push(frame.at)
    end = frame.at + frame.bytes
    if (starts.length - warmUp < perSegment) continue
    yield segment(source, starts, warmUp, end, samplesPerFrame)
    starts = warmUpOf(starts, end)
    warmUp = starts.length
  }
  if (starts.length > warmUp) yield segment(source, starts, warmUp, end, samplesPerFrame)
}

function segment(
  source: ByteSource,
  starts: readonly number[],
  warmUp: number,
  end: number,
  samplesPerFrame: number,
): CodedSegment {
  const from = starts[0] ?? end
  return {coded: source.read(from, end - from).slice(), frames: (starts.length - warmUp) * samplesPerFrame}
}

function warmUpOf(starts: readonly number[], end: number): number[] {
  let count = 2
  while (count < MOST_WARM_UP_FRAMES && count < starts.length && end - (starts.at(-count) ?? end) < WARM_UP_BYTES)
    count++
  return starts.slice(-count)
}
