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
  /** Whether a path is one of the given files, or lies below one of the given folders that could be looked at. */
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
 * `.part`) are passed over. Anything that cannot be looked at becomes a failure and the rest goes on.
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

  const visit = (folder: string, rawName: Buffer, isLink: boolean) => {
    let name: string
    try {
      name = utf8.decode(rawName)
    } catch {
      const shown = join(folder, rawName.toString('latin1'))
      if (AUDIO_EXTENSIONS.has(extname(shown).toLowerCase()))
        failures.push(
          itemFailure(
            shown,
            new CrateError('FILE_UNREADABLE', 'the file name is not valid UTF-8', {
              hints: ['Rename the file (convmv -f latin1 -t utf8 mends whole folders).'],
            }),
          ),
        )
      return
    }
    if (name.startsWith('.') || SKIPPED_FOLDERS.has(name)) return
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
      if (isAudioName || !isLink) failures.push(itemFailure(path, fileError(error, path, 'read')))
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
  const covers = (path: string) => rootFiles.has(path) || rootFolders.some((folder) => path.startsWith(folder))
  return {files: [...files.values()], failures, covers}
}
