// The identity of a track: a hash over the coded audio alone.
//
// What is hashed is the payload that a player decodes: MPEG frames without ID3, APE, Lyrics3 and the Xing/LAME frame
// (which repair tools and `ffmpeg -c copy` rewrite), FLAC frames without metadata blocks (STREAMINFO's MD5 would be
// cheaper, but encoders may leave it zero), Ogg packets without page headers and comment packets, the coded samples of
// MP4 wherever its index lies, PCM with the few numbers that say how to play it.
import {createHash, type Hash} from 'node:crypto'
import {setImmediate as nextTurn} from 'node:timers/promises'
import type {ByteRange, ByteSource} from './bytes.js'
import type {AudioLayout} from './layout.js'

const PIECE_BYTES = 1 << 18
/** After so many bytes other work of the thread gets its turn. */
const TURN_BYTES = 1 << 23

/**
 * 128 bits in hexadecimal: SHA-256 truncated, which CPUs of the last ten years compute at over 1 GB/s.
 *
 * @throws ABORTED
 */
export async function hashAudioPayload(source: ByteSource, layout: AudioLayout, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256').update(`${layout.signature}\0`)
  let sinceTurn = 0
  for (const range of layout.payload()) {
    for (const piece of pieces(range)) {
      const bytes = source.read(piece.start, piece.end - piece.start)
      hash.update(bytes)
      sinceTurn += bytes.length
      if (sinceTurn < TURN_BYTES) continue
      sinceTurn = 0
      signal?.throwIfAborted()
      await nextTurn()
    }
  }
  return finish(hash)
}

function* pieces({start, end}: ByteRange): Generator<ByteRange> {
  for (let at = start; at < end; at += PIECE_BYTES) yield {start: at, end: Math.min(end, at + PIECE_BYTES)}
}

function finish(hash: Hash): string {
  return hash.digest('hex').slice(0, 32)
}
