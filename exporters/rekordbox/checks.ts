// What Rekordbox would refuse, told before it does (FORMATS §14; the wish heard most often, PEERS §4 A).
import {existsSync} from 'node:fs'
import type {ExportWarning} from '../../src/api/format.js'
import {audioFormatOf, extensionOf, isWindowsPath} from '../../src/core/music-path.js'
import type {Track} from '../../src/core/track.js'

/** Longer paths are refused by Rekordbox without a word. */
const PATH_LIMIT = 255

/** What Rekordbox plays; Ogg, Opus and WMA are not among it. */
const PLAYED = new Set(['mp3', 'm4a', 'aac', 'wav', 'aiff', 'flac', 'video'])

export type FileExists = (path: string) => boolean

/** Whether a file of this machine exists; true for a path of another system, which cannot be looked at from here. */
export const fileExistsHere: FileExists = (path) =>
  isWindowsPath(path) !== (process.platform === 'win32') || existsSync(path)

/** What is wrong with a track's file, as sentences; empty where Rekordbox will take it. */
export function findRefusals({file}: Pick<Track, 'file'>, fileExists: FileExists): string[] {
  const refusals: string[] = []
  const {length} = [...file.path]
  if (length > PATH_LIMIT) refusals.push(`the path has ${length} characters; Rekordbox refuses more than ${PATH_LIMIT}`)
  const format = audioFormatOf(file.path)
  if (format === null || !PLAYED.has(format))
    refusals.push(`Rekordbox does not play .${extensionOf(file.path)} files and will leave the track out`)
  if (!fileExists(file.path)) refusals.push('the file is not there; Rekordbox will show it as missing')
  return refusals
}

/** Warnings of one export: each is kept up to a limit per message kind, so that a lost drive gives no million lines. */
export class WarningList {
  readonly #limit: number
  readonly #kept: ExportWarning[] = []
  #count = 0

  constructor(limit = 2000) {
    this.#limit = limit
  }

  add(subject: string, message: string): void {
    if (this.#count++ < this.#limit) this.#kept.push({kind: 'warning', subject, message})
  }

  /** All that were kept, and one line for the rest. */
  *take(): Generator<ExportWarning> {
    yield* this.#kept
    const more = this.#count - this.#kept.length
    if (more > 0) yield {kind: 'warning', subject: '', message: `${more} more warnings of this export are not shown`}
  }
}
