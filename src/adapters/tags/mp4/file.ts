// The tags of an MP4, changed in its index: room is taken from `free` atoms; else the index grows and the chunk
// offsets move with it.
// Source: ISO/IEC 14496-12 §8.10 (user data), §8.11 (meta), §8.7.5 (chunk offsets).
import {CrateError} from '../../../core/errors.js'
import {type ByteSource, latin1, u24be} from '../../audio/bytes.js'
import {childAtom, contentStart, type Mp4Atom, mp4Atoms, topAtom} from '../../audio/containers/mp4-atoms.js'
import {shiftChunkOffsets} from '../../audio/containers/mp4-faststart.js'
import {copy, insert, type KeyChange, type Piece} from '../splice.js'
import {editMp4Items, type Mp4Item, makeAtom, parseMp4Items} from './items.js'

/** Room for the next change, so that it need not move the audio. */
const NEW_FREE_BYTES = 2048
const SMALLEST_ATOM_BYTES = 8

interface TagPlace {
  readonly movie: Mp4Atom
  readonly userData: Mp4Atom | null
  readonly meta: Mp4Atom | null
  readonly list: Mp4Atom | null
}

function findTags(source: ByteSource): TagPlace {
  const movie = topAtom(source, 'moov')
  if (movie === null) throw new CrateError('FORMAT_INVALID', 'this MP4 has no index (moov)')
  if (movie.declaredEnd > source.sizeBytes) throw new CrateError('FORMAT_INVALID', 'the index of this MP4 is cut off')
  const userData = childAtom(source, movie, 'udta')
  const meta = userData === null ? null : childAtom(source, userData, 'meta')
  const list = meta === null ? null : childAtom(source, meta, 'ilst', metaSkipBytes(source, meta))
  return {movie, userData, meta, list}
}

/** QuickTime's own `meta` lacks the version and flags that MP4's has. */
function metaSkipBytes(source: ByteSource, meta: Mp4Atom): 0 | 4 {
  return latin1(source.read(contentStart(meta) + 4, 4)) === 'hdlr' ? 0 : 4
}

export function readMp4Items(source: ByteSource): Mp4Item[] {
  const {list} = findTags(source)
  return list === null ? [] : parseMp4Items(source, list)
}

export function editMp4Tags(source: ByteSource, changes: readonly KeyChange[]): Piece[] {
  const place = findTags(source)
  const {movie} = place
  const content = editMp4Items(place.list === null ? [] : parseMp4Items(source, place.list), changes)
  const index = replaceInMovie(source, place, content)
  const growth = index.length - (movie.end - movie.at)
  const behind = freeBehind(source, movie)
  const left = behind === null ? -1 : behind.end - behind.at - growth
  if (growth === 0) return [copy(0, movie.at), insert(index), copy(movie.end, source.sizeBytes)]
  if (behind !== null && (left === 0 || left >= SMALLEST_ATOM_BYTES))
    return [copy(0, movie.at), insert(index), insert(freeAtom(left)), copy(behind.end, source.sizeBytes)]
  moveMedia(source, movie, index, growth)
  return [copy(0, movie.at), insert(index), copy(movie.end, source.sizeBytes)]
}

/** The index with a new list in the old one's place, or where it belongs if there was none. */
function replaceInMovie(source: ByteSource, {movie, userData, meta, list}: TagPlace, content: Uint8Array): Buffer {
  const fresh = makeAtom('ilst', [content])
  if (userData === null) return spliced(source, [movie], movie.end, movie.end, makeAtom('udta', [makeMeta(fresh)]))
  if (meta === null)
    // In front: QuickTime ends user data with four zero bytes.
    return spliced(source, [movie, userData], contentStart(userData), contentStart(userData), makeMeta(fresh))
  const parents = [movie, userData, meta]
  if (list === null)
    return spliced(source, parents, meta.end, meta.end, Buffer.concat([fresh, freeAtom(NEW_FREE_BYTES)]))
  const neighbour = mp4Atoms(source, list.end, meta.end).next().value
  const free = neighbour !== undefined && neighbour.type === 'free' ? neighbour : null
  const room = (free?.end ?? list.end) - list.at
  const left = room - fresh.length
  const padding = left === 0 || left >= SMALLEST_ATOM_BYTES ? left : NEW_FREE_BYTES
  return spliced(source, parents, list.at, list.at + room, Buffer.concat([fresh, freeAtom(padding)]))
}

