// Walks music folders: which audio files are there, and what could not be looked at.
import {lstatSync, readdirSync, realpathSync, type Stats, statSync} from 'node:fs'
import {extname, join, resolve, sep} from 'node:path'
import {CrateError, type ItemFailure, itemFailure} from '../../core/errors.js'
import {fileError} from './errors.js'

export interface ScannedFile {
  readonly path: string
  readonly sizeBytes: number
  readonly modifiedAtMs: number
}

export interface ScanResult {
  readonly files: readonly ScannedFile[]
  readonly failures: readonly ItemFailure[]
  /** Whether a path is one of the given files, or lies below one of the given folders and could be looked at. */
  covers(path: string): boolean
}

/** Extensions of audio that DJs have; what is inside decides later. */
export const AUDIO_EXTENSIONS: ReadonlySet<string> = new Set([
  '.wav',
  '.wave',
  '.aif',
  '.aiff',
  '.aifc',
  '.flac',
  '.mp3',
  '.ogg',
  '.oga',
  '.opus',
  '.m4a',
  '.mp4',
  '.aac',
  '.alac',
  '.wma',
])

/** Folders that hold no music of the person's: files of DJ programs, of the system, of crate. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set([
  '_Serato_',
  '_Serato_Backup',
  'PIONEER',
  '.PIONEER',
  'Engine Library',
  '$RECYCLE.BIN',
  'System Volume Information',
  '.Trashes',
  '.Trash',
  '.git',
  'node_modules',
  '__MACOSX',
])

const utf8 = new TextDecoder('utf-8', {fatal: true})

/**
 * All audio files below the given folders and files, each once, in a stable order.
 *
 * Symbolic links are followed; loops and second ways to the same folder are seen once. Hidden files (`._x.mp3` of macOS,
 * `.part`) are passed over, titles that begin with three dots are not. Anything that cannot be looked at becomes a failure and the rest goes on.
 */
export function scanMusic(
  sources: readonly string[],
  signal: AbortSignal,
  onFound?: (count: number) => void,
): ScanResult {
  const files = new Map<string, ScannedFile>()
  const failures: ItemFailure[] = []
  const seenFolders = new Set<string>()
  const rootFolders: string[] = []
  const rootFiles = new Set<string>()
  const unseen: string[] = []

  const addFile = (path: string, stats: Stats) => {
    files.set(path, {path, sizeBytes: stats.size, modifiedAtMs: stats.mtimeMs})
    onFound?.(files.size)
  }

  const walk = (folder: string) => {
    signal.throwIfAborted()
    const real = realpathSync.native(folder)
    if (seenFolders.has(real)) return
    seenFolders.add(real)
    const entries = readdirSync(folder, {withFileTypes: true, encoding: 'buffer'})
    for (const entry of entries.sort((a, b) => Buffer.compare(a.name, b.name)))
      visit(folder, entry.name, entry.isSymbolicLink())
  }

  const addNameFailure = (folder: string, rawName: Buffer) => {
    const shown = join(folder, rawName.toString('latin1'))
    const isFolder = statSync(Buffer.concat([Buffer.from(folder + sep), rawName]), {
      throwIfNoEntry: false,
    })?.isDirectory()
    if (isFolder !== true && !AUDIO_EXTENSIONS.has(extname(shown).toLowerCase())) return
    const what = isFolder === true ? 'folder' : 'file'
    failures.push(
      itemFailure(
        shown,
        new CrateError('FILE_UNREADABLE', `the name of this ${what} is not valid UTF-8`, {
          hints: [`Rename the ${what} (convmv -r -f latin1 -t utf8 mends whole folders).`],
        }),
      ),
    )
  }

  const visit = (folder: string, rawName: Buffer, isLink: boolean) => {
    const name = nameFromBytes(rawName)
    if (name === null) return addNameFailure(folder, rawName)
    if (/^\.(?!\.)/.test(name) || SKIPPED_FOLDERS.has(name)) return
    const path = join(folder, name)
    const isAudioName = AUDIO_EXTENSIONS.has(extname(name).toLowerCase())
    try {
      const stats = isLink ? statSync(path) : lstatSync(path)
      if (stats.isDirectory()) {
        if (isAudioName)
          failures.push(
            itemFailure(
              path,
              new CrateError('FILE_UNREADABLE', 'this is a folder with the name of an audio file', {
                hints: ['Music inside it is read all the same; rename the folder.'],
              }),
            ),
          )
        walk(path)
      } else if (stats.isFile() && isAudioName) addFile(path, stats)
    } catch (error) {
      signal.throwIfAborted()
      const failure = itemFailure(path, fileError(error, path, 'read'))
      // A link without an extension that leads nowhere is a folder on a drive that is away; "cover.jpg" is not our concern.
      if (isAudioName || extname(name) === '' || !isLink) failures.push(failure)
      if (failure.code !== 'FILE_NOT_FOUND') unseen.push(path)
    }
  }

  for (const source of sources) {
    const path = resolve(source)
    try {
      const stats = statSync(path)
      if (stats.isDirectory()) {
        rootFolders.push(path.endsWith(sep) ? path : path + sep)
        walk(path)
      } else {
        rootFiles.add(path)
        addFile(path, stats)
      }
    } catch (error) {
      signal.throwIfAborted()
      failures.push(itemFailure(path, fileError(error, path, 'read')))
    }
  }
  const covers = (path: string) =>
    rootFiles.has(path) ||
    (rootFolders.some((folder) => path.startsWith(folder)) && !unseen.some((place) => isWithin(path, place)))
  return {files: [...files.values()], failures, covers}
}

function nameFromBytes(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes)
  } catch {
    return null
  }
}

function isWithin(path: string, place: string): boolean {
  return path === place || path.startsWith(place + sep)
}
