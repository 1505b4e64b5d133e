// The ID3v2 tag in a chunk of a WAV (`id3 `) or an AIFF (`ID3 `).
// Sources: id3.org leaves the chunk undocumented; names as TagLib's rifffile and mutagen's aiff.py and wave.py have them.
import {CrateError} from '../../../core/errors.js'
import {type ByteSource, latin1, u32be, u32le, u64le} from '../../audio/bytes.js'
import {aiffChunks} from '../../audio/containers/aiff.js'
import {type RiffChunk, riffChunks} from '../../audio/containers/riff.js'
import {copy, insert, type KeyChange, type Piece, piecesBytes} from '../splice.js'
import {editId3, readId3Values} from './edit.js'
import type {FrameValue} from './values.js'

export type ChunkedFormat = 'wav' | 'aiff'

function chunksOf(source: ByteSource, format: ChunkedFormat): RiffChunk[] {
  return [...(format === 'wav' ? riffChunks(source) : aiffChunks(source))]
}

function isId3Chunk({id}: RiffChunk): boolean {
  return id === 'id3 ' || id === 'ID3 '
}

function tagIn(source: ByteSource, chunk: RiffChunk | undefined): Uint8Array {
  return chunk === undefined ? new Uint8Array(0) : source.read(chunk.start, chunk.end - chunk.start).slice()
}

export function readChunkedId3(source: ByteSource, format: ChunkedFormat): FrameValue[] {
  return readId3Values(tagIn(source, chunksOf(source, format).find(isId3Chunk)))
}

export function editChunkedId3(source: ByteSource, format: ChunkedFormat, changes: readonly KeyChange[]): Piece[] {
  const chunks = chunksOf(source, format)
  const current = chunks.find(isId3Chunk)
  const tag = editId3(tagIn(source, current), changes)
  const chunk = encodeChunk(current === undefined ? (format === 'wav' ? 'id3 ' : 'ID3 ') : current.id, tag, format)
  const place = current === undefined ? placeForNew(source, chunks, format) : placeOf(current, source)
  // A chunk of odd length at the end may lack its padding byte.
  const filler = place.start > place.from ? insert(new Uint8Array(place.start - place.from)) : null
  const body = [
    copy(12, Math.min(place.from, source.sizeBytes)),
    ...(filler === null ? [] : [filler]),
    insert(chunk),
    copy(Math.min(place.end, source.sizeBytes), source.sizeBytes),
  ]
  const growth = 12 + piecesBytes(body) - source.sizeBytes
  return [insert(formHeader(source, format, growth)), ...withLargeSize(source, body, growth)]
}

interface Place {
  /** Old bytes up to here stay in front. */
  readonly from: number
  /** Where the chunk begins: `from`, or one more where a padding byte was missing. */
  readonly start: number
  /** Old bytes from here on stay behind. */
  readonly end: number
}

function placeOf(chunk: RiffChunk, source: ByteSource): Place {
  const start = chunk.start - 8
  const end = Math.min(source.sizeBytes, chunk.end + (chunk.declaredBytes & 1))
  return {from: start, start, end}
}

function placeForNew(source: ByteSource, chunks: readonly RiffChunk[], format: ChunkedFormat): Place {
  const data = chunks.find(({id}) => id === 'data')
  // Audio of unknown length reaches to the end of the file: what is appended would be played.
  const isOpenEnded = format === 'wav' && data !== undefined && isSizeUnknown(source, data)
  if (isOpenEnded) return {from: data.start - 8, start: data.start - 8, end: data.start - 8}
  const last = chunks.at(-1)
  const end = last === undefined ? source.sizeBytes : Math.min(source.sizeBytes, last.start + last.declaredBytes)
  const isPadded = last === undefined || (last.declaredBytes & 1) === 0
  if (last !== undefined && last.start + last.declaredBytes > source.sizeBytes)
    throw new CrateError('FORMAT_INVALID', `the ${last.id.trim()} chunk is cut off: tags cannot be added safely`)
  const padded = isPadded ? end : end + 1
  return {from: Math.min(padded, source.sizeBytes), start: padded, end: padded}
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
