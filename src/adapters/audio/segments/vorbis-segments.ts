// An Ogg Vorbis file cut at pages, each piece with the header pages and the page before it.
import type {ByteSource} from '../bytes.js'
import {type OggPage, oggHeaders, oggPages} from '../containers/ogg.js'
import {parseVorbisBlocks, vorbisFrameCounter} from '../containers/vorbis-blocks.js'
import {type CodedSegment, joinBytes, SEGMENT_SECONDS} from './segment.js'

/** Yields nothing where the headers cannot be understood: then the file is decoded as a whole. */
export function* vorbisSegments(source: ByteSource): Generator<CodedSegment> {
  const headers = oggHeaders(source)
  const [identification, , setup] = headers?.packets ?? []
  if (headers === null || identification === undefined || setup === undefined) return
  const blocks = parseVorbisBlocks(identification, setup)
  if (blocks === null) return
  const pageBytes = (page: OggPage) => source.read(page.at, page.headerBytes + page.bodyBytes).slice()
  const head = joinBytes(headers.pages.map(pageBytes))
  const wantedFrames = SEGMENT_SECONDS * headers.stream.sampleRateHz

  let pages: OggPage[] = []
  let warmUp: OggPage[] = []
  let frames = 0
  const counter = vorbisFrameCounter(blocks)
  const cut = (): CodedSegment => ({coded: joinBytes([head, ...[...warmUp, ...pages].map(pageBytes)]), frames})
  for (const page of oggPages(source, headers.audioAt)) {
    if (page.serial !== headers.stream.serial) continue
    if (frames >= wantedFrames && !page.isContinued) {
      yield cut()
      warmUp = lastFreshPages(pages)
      pages = []
      frames = 0
    }
    pages.push(page)
    frames += counter.framesOf(source, page)
  }
  if (pages.length > 0) yield cut()
}

/** From the last page that begins with a packet of its own. */
function lastFreshPages(pages: readonly OggPage[]): OggPage[] {
  const from = pages.findLastIndex((page) => !page.isContinued && page.lacing.some((value) => value < 255))
  return pages.slice(Math.max(0, from))
}
