// .m3u8 and .m3u files → playlists, whatever system and program wrote them.
import type {FileAccess, Importer, ImportItem} from '../../src/api/format.js'
import {
  extensionOf,
  fileNameOf,
  folderOf,
  isAbsolutePath,
  pathKey,
  resolvePath,
  stemOf,
} from '../../src/core/music-path.js'
import type {PlaylistNode} from '../../src/core/playlist.js'
import {type FileExists, lookForFiles} from '../shared/file-exists.js'
import {bareTrack} from '../shared/imported-track.js'
import {decodeText} from '../shared/text-file.js'
import {type M3uEntry, namesFromLabel, parseM3u} from './codec.js'

/** A list of a million tracks has 200 MB; what is larger is no list. */
const LIST_BYTES = 256 * 1024 * 1024
const FOLDER_DEPTH = 32
const FILE_TOTAL = 100_000

/** @param fileExists tells which of several readings of an entry is meant; the disk of this machine where absent */
export function createM3u8Importer(fileExists: FileExists = lookForFiles()): Importer {
  return {
    async *import({source}, context) {
      const seen = new Set<string>()
      const tree: MutableFolder = {kind: 'folder', name: '', children: []}
      let done = 0
      for await (const path of listFiles(source)) {
        context.signal.throwIfAborted()
        yield* readList(source, path, tree, seen, fileExists)
        context.progress.update(++done, null, path)
      }
      if (done === 0) yield {kind: 'warning', subject: source.resolve(''), message: 'holds no .m3u8 or .m3u file'}
      yield {kind: 'playlists', nodes: tree.children}
    },
  }
}

type MutableFolder = {
  kind: 'folder'
  name: string
  children: (MutableFolder | Exclude<PlaylistNode<string>, {kind: 'folder'}>)[]
}

/** Lists below a folder, in order; `''` where the person named one file. */
async function* listFiles(source: FileAccess): AsyncGenerator<string> {
  if (isList(source.resolve(''))) {
    const bytes = await source.list('')
    if (bytes.length === 0) {
      yield ''
      return
    }
  }
  let count = 0
  async function* within(folder: string, depth: number): AsyncGenerator<string> {
    for (const name of await source.list(folder))
      if (name.endsWith('/')) {
        if (depth < FOLDER_DEPTH) yield* within(`${folder}${name}`, depth + 1)
      } else if (isList(name) && !name.startsWith('._') && count++ < FILE_TOTAL) yield `${folder}${name}`
  }
  yield* within('', 0)
}

function isList(path: string): boolean {
  return ['m3u', 'm3u8'].includes(extensionOf(path))
}

async function* readList(
  source: FileAccess,
  path: string,
  tree: MutableFolder,
  seen: Set<string>,
  fileExists: FileExists,
): AsyncGenerator<ImportItem> {
  const absolute = source.resolve(path)
  const bytes = await source.read(path)
  if (bytes === null || bytes.length > LIST_BYTES) {
    yield {kind: 'warning', subject: absolute, message: bytes === null ? 'is not there' : 'is too large for a playlist'}
    return
  }
  const list = parseM3u(decodeText(bytes))
  const refs: string[] = []
  for (const entry of list.entries) {
    const found = pathFromEntry(entry.location, folderOf(absolute), fileExists)
    if (found === null) {
      yield {
        kind: 'warning',
        subject: entry.location.slice(0, 200),
        message: `in ${absolute} is no file and was left out`,
      }
      continue
    }
    const ref = pathKey(found)
    refs.push(ref)
    if (seen.has(ref)) continue
    seen.add(ref)
    yield {kind: 'track', track: trackFromEntry(ref, found, entry)}
  }
  const folders = list.folders ?? path.split('/').slice(0, -1)
  folderAt(tree, folders).children.push({kind: 'list', name: list.name ?? stemOf(absolute), tracks: refs})
}

function folderAt(tree: MutableFolder, names: readonly string[]): MutableFolder {
  let folder = tree
  for (const name of names) {
    const known = folder.children.find((child) => child.kind === 'folder' && child.name === name)
    if (known?.kind === 'folder') folder = known
    else {
      const fresh: MutableFolder = {kind: 'folder', name, children: []}
      folder.children.push(fresh)
      folder = fresh
    }
  }
  return folder
}

function trackFromEntry(ref: string, path: string, {durationMs, label}: M3uEntry) {
  const track = bareTrack(ref, path)
  const names = label === null || label === fileNameOf(path) ? {} : namesFromLabel(label)
  return {...track, file: {...track.file, durationMs}, tags: {...track.tags, ...names}}
}

/**
 * The absolute path that an entry means; null for a stream, or what is no path at all. Writers differ in whether they
 * escape (`My%20Song.mp3`) and in the slash: the reading whose file exists is meant, else the plainest one.
 */
export function pathFromEntry(location: string, folder: string, fileExists: FileExists): string | null {
  if (location.includes('\0')) return null
  if (/^file:/i.test(location)) return pathFromFileAddress(location)
  if (/^[a-z][a-z0-9+.-]+:/i.test(location) && !isAbsolutePath(location)) return null
  const hasForeignSlashes = location.includes('\\') && !location.includes('/') && !isAbsolutePath(location)
  const slashed = hasForeignSlashes ? location.replaceAll('\\', '/') : location
  const plainest = resolvePath(folder, slashed)
  const isPlain = slashed === location && !location.includes('%')
  if (isPlain || fileExists(plainest)) return plainest
  return [unescaped(slashed), location].map((reading) => resolvePath(folder, reading)).find(fileExists) ?? plainest
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** `file:///C:/x`, `file://localhost/x`, `file://nas/x`, `file:/x`, and addresses whose % stand for themselves. */
function pathFromFileAddress(address: string): string | null {
  const rest = address.replace(/^file:(?:\/\/localhost(?=\/))?/i, '').replace(/^\/\/(?=\/)/, '')
  const path = unescaped(rest)
  if (path.includes('\0')) return null
  const driveless = /^\/+[A-Za-z]:[/\\]/.test(path) ? path.replace(/^\/+/, '') : path
  return isAbsolutePath(driveless) ? driveless : null
}
