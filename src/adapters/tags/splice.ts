// An edited file as pieces: ranges of the old file in between new bytes. Nothing is copied until it is written.
import type {ByteSource} from '../audio/bytes.js'

export type Piece =
  | {readonly kind: 'copy'; readonly start: number; readonly end: number}
  | {readonly kind: 'bytes'; readonly bytes: Uint8Array}

export function copy(start: number, end: number): Piece {
  return {kind: 'copy', start, end}
}

export function insert(bytes: Uint8Array): Piece {
  return {kind: 'bytes', bytes}
}

export function piecesBytes(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + (piece.kind === 'copy' ? piece.end - piece.start : piece.bytes.length), 0)
}

const CHUNK_BYTES = 1 << 18

/** The new file from front to back, in chunks of bounded size; a chunk is valid until the next one is asked for. */
export function* renderPieces(source: ByteSource, pieces: Iterable<Piece>): Generator<Uint8Array> {
  for (const piece of pieces) {
    if (piece.kind === 'bytes') yield piece.bytes
    else
      for (let at = piece.start; at < piece.end; at += CHUNK_BYTES)
        yield source.read(at, Math.min(CHUNK_BYTES, piece.end - at))
  }
}

/** One change to one key: all values that it shall have from now on, none to remove it. */
export interface KeyChange {
  readonly key: string
  readonly values: readonly Uint8Array[]
}
