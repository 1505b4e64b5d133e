// The tags that people know, written under the names that each container has for them.
// Sources of names: id3.org 2.3/2.4 native frames; xiph.org's field names and those that Picard and Mixed In Key use;
// Apple's atoms as mutagen's mp4 documents them.
import type {Tags} from '../../core/track.js'
import {type CurrentTags, editTags, type RawTagChange, type WriteOptions} from './raw-tags.js'

type TextField =
  | 'title'
  | 'artist'
  | 'album'
  | 'albumArtist'
  | 'genre'
  | 'comment'
  | 'label'
  | 'remixer'
  | 'composer'
  | 'producer'
  | 'grouping'
  | 'mix'
  | 'catalogNumber'
  | 'isrc'
  | 'key'

/** ID3 frame, Vorbis comment, MP4 atom. */
const NAMES: Readonly<Record<TextField, readonly [string, string, string]>> = {
  title: ['TIT2', 'TITLE', '©nam'],
  artist: ['TPE1', 'ARTIST', '©ART'],
  album: ['TALB', 'ALBUM', '©alb'],
  albumArtist: ['TPE2', 'ALBUMARTIST', 'aART'],
  genre: ['TCON', 'GENRE', '©gen'],
  comment: ['COMM', 'COMMENT', '©cmt'],
  label: ['TPUB', 'LABEL', '----:com.apple.iTunes:LABEL'],
  remixer: ['TPE4', 'REMIXER', '----:com.apple.iTunes:REMIXER'],
  composer: ['TCOM', 'COMPOSER', '©wrt'],
  producer: ['TXXX:PRODUCER', 'PRODUCER', '----:com.apple.iTunes:PRODUCER'],
  grouping: ['TIT1', 'GROUPING', '©grp'],
  mix: ['TIT3', 'SUBTITLE', '----:com.apple.iTunes:SUBTITLE'],
  catalogNumber: ['TXXX:CATALOGNUMBER', 'CATALOGNUMBER', '----:com.apple.iTunes:CATALOGNUMBER'],
  isrc: ['TSRC', 'ISRC', '----:com.apple.iTunes:ISRC'],
  key: ['TKEY', 'INITIALKEY', '----:com.apple.iTunes:initialkey'],
}

/**
 * Sets the given tags and leaves all others, pictures and the audio as they are; null removes a tag.
 *
 * MP4 holds tempo as a whole number; ID3 and Vorbis get up to two decimals.
 *
 * @param path absolute
 * @throws as `writeRawTags`
 */
export function writeTags(path: string, tags: Partial<Tags>, options: WriteOptions = {}): Promise<void> {
  if (Object.keys(tags).length === 0) return Promise.resolve()
  return editTags(path, options, (current) => [
    ...textChanges(tags, current),
    ...dateChanges(tags, current),
    ...tempoChanges(tags, current),
    ...numberChanges(tags, current),
    ...oldTextChanges(tags, current),
  ])
}

function textChanges(tags: Partial<Tags>, current: CurrentTags): RawTagChange[] {
  const column = current.container === 'id3' ? 0 : current.container === 'vorbis' ? 1 : 2
  return (Object.keys(NAMES) as TextField[]).flatMap((field) => {
    const value = tags[field]
    if (value === undefined) return []
    const changes = [change(NAMES[field][column], value)]
    // The numbered genre of old iTunes would contradict the written one.
    return field === 'genre' && current.container === 'mp4' ? [...changes, change('gnre', null)] : changes
  })
}

function change(key: string, value: string | null): RawTagChange {
  return {key, bytes: value === null ? null : Buffer.from(value, 'utf8')}
}

/** One date field serves year and release date; ID3v2.3 splits it into year and day. */
function dateChanges(tags: Partial<Tags>, {container, id3Version}: CurrentTags): RawTagChange[] {
  if (tags.releaseDate === undefined && tags.year === undefined) return []
  const date = tags.releaseDate ?? (tags.year == null ? null : String(tags.year))
  if (container === 'vorbis') return [change('DATE', date)]
  if (container === 'mp4') return [change('©day', date)]
  if (id3Version === 4) return [change('TDRC', date)]
  const [year = null, month, day] = date?.split('-') ?? []
  const monthDay = month === undefined || day === undefined ? null : `${day}${month}`
  return [change('TYER', year), change('TDAT', monthDay)]
}

