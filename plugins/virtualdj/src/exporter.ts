// Library → VirtualDJ's folder: known songs are laid over, new ones added, all else of database.xml stays byte for byte.
import type {Context, Exporter, ExportRequest, PlaylistNode, Track, TrackId} from 'crate-dj/plugin'
import {songFromTrack} from './song.js'
import {type Element, elementsNamed, tagText} from './xml.js'

const NEW_LINE = '\r\n'

export const exporter: Exporter = {
  async *export(request, context) {
    const old = await readOld(request, context)
    const nodes = request.library.playlists()
    const listed = new Map<TrackId, Track>()
    yield {kind: 'file', path: 'database.xml', chunks: database(request, old, listedIds(nodes), listed, context)}
    for (const {path, ids} of listFiles(nodes, 'My Lists')) yield {kind: 'file', path, chunks: listText(ids, listed)}
  },
}

interface Old {
  readonly xml: string
  readonly songs: ReadonlyMap<string, Element>
}

async function readOld({target}: ExportRequest, context: Context): Promise<Old | null> {
  const bytes = await target.read('database.xml')
  if (bytes === null) return null
  const xml = new TextDecoder().decode(bytes).replace(/^\ufeff/, '')
  try {
    if (!/<VirtualDJ_Database[\s>]/.test(xml)) throw new SyntaxError('it has no VirtualDJ_Database')
    return {
      xml,
      songs: songsByPath(xml),
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw context.error('FORMAT_INVALID', `${target.resolve('database.xml')} is damaged: ${error.message}`, {
      hints: ['It is not written over. Start VirtualDJ, which repairs it or restores its backup, or move it away.'],
    })
  }
}

/** Of a path that stands twice the first counts, as on import. */
function songsByPath(xml: string): Map<string, Element> {
  const songs = new Map<string, Element>()
  for (const song of elementsNamed(xml, 'Song')) {
    const path = song.attributes['FilePath'] ?? ''
    if (!songs.has(path)) songs.set(path, song)
  }
  return songs
}

function listedIds(nodes: readonly PlaylistNode[]): Set<TrackId> {
  return new Set(nodes.flatMap((node) => (node.kind === 'folder' ? [...listedIds(node.children)] : node.tracks)))
}

async function* database(
  {library}: ExportRequest,
  old: Old | null,
  inLists: ReadonlySet<TrackId>,
  listed: Map<TrackId, Track>,
  context: Context,
): AsyncGenerator<string> {
  if (old === null)
    yield `<?xml version="1.0" encoding="UTF-8"?>${NEW_LINE}<VirtualDJ_Database Version="2024">${NEW_LINE}`
  const changed = new Map<string, string>()
  const added: string[] = []
  let done = 0
  for await (const track of library.tracks()) {
    if (inLists.has(track.id)) listed.set(track.id, track)
    const element = old?.songs.get(track.file.path)
    const text = songFromTrack(track, element === undefined || old === null ? null : {element, xml: old.xml}, context)
    if (element !== undefined) changed.set(track.file.path, text)
    else if (old === null) yield text + NEW_LINE
    else added.push(text)
    if (++done % 256 === 0) {
      context.signal.throwIfAborted()
      context.progress.update(done, library.trackCount)
    }
  }
  if (old === null) yield `</VirtualDJ_Database>${NEW_LINE}`
  else yield* merged(old, changed, added)
}

function* merged({xml, songs}: Old, changed: ReadonlyMap<string, string>, added: readonly string[]): Generator<string> {
  let at = 0
  for (const [path, {start, end}] of songs) {
    const text = changed.get(path)
    if (text === undefined) continue
    yield xml.slice(at, start) + text.trimStart()
    at = end
  }
  const close = xml.lastIndexOf('</VirtualDJ_Database>')
  yield xml.slice(at, close) + added.map((text) => text + NEW_LINE).join('') + xml.slice(close)
}

function* listFiles(
  nodes: readonly PlaylistNode[],
  folder: string,
): Generator<{path: string; ids: readonly TrackId[]}> {
  const taken = new Set<string>()
  for (const node of nodes) {
    let name = encodeName(node.name)
    for (let n = 2; taken.has(`${node.kind === 'folder'}${name.toLowerCase()}`); n++)
      name = `${encodeName(node.name)} (${n})`
    taken.add(`${node.kind === 'folder'}${name.toLowerCase()}`)
    if (node.kind === 'folder') yield* listFiles(node.children, `${folder}/${name}.subfolders`)
    else yield {path: `${folder}/${name}.vdjfolder`, ids: node.tracks}
  }
}

const UNSAFE = /[\p{Cc}%/\\:*?"<>|]/gu

/** Letters that no file system takes everywhere, as %XX; a name of dots would lead elsewhere. */
function encodeName(name: string): string {
  const hex = (letter: string) => `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  const safe = name.replace(UNSAFE, hex).replace(/^\.+$|[. ]+$/g, (end) => [...end].map(hex).join(''))
  return safe === '' ? 'List' : safe
}

function* listText(ids: readonly TrackId[], tracks: ReadonlyMap<TrackId, Track>): Generator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>${NEW_LINE}<VirtualFolder noDuplicates="no" ordered="yes">${NEW_LINE}`
  let index = 0
  for (const id of ids) {
    const track = tracks.get(id)
    if (track === undefined) continue
    const {file, tags} = track
    const size = file.sizeBytes === null ? null : String(file.sizeBytes)
    yield `\t${tagText('song', {path: file.path, size, artist: tags.artist, title: tags.title, idx: String(index++)})} />${NEW_LINE}`
  }
  yield `</VirtualFolder>${NEW_LINE}`
}
