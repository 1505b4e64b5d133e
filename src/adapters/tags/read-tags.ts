// A track's tags by music-metadata, as people expect to see them.
import {createReadStream, statSync} from 'node:fs'
import {extname} from 'node:path'
import type {IAudioMetadata, ICommonTagsResult} from 'music-metadata'
import {crateErrorFrom} from '../../core/errors.js'
import {type AudioFormat, EMPTY_TAGS, type Tags} from '../../core/track.js'

export interface ReadTags {
  readonly tags: Tags
  readonly hasCover: boolean
}

/**
 * The tags of an audio file; all null where it has none or they are damaged beyond reading.
 *
 * @param path absolute
 * @param format what the file is by its content, where that is known: it counts where the name says otherwise
 * @throws FILE_UNREADABLE
 */
export async function readTags(path: string, format: AudioFormat | null = null): Promise<ReadTags> {
  const metadata = await parse(path, format)
  if (metadata === null) return {tags: EMPTY_TAGS, hasCover: false}
  return {tags: tagsFromMetadata(metadata), hasCover: (metadata.common.picture?.length ?? 0) > 0}
}

export interface Cover {
  /** `image/jpeg`, `image/png`, …, as the file says. */
  readonly mimeType: string
  readonly bytes: Uint8Array
}

/** The front cover, else the first picture; null where there is none. */
export async function readCover(path: string): Promise<Cover | null> {
  const metadata = await parse(path, null)
  const pictures = metadata?.common.picture ?? []
  const picture = pictures.find(({type}) => type === 'Cover (front)') ?? pictures[0]
  return picture === undefined ? null : {mimeType: picture.format, bytes: picture.data}
}

/** What music-metadata would take a file for by its name, and the type that makes it read the content as that. */
const FORMATS: Partial<Record<AudioFormat, {readonly names: RegExp; readonly mimeType: string}>> = {
  wav: {names: /^\.(wav|wave)$/i, mimeType: 'audio/wav'},
  aiff: {names: /^\.(aiff?|aifc)$/i, mimeType: 'audio/aiff'},
  flac: {names: /^\.flac$/i, mimeType: 'audio/flac'},
  mp3: {names: /^\.mp[123]$/i, mimeType: 'audio/mpeg'},
  ogg: {names: /^\.(ogg|oga)$/i, mimeType: 'audio/ogg'},
  opus: {names: /^\.(opus|ogg|oga)$/i, mimeType: 'audio/ogg'},
  m4a: {names: /^\.(m4a|mp4|m4b|alac)$/i, mimeType: 'audio/mp4'},
}

async function parse(path: string, format: AudioFormat | null): Promise<IAudioMetadata | null> {
  const {parseFile, parseStream} = await import('music-metadata')
  const options = {duration: false, skipPostHeaders: false}
  const known = format === null ? undefined : FORMATS[format]
  try {
    if (known === undefined || known.names.test(extname(path))) return await parseFile(path, options)
    const content = createReadStream(path)
    try {
      return await parseStream(content, {mimeType: known.mimeType, size: statSync(path).size}, options)
    } finally {
      content.destroy()
    }
  } catch (error) {
    // Damaged tags are no reason to leave out a track; that a file cannot be opened is.
    if (error instanceof Error && 'code' in error && 'syscall' in error) throw crateErrorFrom(error, 'FILE_UNREADABLE')
    return null
  }
}

function tagsFromMetadata({common, native}: IAudioMetadata): Tags {
  return {
    title: text(common.title),
    artist: text(common.artist) ?? joined(common.artists),
    album: text(common.album),
    albumArtist: text(common.albumartist),
    genre: joined(common.genre),
    comment: firstComment(common),
    label: joined(common.label),
    remixer: joined(common.remixer),
    composer: joined(common.composer),
    producer: joined(common.producer) ?? nativeText(native, ['TXXX:PRODUCER']),
    grouping: text(common.grouping),
    mix: text(common.subtitle?.[0]),
    catalogNumber: joined(common.catalognumber),
    isrc: text(common.isrc?.[0]),
    year: common.year ?? yearOf(common.date) ?? null,
    releaseDate: isoDate(common.releasedate ?? common.date),
    trackNumber: common.track.no,
    trackTotal: common.track.of,
    discNumber: common.disk.no,
    tempoBpm: tempo(common, native),
    key: text(common.key) ?? nativeText(native, KEY_NAMES),
  }
}

/** Trimmed and without NULs, which old taggers leave; null where nothing remains. */
function text(value: string | undefined): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what is looked for
  const clean = value?.replace(/\x00+/g, ' ').trim()
  return clean === undefined || clean === '' ? null : clean
}

function joined(values: readonly string[] | undefined): string | null {
  const parts = [...new Set((values ?? []).map(text).filter((part) => part !== null))]
  return parts.length === 0 ? null : parts.join(', ')
}

/** iTunes and Serato keep numbers of their own in comments with such descriptions. */
const MACHINE_COMMENTS = /^(iTun|Serato|SERATO|ID3v1|Songs-DB|MusicMatch)/

function firstComment(common: ICommonTagsResult): string | null {
  const comments = (common.comment ?? []).filter(({descriptor}) => !MACHINE_COMMENTS.test(descriptor ?? ''))
  const plain = comments.find(({descriptor}) => descriptor === undefined || descriptor === '') ?? comments[0]
  return text(plain?.text)
}

function yearOf(date: string | undefined): number | undefined {
  const match = /^(\d{4})/.exec(date ?? '')
  return match?.[1] === undefined ? undefined : Number(match[1])
}

function isoDate(date: string | undefined): string | null {
  const match = /^(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?/.exec(date?.trim() ?? '')
  if (match?.[1] === undefined) return null
  return [
    match[1],
    ...[match[2], match[3]].filter((part) => part !== undefined).map((part) => part.padStart(2, '0')),
  ].join('-')
}

/** Names of the key that Mixed In Key, Serato and others use beside the ones that music-metadata maps. */
const KEY_NAMES = [
  'INITIALKEY',
  'INITIAL_KEY',
  'TXXX:INITIALKEY',
  'TXXX:initialkey',
  'TXXX:KEY',
  'TXXX:Key',
  '----:com.apple.iTunes:initialkey',
  '----:com.apple.iTunes:INITIALKEY',
  '----:com.apple.iTunes:KEY',
  '----:com.apple.iTunes:key',
]

function nativeText(native: IAudioMetadata['native'], names: readonly string[]): string | null {
  const found = nativeValue(native, names)
  return typeof found === 'string' ? text(found) : null
}

function nativeValue(native: IAudioMetadata['native'], names: readonly string[]): unknown {
  return Object.values(native)
    .flat()
    .find(({id}) => names.includes(id))?.value
}

/** A decimal comma and a trailing "BPM" occur; 0 is what programs write for "not analysed". */
function tempo(common: ICommonTagsResult, native: IAudioMetadata['native']): number | null {
  const raw = nativeValue(native, ['TBPM', 'TBP', 'BPM', 'TXXX:BPM', '----:com.apple.iTunes:BPM'])
  const value = Number.parseFloat(String(raw ?? common.bpm ?? '').replace(',', '.'))
  return Number.isFinite(value) && value > 0 && value < 1000 ? value : null
}
