// The Vorbis comment block, as FLAC, Ogg Vorbis and Opus share it.
// Source: xiph.org, "Ogg Vorbis I format specification: comment field and header specification".
import {CrateError} from '../../../core/errors.js'
import {latin1, u32le} from '../../audio/bytes.js'
import type {KeyChange} from '../splice.js'

export interface VorbisComments {
  readonly vendor: Uint8Array
  /** Each `NAME=value`, as stored. */
  readonly entries: readonly Uint8Array[]
  /** What follows the block: the framing bit of Vorbis, the padding of Opus. */
  readonly rest: Uint8Array
}

export interface CommentValue {
  readonly key: string
  readonly bytes: Uint8Array
}

/** @throws FORMAT_INVALID where the lengths do not fit into the block */
export function parseVorbisComments(block: Uint8Array): VorbisComments {
  let at = 0
  const next = (): Uint8Array => {
    const length = u32le(block, at)
    const end = at + 4 + length
    if (at + 4 > block.length || end > block.length)
      throw new CrateError('FORMAT_INVALID', 'the comment block is cut off')
    const value = block.subarray(at + 4, end)
    at = end
    return value
  }
  const vendor = next()
  const count = u32le(block, at)
  at += 4
  // Each entry takes at least its length field: a larger count is damage, not a reason to allocate.
  if (at > block.length || count > (block.length - at) / 4)
    throw new CrateError('FORMAT_INVALID', `the comment block counts ${count} comments, which cannot be in it`)
  const entries = Array.from({length: count}, next)
  return {vendor, entries, rest: block.subarray(at)}
}

export function encodeVorbisComments({vendor, entries, rest}: VorbisComments): Uint8Array {
  const out = Buffer.alloc(8 + vendor.length + entries.reduce((sum, entry) => sum + 4 + entry.length, 0) + rest.length)
  let at = out.writeUInt32LE(vendor.length, 0)
  out.set(vendor, at)
  at = out.writeUInt32LE(entries.length, at + vendor.length)
  for (const entry of entries) {
    at = out.writeUInt32LE(entry.length, at)
    out.set(entry, at)
    at += entry.length
  }
  out.set(rest, at)
  return out
}

export function readCommentValues({entries}: VorbisComments): CommentValue[] {
  return entries.flatMap((entry) => {
    const equals = entry.indexOf(0x3d)
    return equals < 0 ? [] : [{key: latin1(entry, 0, equals), bytes: entry.subarray(equals + 1)}]
  })
}

/** Names are matched without regard to case, as the specification asks; a changed one keeps its place. */
export function editComments(comments: VorbisComments, changes: readonly KeyChange[]): VorbisComments {
  let entries = comments.entries
  for (const {key, values} of changes) {
    if (!/^[\x20-\x3c\x3e-\x7d]+$/.test(key))
      throw new CrateError('FORMAT_UNSUPPORTED', `"${key}" cannot be the name of a Vorbis comment`)
    const isMeant = (entry: Uint8Array) => latin1(entry, 0, key.length + 1).toLowerCase() === `${key.toLowerCase()}=`
    const first = entries.find(isMeant)
    const name = first === undefined ? key : latin1(first, 0, key.length)
    const fresh = values.map((value) => Buffer.concat([Buffer.from(`${name}=`, 'latin1'), value]))
    entries =
      first === undefined
        ? [...entries, ...fresh]
        : entries.flatMap((entry) => (entry === first ? fresh : isMeant(entry) ? [] : [entry]))
  }
  return {...comments, entries}
}

/** For files that have no comment block yet. */
export const NO_COMMENTS: VorbisComments = {
  vendor: Buffer.from('crate', 'utf8'),
  entries: [],
  rest: new Uint8Array(0),
}
