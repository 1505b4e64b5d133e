// Coded audio cut into pieces that decode on their own, so that an hour takes no more memory than a minute.
//
// A piece begins a few frames early where the codec carries state from frame to frame (bit reservoir, overlapping
// windows); what these extra frames decode to is dropped from its beginning. For MP3, FLAC and Vorbis the joined pieces
// equal a decode of the whole file sample for sample (test/adapters/audio/segments.test.ts).

export interface CodedSegment {
  /** A file of its own to the decoder. */
  readonly coded: Uint8Array<ArrayBuffer>
  /** So many sample frames, counted from the end of what it decodes to, are this segment's own; null for all. */
  readonly frames: number | null
  /** The whole file in one: its frames are counted from the beginning. */
  readonly isWhole?: boolean
}

/** Long enough that starting the decoder does not matter, short enough for about 40 MB in all. */
export const SEGMENT_SECONDS = 20

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
