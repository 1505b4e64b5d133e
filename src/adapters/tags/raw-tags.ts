// Single tags inside audio files, read and changed without touching anything else.
//
// This is our own code because no permissively licensed npm library edits all five containers so that what it does not
// know survives byte for byte. Looked at: node-id3 (MIT; MP3 only, re-encodes every frame, unknown ones are lost),
// browser-id3-writer (MIT; writes a new tag from scratch), flac-tagger (MIT; FLAC only), music-metadata (MIT; reads
// only), node-taglib-sharp (LGPL) and taglib-wasm (LGPL inside), which the core may not carry; ffmpeg rewrites the
// container and drops GEOB frames.
import type {RawTag, RawTags} from '../../api/format.js'
import {CrateError} from '../../core/errors.js'
import type {AudioFormat} from '../../core/track.js'
import {withAudioFile} from '../audio/open-audio.js'
import {layoutOf, sniffContainer} from '../audio/sniff.js'
import {type TagEditor, tagEditorOf} from './editors.js'
import type {Id3Version} from './id3/tag.js'
import {replaceFile} from './replace-file.js'
import type {KeyChange} from './splice.js'

/**
 * All tags of a file as its container keeps them; null where the container has no place for tags that crate knows.
 *
 * @param path absolute
 * @throws AUDIO_EMPTY, AUDIO_UNDECODABLE, FORMAT_INVALID (damaged tags), FILE_NOT_FOUND, FILE_UNREADABLE, FILE_UNSTABLE
 */
export function readRawTags(path: string): Promise<RawTags | null> {
  return withAudioFile(path, ({source}) => {
    const editor = tagEditorOf(sniffContainer(source))
    if (editor === null) return null
    const format: AudioFormat | null = layoutOf(source).format
    return format === null ? null : {container: editor.container, format, tags: editor.read(source)}
  })
}

/** A key and its value from now on; null removes the key. A key listed several times gets several values. */
export interface RawTagChange {
  readonly key: string
  readonly bytes: Uint8Array | null
}

export interface WriteOptions {
  /** Leaves the file's time as it was, for programs that sort by it. */
  readonly keepsModifiedTime?: boolean
  readonly signal?: AbortSignal
}

/**
 * Changes the listed tags and nothing else: other tags and pictures keep their bytes, the audio keeps its hash.
 *
 * The new file is written beside the old one, checked (audio hash, the values read back), and put in its place at once.
 * Keys are matched as `RawTag` names them, of Vorbis comments without regard to case.
 *
 * @param path absolute; of a link, the file that it leads to is changed
 * @throws FORMAT_UNSUPPORTED, FORMAT_INVALID, FILE_UNWRITABLE, DISK_FULL, FILE_UNSTABLE and what `readRawTags` throws;
 *   after each the file is as it was
 */
export async function writeRawTags(
  path: string,
  changes: readonly RawTagChange[],
  options: WriteOptions = {},
): Promise<void> {
  if (changes.length > 0) await editTags(path, options, () => changes)
}

/**
 * As `writeRawTags`, for changes that depend on what is there.
 *
 * @param decide gets the tags, and of ID3 the version
 */
export function editTags(
  path: string,
  options: WriteOptions,
  decide: (current: CurrentTags) => readonly RawTagChange[],
): Promise<void> {
  return replaceFile(path, options, (source) => {
    const editor = tagEditorOf(sniffContainer(source))
    if (editor === null)
      throw new CrateError('FORMAT_UNSUPPORTED', 'crate cannot write tags into files of this kind', {
        hints: ['Tags can be written into MP3, AAC, WAV, AIFF, FLAC, Ogg Vorbis, Opus and M4A.'],
      })
    const tags = editor.read(source)
    const id3Version = editor.id3Version?.(source) ?? null
    const byKey = groupByKey(decide({container: editor.container, tags, id3Version}))
    return {
      pieces: editor.edit(source, byKey),
      check: (written) => assertWritten(editor.read(written), byKey, editor.container),
    }
  })
}

export interface CurrentTags {
  readonly container: TagEditor['container']
  readonly tags: readonly RawTag[]
  /** Null for other containers. */
  readonly id3Version: Id3Version | null
}

function groupByKey(changes: readonly RawTagChange[]): KeyChange[] {
  const byKey = new Map<string, Uint8Array[]>()
  for (const {key, bytes} of changes) {
    const values = byKey.get(key) ?? []
    if (bytes !== null) values.push(bytes)
    byKey.set(key, values)
  }
  return [...byKey].map(([key, values]) => ({key, values}))
}

function assertWritten(tags: readonly RawTag[], changes: readonly KeyChange[], container: RawTags['container']): void {
  const same = (key: string) => (container === 'vorbis' ? key.toLowerCase() : key)
  for (const {key, values} of changes) {
    const found = tags.filter((tag) => same(tag.key) === same(key))
    const isRight =
      found.length === values.length &&
      found.every(({bytes}, index) => Buffer.compare(bytes, values[index] ?? bytes) === 0)
    if (!isRight)
      throw new CrateError('INTERNAL', `"${key}" would not read back as it was written; the file was left as it is`, {
        details: {key},
      })
  }
}
