// The tags in the chunks of a WAV or an AIFF: ID3v2 in a chunk of its own, and the older plain texts beside it.
// Sources: id3.org leaves the chunk undocumented; names as TagLib's rifffile and mutagen's aiff.py and wave.py have them.
import {CrateError} from '../../../core/errors.js'
import {type ByteSource, latin1, startsWith, u32be, u32le, u64le} from '../../audio/bytes.js'
import {aiffChunks} from '../../audio/containers/aiff.js'
import {type RiffChunk, riffChunks} from '../../audio/containers/riff.js'
import {copy, insert, type KeyChange, type Piece, piecesBytes} from '../splice.js'
import {editId3, id3VersionOf, readId3Values} from './edit.js'
import {AIFF_PREFIX, AIFF_TEXTS, editInfo, INFO_PREFIX, readInfo, untilNul} from './info.js'
import type {Id3Version} from './tag.js'
import type {FrameValue} from './values.js'

export type ChunkedFormat = 'wav' | 'aiff'

function chunksOf(source: ByteSource, format: ChunkedFormat): RiffChunk[] {
  return [...(format === 'wav' ? riffChunks(source) : aiffChunks(source))]
}

function isId3Chunk({id}: RiffChunk): boolean {
  return id === 'id3 ' || id === 'ID3 '
}

function isInfoChunk(source: ByteSource, {id, start}: RiffChunk): boolean {
  return id === 'LIST' && startsWith(source.read(start, 4), 'INFO')
}

function content(source: ByteSource, chunk: RiffChunk | undefined): Uint8Array {
  return chunk === undefined ? new Uint8Array(0) : source.read(chunk.start, chunk.end - chunk.start).slice()
}

/** Frames of the ID3 tag, `INFO:INAM` and the like of a WAV, `AIFF:NAME` and the like of an AIFF. */
export function readChunkedTags(source: ByteSource, format: ChunkedFormat): FrameValue[] {
  const chunks = chunksOf(source, format)
  const texts = chunks.flatMap((chunk) => {
    if (format === 'wav') return isInfoChunk(source, chunk) ? readInfo(content(source, chunk)) : []
    if (!AIFF_TEXTS.includes(chunk.id)) return []
    return [{key: `${AIFF_PREFIX}${chunk.id}`, bytes: untilNul(content(source, chunk))}]
  })
  return [...readId3Values(content(source, chunks.find(isId3Chunk))), ...texts]
}

export function chunkedId3Version(source: ByteSource, format: ChunkedFormat): Id3Version {
  return id3VersionOf(content(source, chunksOf(source, format).find(isId3Chunk)))
}

