// A fetched file → checked, converted, tagged, named and put in its place, or refused; nothing half is ever visible.
import {existsSync} from 'node:fs'
import {mkdir, open, readFile, rename, rm} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {withAudioFile} from '../../adapters/audio/open-audio.js'
import {identifyAudioFile} from '../../adapters/audio/read-audio.js'
import {type ContainerKind, sniffContainer} from '../../adapters/audio/sniff.js'
import {
  planTranscode,
  probeStream,
  type TargetFormat,
  toCoverPicture,
  transcode,
} from '../../adapters/audio/transcode.js'
import {fileError} from '../../adapters/files/errors.js'
import {type CoverPicture, downloadTagChanges} from '../../adapters/tags/download-tags.js'
import {readRawTags, writeRawTags} from '../../adapters/tags/raw-tags.js'
import {readTags} from '../../adapters/tags/read-tags.js'
import type {Fetched} from '../../adapters/ytdlp/fetch.js'
import {type Description, describePiece} from '../../core/download/describe.js'
import {pathFromTemplate} from '../../core/download/file-name.js'
import {CrateError} from '../../core/errors.js'
import type {Library} from '../../store/library.js'
import {placeOfAudio} from './archive.js'
import type {DownloadedTrack, Piece} from './request.js'

export interface DeliverOptions {
  readonly library: Library
  /** Download folder, absolute. */
  readonly folder: string
  readonly template: string
  readonly format: TargetFormat
  /** Null where there is none. */
  readonly ffmpeg: string | null
  readonly signal: AbortSignal
  /** Names that other lanes are about to take, in lower case. */
  readonly takenPaths: Set<string>
  nowMs(): number
}

export type Delivered =
  | {readonly kind: 'new'; readonly track: DownloadedTrack}
  /** The same audio is at `path` already. */
  | {readonly kind: 'duplicate'; readonly path: string}

type FetchedFile = Extract<Fetched, {kind: 'file'}>

/** @throws AUDIO_UNDECODABLE, AUDIO_EMPTY, FORMAT_UNSUPPORTED, TOOL_MISSING, DISK_FULL, FILE_UNWRITABLE, ABORTED */
export async function deliver(piece: Piece, fetched: FetchedFile, options: DeliverOptions): Promise<Delivered> {
  const {library, folder, template, signal, nowMs} = options
  const own = (await readTags(fetched.path)).tags
  const facts = fetched.piece
  const description = describePiece(piece.about, own, facts)
  const ready = await prepareFile(fetched.path, options)
  const link = facts.link ?? piece.link
  await writeTags(ready, description, link, fetched.thumbnail, options)
  const {file, audioHash} = await identifyAudioFile(ready, signal)
  checkLength(file.durationMs, facts.durationMs)
  const present = placeOfAudio(library, audioHash)
  const details = {
    ...description,
    durationMs: file.durationMs,
    source: link,
    fetchedAtMs: nowMs(),
  }
  if (present !== null) {
    library.downloads.put({
      link: piece.link,
      state: 'done',
      audioHash,
      path: present,
      details: {...details, isDuplicate: true},
    })
    return {kind: 'duplicate', path: present}
  }
  const name = pathFromTemplate(template, {...description, mix: null, channel: facts.channel, list: piece.list})
  const path = reservePath(folder, name === '' ? 'Untitled' : name, extensionOf(ready), options.takenPaths)
  try {
    // Written down before it is done, so that a kill between the two can be mended by looking.
    library.downloads.put({link: piece.link, state: 'wanted', audioHash, path, details})
    await placeFile(ready, path)
    library.downloads.put({link: piece.link, state: 'done', audioHash, path, details})
  } finally {
    options.takenPaths.delete(path.toLowerCase())
  }
  return {
    kind: 'new',
    track: {link: piece.link, path, title: description.title, artist: description.artist, durationMs: file.durationMs},
  }
}

/** What DJ programs know as it came; containers that they do not know are changed around the same codec. */
const GOOD_AS_IT_IS: Readonly<Partial<Record<ContainerKind, TargetFormat>>> = {
  mp3: 'mp3',
  wav: 'wav',
  aiff: 'aiff',
  flac: 'flac',
}

