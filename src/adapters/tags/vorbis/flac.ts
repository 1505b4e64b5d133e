// Vorbis comments in the metadata blocks of a FLAC.
// Source: RFC 9639 §8.6 (comments), §8.3 (padding), §8.8 (pictures).
import {CrateError} from '../../../core/errors.js'
import type {ByteSource} from '../../audio/bytes.js'
import {type FlacBlock, readFlacMetadata} from '../../audio/containers/flac.js'
import {copy, insert, type KeyChange, type Piece} from '../splice.js'
import {
  type CommentValue,
  editComments,
  encodeVorbisComments,
  NO_COMMENTS,
  parseVorbisComments,
  readCommentValues,
  type VorbisComments,
} from './comments.js'

const BLOCK = {padding: 1, comments: 4, picture: 6} as const
/** Pictures are blocks of their own here; crate speaks of them as Ogg files hold them: a comment, the block in base64. */
const PICTURE_KEY = 'METADATA_BLOCK_PICTURE'
const BLOCK_HEADER_BYTES = 4
const LARGEST_BLOCK_BYTES = 0xffffff
const NEW_PADDING_BYTES = 4096

function commentsIn(source: ByteSource, blocks: readonly FlacBlock[]): VorbisComments {
  const block = blocks.find(({type}) => type === BLOCK.comments)
  return block === undefined
    ? NO_COMMENTS
    : parseVorbisComments(source.read(block.start, block.end - block.start).slice())
}

export function readFlacComments(source: ByteSource): CommentValue[] {
  const {blocks} = readFlacMetadata(source)
  const pictures = blocks.filter(({type}) => type === BLOCK.picture)
  return [
    ...readCommentValues(commentsIn(source, blocks)),
    ...pictures.map(({start, end}) => {
      const base64 = Buffer.from(source.read(start, end - start)).toString('base64')
      return {key: PICTURE_KEY, bytes: Buffer.from(base64, 'latin1')}
    }),
  ]
}

function isPictureChange({key}: KeyChange): boolean {
  return key.toUpperCase() === PICTURE_KEY
}

/** Padding gives way or takes up what is left, so that the audio stays in its place; other blocks keep bytes and order. */
export function editFlacComments(source: ByteSource, changes: readonly KeyChange[]): Piece[] {
  const {markerAt, blocks, audioStart} = readFlacMetadata(source)
  const textChanges = changes.filter((change) => !isPictureChange(change))
  const pictureChanges = changes.filter(isPictureChange)
  const comments = encodeVorbisComments(editComments(commentsIn(source, blocks), textChanges))
  if (comments.length > LARGEST_BLOCK_BYTES)
    throw new CrateError('FORMAT_INVALID', 'FLAC comments cannot be larger than 16 MB')
  const kept: {readonly type: number; readonly body: Piece; readonly bytes: number}[] = []
  for (const {type, start, end} of blocks) {
    if (type === BLOCK.padding || (type === BLOCK.picture && pictureChanges.length > 0)) continue
    if (type === BLOCK.comments) kept.push({type, body: insert(comments), bytes: comments.length})
    else kept.push({type, body: copy(start, end), bytes: end - start})
  }
  // The stream information must be first (§8.2), so that new comments come second.
  if (!kept.some(({type}) => type === BLOCK.comments))
    kept.splice(1, 0, {type: BLOCK.comments, body: insert(comments), bytes: comments.length})
  for (const value of pictureChanges.flatMap(({values}) => values)) {
    const block = Buffer.from(Buffer.from(value).toString('latin1'), 'base64')
    if (block.length > LARGEST_BLOCK_BYTES)
      throw new CrateError('FORMAT_INVALID', 'a picture in a FLAC cannot be larger than 16 MB')
    kept.push({type: BLOCK.picture, body: insert(block), bytes: block.length})
  }
  const used = kept.reduce((sum, {bytes}) => sum + BLOCK_HEADER_BYTES + bytes, 0)
  const left = audioStart - markerAt - 4 - used
  const fits = left === 0 || (left >= BLOCK_HEADER_BYTES && left - BLOCK_HEADER_BYTES <= LARGEST_BLOCK_BYTES)
  const paddingBytes = fits ? left - BLOCK_HEADER_BYTES : NEW_PADDING_BYTES
  if (paddingBytes >= 0)
    kept.push({type: BLOCK.padding, body: insert(new Uint8Array(paddingBytes)), bytes: paddingBytes})
  const pieces = kept.flatMap(({type, body, bytes}, index) => [
    insert(blockHeader(type, bytes, index === kept.length - 1)),
    body,
  ])
  return [copy(0, markerAt + 4), ...pieces, copy(audioStart, source.sizeBytes)]
}

function blockHeader(type: number, bytes: number, isLast: boolean): Uint8Array {
  return Uint8Array.of((isLast ? 0x80 : 0) | type, bytes >> 16, (bytes >> 8) & 0xff, bytes & 0xff)
}
