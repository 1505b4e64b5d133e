// Tags that stand before or behind audio of any kind: ID3v2, ID3v1, APE, Lyrics3.
// Sources: id3.org (ID3v2.4 structure, ID3v1, Lyrics3 v2.00); "APE Tags Header" of hydrogenaudio's wiki.
import {type ByteSource, latin1, startsWith, syncsafe32, u8, u32le} from '../bytes.js'

const ID3V2_HEADER_BYTES = 10
const ID3V1_BYTES = 128
/** "Enhanced TAG", put before ID3v1 by a few old programs. */
const ID3V1_EXTENDED_BYTES = 227
const APE_FOOTER_BYTES = 32

/** Length of the ID3v2 tags at a position, header, padding and footer included; several may follow one another. */
export function id3v2BytesAt(source: ByteSource, offset: number): number {
  let at = offset
  for (;;) {
    const header = source.read(at, ID3V2_HEADER_BYTES)
    if (!isId3v2Header(header)) return at - offset
    const hasFooter = (u8(header, 5) & 0x10) !== 0
    at += ID3V2_HEADER_BYTES + syncsafe32(header, 6) + (hasFooter ? ID3V2_HEADER_BYTES : 0)
  }
}

export function isId3v2Header(header: Uint8Array): boolean {
  if (header.length < ID3V2_HEADER_BYTES || !startsWith(header, 'ID3')) return false
  const isLengthSyncsafe = [6, 7, 8, 9].every((at) => u8(header, at) < 0x80)
  return u8(header, 3) < 0xff && u8(header, 4) < 0xff && isLengthSyncsafe
}

/** Where the tags at the end of a file begin; the size of the file where it has none. */
export function trailingTagsStart(source: ByteSource): number {
  let end = source.sizeBytes
  for (;;) {
    const bytes =
      id3v1BytesBefore(source, end) ||
      apeBytesBefore(source, end) ||
      lyrics3BytesBefore(source, end) ||
      id3v2BytesBefore(source, end)
    if (bytes === 0 || bytes > end) return end
    end -= bytes
  }
}

function id3v1BytesBefore(source: ByteSource, end: number): number {
  if (end < ID3V1_BYTES || !startsWith(source.read(end - ID3V1_BYTES, 3), 'TAG')) return 0
  const extendedAt = end - ID3V1_BYTES - ID3V1_EXTENDED_BYTES
  const isExtended = extendedAt >= 0 && startsWith(source.read(extendedAt, 4), 'TAG+')
  return isExtended ? ID3V1_BYTES + ID3V1_EXTENDED_BYTES : ID3V1_BYTES
}

function apeBytesBefore(source: ByteSource, end: number): number {
  if (end < APE_FOOTER_BYTES) return 0
  const footer = source.read(end - APE_FOOTER_BYTES, APE_FOOTER_BYTES)
  if (!startsWith(footer, 'APETAGEX')) return 0
  const hasHeader = (u32le(footer, 20) & 0x8000_0000) !== 0
  return u32le(footer, 12) + (hasHeader ? APE_FOOTER_BYTES : 0)
}

function lyrics3BytesBefore(source: ByteSource, end: number): number {
  const tail = latin1(source.read(end - 15, 15))
  if (tail.endsWith('LYRICS200')) {
    const bytes = Number.parseInt(tail.slice(0, 6), 10)
    return Number.isNaN(bytes) ? 0 : bytes + 15
  }
  if (!tail.endsWith('LYRICSEND')) return 0
  const longest = Math.min(5100 + 20, end)
  const begin = latin1(source.read(end - longest, longest)).lastIndexOf('LYRICSBEGIN')
  return begin < 0 ? 0 : longest - begin
}

/** An ID3v2.4 tag at the end is found by its footer. */
function id3v2BytesBefore(source: ByteSource, end: number): number {
  const footer = source.read(end - ID3V2_HEADER_BYTES, ID3V2_HEADER_BYTES)
  if (footer.length < ID3V2_HEADER_BYTES || !startsWith(footer, '3DI')) return 0
  return syncsafe32(footer, 6) + 2 * ID3V2_HEADER_BYTES
}