async function prepareFile(path: string, {format, ffmpeg, signal}: DeliverOptions): Promise<string> {
  const kind = await withAudioFile(path, ({source}) => {
    if (source.sizeBytes === 0) throw new CrateError('AUDIO_EMPTY', 'what came is an empty file')
    return sniffContainer(source)
  })
  if (kind === null)
    throw new CrateError('AUDIO_UNDECODABLE', 'what came is no audio', {
      hints: ['Open the link in a browser to see what it is.'],
    })
  const known = GOOD_AS_IT_IS[kind]
  const named = (extension: string) => join(dirname(path), `ready.${extension}`)
  if (known !== undefined && (format === 'keep' || format === known)) return moved(path, named(known))
  if (ffmpeg === null) {
    if (format === 'keep' && kind === 'mp4') return moved(path, named('m4a'))
    if (format === 'keep' && kind === 'ogg') return moved(path, named(/\.opus$/i.test(path) ? 'opus' : 'ogg'))
    throw new CrateError('TOOL_MISSING', 'it has to be converted, and ffmpeg is not installed', {
      hints: ['crate doctor says how to install it.'],
      details: {tool: 'ffmpeg'},
    })
  }
  const plan = planTranscode(await probeStream(path, ffmpeg, signal), format)
  // An Ogg that stays one is good as it is; MP4 from a stream is in fragments, which DJ programs misread.
  if (kind === 'ogg' && plan.isCopy && (plan.extension === 'ogg' || plan.extension === 'opus'))
    return moved(path, named(plan.extension))
  const output = named(plan.extension)
  await transcode({ffmpeg, input: path, output, plan, signal})
  return output
}

async function moved(from: string, to: string): Promise<string> {
  await rename(from, to)
  return to
}

async function writeTags(
  path: string,
  description: Description,
  link: string,
  thumbnail: string | null,
  {ffmpeg, signal}: DeliverOptions,
): Promise<void> {
  const raw = await readRawTags(path)
  if (raw === null) return
  const hasCover = raw.tags.some(({key}) => /^(?:APIC|covr|METADATA_BLOCK_PICTURE)$/i.test(key))
  const cover = thumbnail === null || hasCover ? null : await readCover(thumbnail, ffmpeg, signal)
  await writeRawTags(path, downloadTagChanges(raw.container, {...description, link}, cover), {
    signal,
  })
}

/** A missing or odd picture is no reason to lose the track. */
async function readCover(path: string, ffmpeg: string | null, signal: AbortSignal): Promise<CoverPicture | null> {
  try {
    const picture = await toCoverPicture(path, ffmpeg, signal)
    if (picture === null) return null
    const bytes = await readFile(picture)
    if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return {mimeType: 'image/jpeg', bytes}
    return bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47])) ? {mimeType: 'image/png', bytes} : null
  } catch {
    signal.throwIfAborted()
    return null
  }
}

/** What is much shorter than the service says was cut off on the way, or is a preview. */
function checkLength(gotMs: number | null, toldMs: number | null): void {
  if (gotMs === null || toldMs === null || toldMs < 20_000 || gotMs > toldMs * 0.9 - 2_000) return
  throw new CrateError(
    'AUDIO_UNDECODABLE',
    `only ${Math.round(gotMs / 1000)} s of ${Math.round(toldMs / 1000)} s came: a preview, or cut off on the way`,
    {
      details: {gotMs, toldMs},
    },
  )
}

function extensionOf(path: string): string {
  return path.slice(path.lastIndexOf('.'))
}

/** A free name; systems that do not tell cases apart take two that differ in case for one. */
function reservePath(folder: string, name: string, extension: string, taken: Set<string>): string {
  for (let count = 1; ; count++) {
    const path = join(folder, ...`${name}${count === 1 ? '' : ` (${count})`}${extension}`.split('/'))
    if (taken.has(path.toLowerCase()) || existsSync(path)) continue
    taken.add(path.toLowerCase())
    return path
  }
}

async function placeFile(from: string, to: string): Promise<void> {
  try {
    const handle = await open(from, 'r+')
    await handle.sync().finally(() => handle.close())
    await mkdir(dirname(to), {recursive: true})
    await rename(from, to)
    await rm(dirname(from), {recursive: true, force: true})
  } catch (error) {
    throw fileError(error, to, 'write')
  }
}