function tempoChanges({tempoBpm}: Partial<Tags>, {container}: CurrentTags): RawTagChange[] {
  if (tempoBpm === undefined) return []
  if (container === 'mp4') return [{key: 'tmpo', bytes: tempoBpm === null ? null : u16(Math.round(tempoBpm))}]
  const text = tempoBpm === null ? null : String(Math.round(tempoBpm * 100) / 100)
  return [change(container === 'id3' ? 'TBPM' : 'BPM', text)]
}

/** Track and disc numbers; a total that is there and not named stays. */
function numberChanges(tags: Partial<Tags>, current: CurrentTags): RawTagChange[] {
  const changes: RawTagChange[] = []
  const {trackNumber, trackTotal, discNumber} = tags
  if (trackNumber !== undefined || trackTotal !== undefined) {
    const old = currentPair(current, 'TRCK', 'trkn')
    const number = trackNumber === undefined ? old.number : trackNumber
    const total = trackTotal === undefined ? old.total : trackTotal
    if (current.container === 'vorbis') {
      if (trackNumber !== undefined) changes.push(change('TRACKNUMBER', textOf(trackNumber)))
      if (trackTotal !== undefined) changes.push(change('TRACKTOTAL', textOf(trackTotal)))
    } else if (current.container === 'id3') changes.push(change('TRCK', pairText(number, total)))
    else changes.push({key: 'trkn', bytes: pairBytes(number, total, 8)})
  }
  if (discNumber !== undefined) {
    const {total} = currentPair(current, 'TPOS', 'disk')
    if (current.container === 'vorbis') changes.push(change('DISCNUMBER', textOf(discNumber)))
    else if (current.container === 'id3') changes.push(change('TPOS', pairText(discNumber, total)))
    else changes.push({key: 'disk', bytes: pairBytes(discNumber, total, 6)})
  }
  return changes
}

interface NumberPair {
  readonly number: number | null
  readonly total: number | null
}

function currentPair({container, tags}: CurrentTags, frame: string, atom: string): NumberPair {
  const bytes = tags.find(({key}) => key === (container === 'id3' ? frame : atom))?.bytes
  if (bytes === undefined || container === 'vorbis') return {number: null, total: null}
  const buffer = Buffer.from(bytes)
  if (container === 'mp4' && buffer.length < 6) return {number: null, total: null}
  const [number, total] =
    container === 'mp4'
      ? [buffer.readUInt16BE(2), buffer.readUInt16BE(4)]
      : buffer.toString('utf8').split('/').map(Number)
  return {number: number || null, total: total || null}
}

/** Texts of WAV and AIFF from before ID3, which follow where a file has them. */
const OLD_TEXTS: readonly (readonly [string, (tags: Partial<Tags>) => string | number | null | undefined])[] = [
  ['INFO:INAM', ({title}) => title],
  ['INFO:IART', ({artist}) => artist],
  ['INFO:IPRD', ({album}) => album],
  ['INFO:IGNR', ({genre}) => genre],
  ['INFO:ICMT', ({comment}) => comment],
  ['INFO:ICRD', ({releaseDate, year}) => releaseDate ?? year],
  ['INFO:IPRT', ({trackNumber}) => trackNumber],
  ['INFO:ITRK', ({trackNumber}) => trackNumber],
  ['AIFF:NAME', ({title}) => title],
  ['AIFF:AUTH', ({artist}) => artist],
]

function oldTextChanges(tags: Partial<Tags>, current: CurrentTags): RawTagChange[] {
  return OLD_TEXTS.flatMap(([key, wanted]) => {
    const value = wanted(tags)
    if (value === undefined || !current.tags.some((tag) => tag.key === key)) return []
    return [change(key, value === null ? null : String(value))]
  })
}

function textOf(value: number | null): string | null {
  return value === null ? null : String(value)
}

function pairText(number: number | null, total: number | null): string | null {
  if (number === null && total === null) return null
  return total === null ? String(number) : `${number ?? 0}/${total}`
}

function pairBytes(number: number | null, total: number | null, length: number): Uint8Array | null {
  if (number === null && total === null) return null
  const bytes = Buffer.alloc(length)
  bytes.writeUInt16BE(number ?? 0, 2)
  bytes.writeUInt16BE(total ?? 0, 4)
  return bytes
}

function u16(value: number): Uint8Array {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(Math.max(0, Math.min(0xffff, value)))
  return bytes
}
