// Coded samples of a fragmented MP4, as streaming sites deliver them: the index is spread over `moof` atoms.
// Source: ISO/IEC 14496-12 §8.8 (movie fragments).
import {type ByteRange, type ByteSource, u24be, u32be, u64be} from '../bytes.js'
import {childAtom, contentStart, descendantAtom, type Mp4Atom, mp4Atoms} from './mp4-atoms.js'

const TFHD = {baseDataOffset: 0x1, description: 0x2, duration: 0x8, size: 0x10} as const
const TRUN = {
  dataOffset: 0x1,
  firstFlags: 0x4,
  duration: 0x100,
  size: 0x200,
  flags: 0x400,
  compositionOffset: 0x800,
} as const
/** More than fit into a day of AAC: a larger count is damage. */
const MOST_SAMPLES = 1 << 23

export function readFragmentedSamples(source: ByteSource, movie: Mp4Atom, trackId: number): ByteRange[] {
  const ranges: ByteRange[] = []
  const defaultSize = readDefaultSize(source, movie, trackId)
  for (const fragment of mp4Atoms(source, movie.end, source.sizeBytes)) {
    if (fragment.type !== 'moof') continue
    for (const track of mp4Atoms(source, contentStart(fragment), fragment.end))
      if (track.type === 'traf') appendRun(source, fragment, track, trackId, defaultSize, ranges)
    if (ranges.length > MOST_SAMPLES) break
  }
  return ranges
}

/** From `trex`: what holds where a fragment does not say otherwise. */
function readDefaultSize(source: ByteSource, movie: Mp4Atom, trackId: number): number {
  const extension = childAtom(source, movie, 'mvex')
  if (extension === null) return 0
  for (const atom of mp4Atoms(source, contentStart(extension), extension.end)) {
    if (atom.type !== 'trex') continue
    const fields = source.read(contentStart(atom), 24)
    if (u32be(fields, 4) === trackId) return u32be(fields, 16)
  }
  return 0
}

function appendRun(
  source: ByteSource,
  fragment: Mp4Atom,
  track: Mp4Atom,
  trackId: number,
  movieDefaultSize: number,
  ranges: ByteRange[],
): void {
  const header = childAtom(source, track, 'tfhd')
  if (header === null) return
  const fields = source.read(contentStart(header), 40).slice()
  if (u32be(fields, 4) !== trackId) return
  const flags = u24be(fields, 1)
  let at = 8
  const base = flags & TFHD.baseDataOffset ? u64be(fields, at) : fragment.at
  at += (flags & TFHD.baseDataOffset ? 8 : 0) + (flags & TFHD.description ? 4 : 0) + (flags & TFHD.duration ? 4 : 0)
  const defaultSize = flags & TFHD.size ? u32be(fields, at) : movieDefaultSize
  let position = base
  for (const run of mp4Atoms(source, contentStart(track), track.end))
    if (run.type === 'trun') position = appendSamples(source, run, base, position, defaultSize, ranges)
}

/** @returns where the next run begins, if it does not say */
function appendSamples(
  source: ByteSource,
  run: Mp4Atom,
  base: number,
  from: number,
  defaultSize: number,
  ranges: ByteRange[],
): number {
  const bytes = source.read(contentStart(run), run.end - contentStart(run)).slice()
  const flags = u24be(bytes, 1)
  const has = (flag: number) => (flags & flag ? 4 : 0)
  const entryBytes = has(TRUN.duration) + has(TRUN.size) + has(TRUN.flags) + has(TRUN.compositionOffset)
  let at = 8 + has(TRUN.dataOffset) + has(TRUN.firstFlags)
  const room = entryBytes === 0 ? MOST_SAMPLES : Math.floor((bytes.length - at) / entryBytes)
  const count = Math.min(u32be(bytes, 4), Math.max(0, room))
  let start = flags & TRUN.dataOffset ? base + (u32be(bytes, 8) | 0) : from
  for (let index = 0; index < count && start < source.sizeBytes; index++, at += entryBytes) {
    const size = flags & TRUN.size ? u32be(bytes, at + has(TRUN.duration)) : defaultSize
    ranges.push({start, end: start + size})
    start += size
  }
  return start
}

/** Number of a track, as fragments name it. */
export function trackIdOf(source: ByteSource, track: Mp4Atom): number {
  const header = descendantAtom(source, track, 'tkhd')
  if (header === null) return 0
  const fields = source.read(contentStart(header), 24)
  return u32be(fields, fields[0] === 1 ? 20 : 12)
}