/** The old texts can be changed and removed, never added: a new file needs only ID3. */
export function editChunkedTags(source: ByteSource, format: ChunkedFormat, changes: readonly KeyChange[]): Piece[] {
  const chunks = chunksOf(source, format)
  const isText = ({key}: KeyChange) => key.startsWith(INFO_PREFIX) || key.startsWith(AIFF_PREFIX)
  const texts = changes.filter(isText)
  const frames = changes.filter((change) => !isText(change))
  const tagChunk = chunks.find(isId3Chunk)
  const tag = frames.length === 0 ? null : editId3(content(source, tagChunk), frames)
  const newChunk = (id: string, bytes: Uint8Array) => insert(encodeChunk(id, bytes, format))
  const addBefore = tag === null || tagChunk !== undefined ? null : placeForNew(source, chunks, format)
  const addition = tag === null || tag.length === 0 ? [] : [newChunk(format === 'wav' ? 'id3 ' : 'ID3 ', tag)]

  const body: Piece[] = []
  let at = 12
  for (const chunk of chunks) {
    const from = chunk.start - 8
    const end = Math.min(source.sizeBytes, chunk.end + (chunk.declaredBytes & 1))
    if (addBefore === chunk) body.push(...addition)
    if (chunk === tagChunk && tag !== null) body.push(...(tag.length === 0 ? [] : [newChunk(chunk.id, tag)]))
    else if (texts.length > 0 && format === 'wav' && isInfoChunk(source, chunk))
      body.push(newChunk(chunk.id, editInfo(content(source, chunk), texts)))
    else body.push(...(editedText(chunk, texts) ?? [copy(from, end), ...missingPadding(chunk, end)]))
    at = end
  }
  if (addBefore === 'end') body.push(...addition)
  body.push(copy(at, source.sizeBytes))
  const growth = 12 + piecesBytes(body) - source.sizeBytes
  return [insert(formHeader(source, format, growth)), ...withLargeSize(source, body, growth)]

  function editedText(chunk: RiffChunk, wanted: readonly KeyChange[]): Piece[] | null {
    const change = wanted.find(({key}) => key === `${AIFF_PREFIX}${chunk.id}`)
    return change === undefined ? null : change.values.map((value) => newChunk(chunk.id, value))
  }

  /** A chunk of odd length at the end may lack its padding byte. */
  function missingPadding(chunk: RiffChunk, end: number): Piece[] {
    const isMissing =
      end === source.sizeBytes && (chunk.declaredBytes & 1) === 1 && end === chunk.start + chunk.declaredBytes
    return isMissing && addBefore === 'end' ? [insert(new Uint8Array(1))] : []
  }
}

/** The chunk before which a new one goes, or the end. */
function placeForNew(source: ByteSource, chunks: readonly RiffChunk[], format: ChunkedFormat): RiffChunk | 'end' {
  const data = chunks.find(({id}) => id === 'data')
  // Audio of unknown length reaches to the end of the file: what is appended would be played.
  if (format === 'wav' && data !== undefined && isSizeUnknown(source, data)) return data
  const last = chunks.at(-1)
  if (last !== undefined && last.start + last.declaredBytes > source.sizeBytes)
    throw new CrateError('FORMAT_INVALID', `the ${last.id.trim()} chunk is cut off: tags cannot be added safely`)
  return 'end'
}

function isSizeUnknown(source: ByteSource, data: RiffChunk): boolean {
  const stored = u32le(source.read(data.start - 4, 4), 0)
  return stored === 0 || (stored === 0xffffffff && latin1(source.read(0, 4)) === 'RIFF')
}

function encodeChunk(id: string, tag: Uint8Array, format: ChunkedFormat): Uint8Array {
  const out = new Uint8Array(8 + tag.length + (tag.length & 1))
  out.set(Buffer.from(id, 'latin1'))
  new DataView(out.buffer).setUint32(4, tag.length, format === 'wav')
  out.set(tag, 8)
  return out
}

/** The first twelve bytes with the new size; sizes that say "unknown" are left. */
function formHeader(source: ByteSource, format: ChunkedFormat, growth: number): Uint8Array {
  const header = source.read(0, 12).slice()
  const isLittleEndian = format === 'wav'
  const size = isLittleEndian ? u32le(header, 4) : u32be(header, 4)
  if (size === 0 || size === 0xffffffff) return header
  if (size + growth > 0xfffffffe) throw new CrateError('FORMAT_INVALID', 'the file would grow beyond 4 GB')
  new DataView(header.buffer).setUint32(4, size + growth, isLittleEndian)
  return header
}

/** RF64 keeps the true size of the file in its `ds64` chunk, which is the first. */
function withLargeSize(source: ByteSource, body: readonly Piece[], growth: number): Piece[] {
  const first = source.read(12, 16).slice()
  const [head, ...rest] = body
  if (latin1(first, 0, 4) !== 'ds64' || head?.kind !== 'copy' || head.end < 28) return [...body]
  new DataView(first.buffer).setBigUint64(8, BigInt(u64le(first, 8) + growth), true)
  return [insert(first), copy(28, head.end), ...rest]
}
