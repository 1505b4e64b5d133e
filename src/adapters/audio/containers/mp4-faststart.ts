// An MP4 with its index in front, made in memory: Symphonia reads a movie only from front to back.
import {CrateError} from '../../../core/errors.js'
import {type ByteSource, memoryBytes} from '../bytes.js'
import {contentStart, type Mp4Atom, mp4Atoms, topAtom} from './mp4-atoms.js'

const CONTAINERS = ['moov', 'trak', 'mdia', 'minf', 'stbl']

/** The bytes themselves where the index is in front already. */
export function movieWithIndexInFront(source: ByteSource, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const movie = topAtom(source, 'moov')
  const media = topAtom(source, 'mdat')
  if (movie === null || media === null) throw new CrateError('AUDIO_UNDECODABLE', 'this MP4 has no index or no media')
  if (movie.at < media.at) return bytes
  const index = bytes.slice(movie.at, movie.end)
  // Everything from the media on moves back by the length of the index.
  shiftChunkOffsets(index, (offset) => (offset >= media.at && offset < movie.at ? offset + index.length : offset))
  const out = new Uint8Array(bytes.length)
  out.set(bytes.subarray(0, media.at), 0)
  out.set(index, media.at)
  out.set(bytes.subarray(media.at, movie.at), media.at + index.length)
  out.set(bytes.subarray(movie.end), movie.end)
  return out
}

/** Rewrites every chunk offset (stco, co64) of a `moov` atom in place. */
export function shiftChunkOffsets(movie: Uint8Array, shifted: (offset: number, isLong: boolean) => number): void {
  const view = new DataView(movie.buffer, movie.byteOffset, movie.byteLength)
  const source = memoryBytes(movie)
  const visit = (atom: Mp4Atom): void => {
    const start = contentStart(atom)
    if (CONTAINERS.includes(atom.type)) for (const child of mp4Atoms(source, start, atom.end)) visit(child)
    else if (atom.type === 'stco')
      for (let at = start + 8; at + 4 <= atom.end; at += 4) view.setUint32(at, shifted(view.getUint32(at), false))
    else if (atom.type === 'co64')
      for (let at = start + 8; at + 8 <= atom.end; at += 8)
        view.setBigUint64(at, BigInt(shifted(Number(view.getBigUint64(at)), true)))
  }
  for (const atom of mp4Atoms(source, 0, movie.length)) visit(atom)
}
