// The ID3v2 tag at the beginning of an MP3 or a raw AAC file.
import type {ByteSource} from '../../audio/bytes.js'
import {syncsafe32, u8} from '../../audio/bytes.js'
import {id3v2BytesAt, isId3v2Header} from '../../audio/containers/foreign-tags.js'
import {copy, insert, type KeyChange, type Piece} from '../splice.js'
import {editId3, id3VersionOf, readId3Values} from './edit.js'
import type {Id3Version} from './tag.js'
import type {FrameValue} from './values.js'

/** The first tag only: a second one right behind it stays as it is. */
function leadingTag(source: ByteSource): Uint8Array {
  const header = source.read(0, 10)
  if (!isId3v2Header(header)) return new Uint8Array(0)
  const footerBytes = u8(header, 5) & 0x10 ? 10 : 0
  return source.read(0, Math.min(id3v2BytesAt(source, 0), 10 + syncsafe32(header, 6) + footerBytes)).slice()
}

export function readLeadingId3(source: ByteSource): FrameValue[] {
  return readId3Values(leadingTag(source))
}

export function editLeadingId3(source: ByteSource, changes: readonly KeyChange[]): Piece[] {
  const tag = leadingTag(source)
  return [insert(editId3(tag, changes)), copy(tag.length, source.sizeBytes)]
}

export function leadingId3Version(source: ByteSource): Id3Version {
  return id3VersionOf(leadingTag(source))
}
