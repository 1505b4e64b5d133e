// A FLAC cut at frames, each of which decodes on its own.
import {type ByteSource, u16be} from '../bytes.js'
import {parseStreamInfo, readFlacMetadata} from '../containers/flac.js'
import {LONGEST_FLAC_HEADER_BYTES, parseFlacFrameHeader} from '../containers/flac-frame.js'
import {trailingTagsStart} from '../containers/foreign-tags.js'
import {type CodedSegment, joinBytes, SEGMENT_SECONDS} from './segment.js'

const SCAN_BYTES = 1 << 16

export function* flacSegments(source: ByteSource): Generator<CodedSegment> {
  const {blocks, audioStart} = readFlacMetadata(source)
  const [info] = blocks
  if (info === undefined) return
  const streamInfo = source.read(info.start, 34).slice()
  const {sampleRateHz, frameCount} = parseStreamInfo(streamInfo)
  if (frameCount === null) return
  const end = trailingTagsStart(source)
  const blockFrames = u16be(streamInfo, 0)
  const head = standaloneHead(streamInfo)
  const bytesPerFrame = (end - audioStart) / frameCount
  const wantedFrames = SEGMENT_SECONDS * sampleRateHz
  let at = audioStart
  let first = 0
  while (at < end) {
    const isRest = frameCount - first < 1.5 * wantedFrames
    const from = Math.floor(at + wantedFrames * bytesPerFrame)
    const next = isRest ? null : findFrame(source, from, end, blockFrames, first, first + 4 * wantedFrames)
    const stop = next?.at ?? end
    const until = next?.firstFrame ?? frameCount
    yield {coded: joinBytes([head, source.read(at, stop - at)]), frames: until - first}
    at = stop
    first = until
  }
}

/** `fLaC` and the stream information without length and checksum, which are those of the whole. */
function standaloneHead(streamInfo: Uint8Array): Uint8Array {
  const head = new Uint8Array(8 + 34)
  head.set([0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, 34])
  head.set(streamInfo, 8)
  head[8 + 13] = (head[8 + 13] ?? 0) & 0xf0
  head.fill(0, 8 + 14)
  return head
}

/** The next frame whose header is right and whose position lies where it can. */
function findFrame(
  source: ByteSource,
  from: number,
  end: number,
  blockFrames: number,
  after: number,
  before: number,
): {at: number; firstFrame: number} | null {
  for (let at = from; at < end; ) {
    const bytes = source.read(at, Math.min(SCAN_BYTES, end - at))
    const isLast = at + bytes.length >= end
    const searchable = isLast ? bytes.length : bytes.length - LONGEST_FLAC_HEADER_BYTES
    for (let index = bytes.indexOf(0xff); index >= 0 && index < searchable; index = bytes.indexOf(0xff, index + 1)) {
      const header = parseFlacFrameHeader(bytes, index, blockFrames)
      if (header !== null && header.firstFrame > after && header.firstFrame < before)
        return {at: at + index, firstFrame: header.firstFrame}
    }
    if (isLast) break
    at += searchable
  }
  return null
}
