// Which container's editor changes the tags of a file.
import type {RawTag, RawTags} from '../../api/format.js'
import type {ByteSource} from '../audio/bytes.js'
import type {ContainerKind} from '../audio/sniff.js'
import {chunkedId3Version, editChunkedTags, readChunkedTags} from './id3/chunk.js'
import {editLeadingId3, leadingId3Version, readLeadingId3} from './id3/file.js'
import type {Id3Version} from './id3/tag.js'
import {editMp4Tags, readMp4Items} from './mp4/file.js'
import type {KeyChange, Piece} from './splice.js'
import {editFlacComments, readFlacComments} from './vorbis/flac.js'
import {editOggComments, readOggComments} from './vorbis/ogg.js'

export interface TagEditor {
  readonly container: RawTags['container']
  read(source: ByteSource): RawTag[]
  edit(source: ByteSource, changes: readonly KeyChange[]): Iterable<Piece>
  /** Of ID3 the version that the tag has or would get. */
  id3Version?(source: ByteSource): Id3Version
}

/** Null where crate writes no tags into files of a kind. */
export function tagEditorOf(kind: ContainerKind | null): TagEditor | null {
  switch (kind) {
    case 'mp3':
    case 'adts':
      return {container: 'id3', read: readLeadingId3, edit: editLeadingId3, id3Version: leadingId3Version}
    case 'wav':
    case 'aiff':
      return {
        container: 'id3',
        read: (source) => readChunkedTags(source, kind),
        edit: (source, changes) => editChunkedTags(source, kind, changes),
        id3Version: (source) => chunkedId3Version(source, kind),
      }
    case 'flac':
      return {container: 'vorbis', read: readFlacComments, edit: editFlacComments}
    case 'ogg':
      return {container: 'vorbis', read: readOggComments, edit: editOggComments}
    case 'mp4':
      return {
        container: 'mp4',
        read: (source) => readMp4Items(source).flatMap(({key, values}) => values.map(({bytes}) => ({key, bytes}))),
        edit: editMp4Tags,
      }
    default:
      return null
  }
}
