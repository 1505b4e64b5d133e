// Tags of a fetched file as changes to its container: what it is, its cover, and the link that it came from.
// Names of frames and comments: id3.org 2.4.0 §4; xiph.org "Vorbis I: field names"; Apple's `ilst`. The link stands where
// yt-dlp and its users have it: WOAS in ID3 ("official audio source"), PURL elsewhere.
import type {RawTags} from '../../api/format.js'
import type {RawTagChange} from './raw-tags.js'

export interface DownloadTags {
  readonly title: string | null
  readonly artist: string | null
  readonly album: string | null
  readonly genre: string | null
  readonly label: string | null
  readonly remixer: string | null
  readonly isrc: string | null
  readonly year: number | null
  /** ISO 8601. */
  readonly releaseDate: string | null
  readonly link: string | null
}

export interface CoverPicture {
  readonly mimeType: 'image/jpeg' | 'image/png'
  readonly bytes: Uint8Array
}

const TEXT_FIELDS = ['title', 'artist', 'album', 'genre', 'label', 'remixer', 'isrc'] as const
const KEYS: Readonly<
  Record<RawTags['container'], Readonly<Record<(typeof TEXT_FIELDS)[number] | 'link' | 'date', string>>>
> = {
  id3: {
    title: 'TIT2',
    artist: 'TPE1',
    album: 'TALB',
    genre: 'TCON',
    label: 'TPUB',
    remixer: 'TPE4',
    isrc: 'TSRC',
    link: 'WOAS',
    date: 'TDRC',
  },
  vorbis: {
    title: 'TITLE',
    artist: 'ARTIST',
    album: 'ALBUM',
    genre: 'GENRE',
    label: 'LABEL',
    remixer: 'REMIXER',
    isrc: 'ISRC',
    link: 'PURL',
    date: 'DATE',
  },
  mp4: {
    title: '©nam',
    artist: '©ART',
    album: '©alb',
    genre: '©gen',
    label: '----:com.apple.iTunes:LABEL',
    remixer: '----:com.apple.iTunes:REMIXER',
    isrc: '----:com.apple.iTunes:ISRC',
    link: '----:com.apple.iTunes:PURL',
    date: '©day',
  },
}

/** Null fields are left as they are. */
export function downloadTagChanges(
  container: RawTags['container'],
  tags: DownloadTags,
  cover: CoverPicture | null,
): RawTagChange[] {
  const keys = KEYS[container]
  const {year, releaseDate, link} = tags
  const values: [string, string | null][] = [
    ...TEXT_FIELDS.map((field): [string, string | null] => [keys[field], tags[field]]),
    [keys.link, container === 'id3' ? asciiLink(link) : link],
    [keys.date, releaseDate ?? (year === null ? null : String(year))],
  ]
  const changes: RawTagChange[] = values.flatMap(([key, value]) =>
    value === null ? [] : [{key, bytes: Buffer.from(value, 'utf8')}],
  )
  if (cover !== null) changes.push(coverChange(container, cover))
  return changes
}

/** URL frames are Latin-1 (§4.3): a link with other letters is written with its escapes. */
function asciiLink(link: string | null): string | null {
  return link === null ? null : link.replace(/[^\x21-\x7e]+/g, (part) => encodeURIComponent(part))
}

function coverChange(container: RawTags['container'], {mimeType, bytes}: CoverPicture): RawTagChange {
  if (container === 'mp4') return {key: 'covr', bytes}
  const frontCover = 3
  if (container === 'id3')
    return {
      key: 'APIC',
      bytes: Buffer.concat([
        Buffer.from([0]),
        Buffer.from(`${mimeType}\0`, 'latin1'),
        Buffer.from([frontCover, 0]),
        bytes,
      ]),
    }
  // RFC 9639 §8.8, base64 in a comment as xiph.org's "VorbisComment: METADATA_BLOCK_PICTURE" has it.
  const header = Buffer.alloc(8 + mimeType.length + 4 + 20)
  let at = header.writeUInt32BE(frontCover, 0)
  at = header.writeUInt32BE(mimeType.length, at)
  at += header.write(mimeType, at, 'latin1')
  header.writeUInt32BE(bytes.length, header.length - 4)
  return {
    key: 'METADATA_BLOCK_PICTURE',
    bytes: Buffer.from(Buffer.concat([header, bytes]).toString('base64'), 'latin1'),
  }
}
