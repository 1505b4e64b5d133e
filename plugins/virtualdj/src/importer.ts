// VirtualDJ's folder → library: the songs of database.xml, then the lists beside it.
import type {Context, Importer, ImportItem, ImportRequest, PlaylistNode} from 'crate-dj/plugin'
import {trackFromSong} from './song.js'
import {type Element, elementsNamed} from './xml.js'

/** From 2024 on lists lie in `My Lists`, before that in `Folders` and `Playlists`. */
const LIST_FOLDERS = ['My Lists', 'Folders', 'Playlists']
const MAX_DEPTH = 16

export const importer: Importer = {
  async *import(request, context) {
    const path = request.source.resolve('database.xml')
    const bytes = await request.source.read('database.xml')
    if (bytes === null)
      throw context.error('FORMAT_INVALID', `there is no ${path}`, {
        hints: ['Name the folder VirtualDJ itself, which holds database.xml.'],
      })
    const xml = new TextDecoder().decode(bytes)
    if (!/<VirtualDJ_Database[\s>]/.test(xml))
      throw context.error('FORMAT_INVALID', `${path} is no database of VirtualDJ`)
    const refs = new Set<string>()
    for (const item of songs(xml, path, refs, context)) {
      context.signal.throwIfAborted()
      yield item
    }
    context.progress.update(refs.size, refs.size, 'VirtualDJ')
    const nodes: PlaylistNode<string>[] = []
    const refOf = refFinder(refs)
    for (const folder of LIST_FOLDERS) nodes.push(...(await listsIn(folder, refOf, request, 0)))
    yield {kind: 'playlists', nodes}
  },
}

function* songs(xml: string, path: string, refs: Set<string>, context: Context): Generator<ImportItem> {
  try {
    for (const song of elementsNamed(xml, 'Song')) {
      const file = song.attributes['FilePath'] ?? ''
      if (refs.has(file)) continue
      const track = trackFromSong(song, file, context)
      if (track === null) {
        yield {kind: 'warning', subject: file || 'a song', message: 'is no file on a disk, and was left out'}
        continue
      }
      refs.add(file)
      yield {kind: 'track', track}
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    if (refs.size === 0) throw context.error('FORMAT_INVALID', `${path} is damaged: ${error.message}`)
    yield {
      kind: 'warning',
      subject: path,
      message: `the file is damaged (${error.message}): ${refs.size} songs were read, what follows is missing`,
    }
  }
}

type RefFinder = (path: string) => string | null

/** Lists may write a path of Windows in other cases than the database does, and accents of a Mac in parts. */
function refFinder(refs: ReadonlySet<string>): RefFinder {
  const keyOf = (path: string) => {
    const composed = path.normalize('NFC')
    return /^(?:[A-Za-z]:|\\\\)/.test(path) ? composed.replace(/\//g, '\\').toLowerCase() : composed
  }
  const byKey = new Map([...refs].map((ref) => [keyOf(ref), ref]))
  return (path) => (refs.has(path) ? path : (byKey.get(keyOf(path)) ?? null))
}

function refsOf(paths: readonly string[], refOf: RefFinder): string[] {
  return paths.map(refOf).filter((ref) => ref !== null)
}

async function listsIn(
  folder: string,
  refOf: RefFinder,
  {source}: ImportRequest,
  depth: number,
): Promise<PlaylistNode<string>[]> {
  if (depth > MAX_DEPTH) return []
  const nodes: PlaylistNode<string>[] = []
  for (const name of await source.list(folder)) {
    const path = `${folder}/${name}`
    if (name.endsWith('/')) {
      const children = await listsIn(path.slice(0, -1), refOf, {source} as ImportRequest, depth + 1)
      nodes.push({kind: 'folder', name: name.slice(0, -1).replace(/\.subfolders$/i, ''), children})
    } else if (/\.(?:xml|vdjfolder)$/i.test(name)) {
      const bytes = await source.read(path)
      const tracks = bytes === null ? null : tracksOf(new TextDecoder().decode(bytes), refOf)
      if (tracks !== null) nodes.push({kind: 'list', name: decodeName(name), tracks})
    } else if (/\.m3u8?$/i.test(name)) {
      const bytes = await source.read(path)
      const lines = bytes === null ? [] : new TextDecoder().decode(bytes).split(/\r?\n/)
      nodes.push({kind: 'list', name: decodeName(name), tracks: refsOf(lines, refOf)})
    }
  }
  return nodes
}

/** @returns null for filter folders, which hold a rule and no songs, and for what cannot be read */
function tracksOf(xml: string, refOf: RefFinder): string[] | null {
  if (!/<VirtualFolder[\s>]/.test(xml)) return null
  try {
    const songs: Element[] = [...elementsNamed(xml, 'song')]
    const order = (song: Element, index: number) => Number(song.attributes['idx'] ?? index)
    const paths = songs
      .map((song, index) => ({path: song.attributes['path'] ?? '', at: order(song, index)}))
      .sort((a, b) => a.at - b.at)
      .map(({path}) => path)
    return refsOf(paths, refOf)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Letters that file names cannot hold are written as %XX by crate. */
function decodeName(fileName: string): string {
  return fileName
    .replace(/\.[^.]+$/, '')
    .replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