/** @param bytes with its header; none for 0 */
function freeAtom(bytes: number): Uint8Array {
  return bytes === 0 ? new Uint8Array(0) : makeAtom('free', [new Uint8Array(bytes - SMALLEST_ATOM_BYTES)])
}

function makeMeta(list: Uint8Array): Uint8Array {
  const handler = Buffer.concat([Buffer.alloc(8), Buffer.from('mdirappl', 'latin1'), Buffer.alloc(9)])
  return makeAtom('meta', [new Uint8Array(4), makeAtom('hdlr', [handler]), list, freeAtom(NEW_FREE_BYTES)])
}

/** The first parent with a range replaced, the sizes of all parents corrected. */
function spliced(
  source: ByteSource,
  parents: readonly Mp4Atom[],
  start: number,
  end: number,
  bytes: Uint8Array,
): Buffer {
  const [movie] = parents
  if (movie === undefined) throw new CrateError('INTERNAL', 'no parent to replace in')
  const head = Buffer.from(source.read(movie.at, start - movie.at))
  const tail = Buffer.from(source.read(end, movie.end - end))
  const growth = bytes.length - (end - start)
  for (const parent of parents) {
    const at = parent.at - movie.at
    const size = head.readUInt32BE(at)
    if (size === 1) head.writeBigUInt64BE(head.readBigUInt64BE(at + 8) + BigInt(growth), at + 8)
    // 0 means "to the end of the file" and stays true.
    else if (size !== 0) head.writeUInt32BE(size + growth, at)
  }
  return Buffer.concat([head, bytes, tail])
}

/** A top-level `free` right behind the index, with media after it. */
function freeBehind(source: ByteSource, movie: Mp4Atom): Mp4Atom | null {
  const next = mp4Atoms(source, movie.end, source.sizeBytes).next().value
  return next !== undefined && (next.type === 'free' || next.type === 'skip') ? next : null
}

function moveMedia(source: ByteSource, movie: Mp4Atom, index: Buffer, growth: number): void {
  for (const atom of mp4Atoms(source, movie.end, source.sizeBytes))
    if (atom.type === 'moof' && hasAbsoluteOffsets(source, atom))
      throw new CrateError(
        'FORMAT_UNSUPPORTED',
        'this fragmented MP4 keeps absolute positions and has no room for more tags',
        {
          hints: ['Rewrite it first: ffmpeg -i OLD.m4a -c copy NEW.m4a'],
        },
      )
  let isTooFar = false
  shiftChunkOffsets(index, (offset, isLong) => {
    const moved = offset >= movie.end ? offset + growth : offset
    if (!isLong && moved > 0xffffffff) isTooFar = true
    return moved
  })
  if (isTooFar)
    throw new CrateError('FORMAT_UNSUPPORTED', 'the tags would push the media beyond 4 GB, which its index cannot say')
}

const TFHD_BASE_DATA_OFFSET = 1

function hasAbsoluteOffsets(source: ByteSource, fragment: Mp4Atom): boolean {
  for (const track of mp4Atoms(source, contentStart(fragment), fragment.end)) {
    const header = track.type === 'traf' ? childAtom(source, track, 'tfhd') : null
    if (header === null) continue
    if (u24be(source.read(contentStart(header), 4), 1) & TFHD_BASE_DATA_OFFSET) return true
  }
  return false
}
