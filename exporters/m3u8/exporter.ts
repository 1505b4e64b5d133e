// Playlists → one .m3u8 file each, in folders like the library's.
import type {Exporter, ExportPiece, ExportRequest} from '../../src/api/format.js'
import {relativePath} from '../../src/core/music-path.js'
import type {ListNode, PlaylistNode, SmartNode} from '../../src/core/playlist.js'
import {type Track, trackName} from '../../src/core/track.js'
import {type FileExists, lookForFiles} from '../shared/file-exists.js'
import {chooseOption} from '../shared/options.js'
import {inPieces} from '../shared/pieces.js'
import {WarningList} from '../shared/warnings.js'
import {encodeM3uEntry, encodeM3uHead} from './codec.js'
import {FreePaths} from './file-names.js'

interface Options {
  /** Paths from the list's own folder on: for a drive that is carried from one machine to another. */
  readonly isRelative: boolean
  readonly looksForFiles: boolean
  /** Whether a list of the whole library is written, too. */
  readonly listsAll: boolean
}

interface Listed {
  readonly path: string
  readonly node: Pick<ListNode | SmartNode, 'name'>
  readonly folders: readonly string[]
  tracks(): AsyncIterable<Track>
}

/** @param fileExists how to look for a track's file; the disk of this machine where absent */
export function createM3u8Exporter(fileExists: FileExists = lookForFiles()): Exporter {
  return {
    async *export(request, context) {
      const options = readOptions(request)
      const warnings = new WarningList()
      const looksFor: FileExists = options.looksForFiles ? fileExists : () => true
      let done = 0
      const lists = [...listsOf(request, options)]
      for (const list of lists) {
        context.signal.throwIfAborted()
        yield piece(list, request, options, warnings, looksFor)
        context.progress.update(++done, lists.length, list.node.name)
      }
      yield* warnings.take()
    },
  }
}

function readOptions({options, library}: ExportRequest): Options {
  const all = chooseOption(options, 'all', ['auto', 'yes', 'no'], 'auto')
  return {
    isRelative: chooseOption(options, 'paths', ['absolute', 'relative'], 'absolute') === 'relative',
    looksForFiles: chooseOption(options, 'missing', ['warn', 'ignore'], 'warn') === 'warn',
    listsAll: all === 'yes' || (all === 'auto' && library.playlists().length === 0),
  }
}

function* listsOf({library}: ExportRequest, options: Options): Generator<Listed> {
  const paths = new FreePaths()
  if (options.listsAll)
    yield {
      path: paths.take('', 'All tracks', '.m3u8'),
      node: {name: 'All tracks'},
      folders: [],
      tracks: () => library.tracks(),
    }
  function* within(nodes: readonly PlaylistNode[], folder: string, folders: readonly string[]): Generator<Listed> {
    for (const node of nodes)
      if (node.kind === 'folder')
        yield* within(node.children, paths.take(folder, node.name, '/'), [...folders, node.name])
      else yield {path: paths.take(folder, node.name, '.m3u8'), node, folders, tracks: () => tracksOf(node, library)}
  }
  yield* within(library.playlists(), '', [])
}

async function* tracksOf(node: ListNode | SmartNode, library: ExportRequest['library']): AsyncGenerator<Track> {
  for (const id of node.tracks) {
    const track = await library.track(id)
    if (track !== null) yield track
  }
}

function piece(
  list: Listed,
  {target}: ExportRequest,
  {isRelative}: Options,
  warnings: WarningList,
  fileExists: FileExists,
): ExportPiece {
  const folder = target.resolve(list.path.replace(/\/?[^/]*$/, ''))
  async function* lines(): AsyncGenerator<string> {
    yield encodeM3uHead(list.node.name, list.folders)
    for await (const track of list.tracks()) {
      const {path, durationMs} = track.file
      const location = isRelative ? relativePath(folder, path) : path
      if (location === null) warnings.add(path, 'is on another drive than the list, so that its full path was written')
      const entry = encodeM3uEntry({location: location ?? path, durationMs, label: labelOf(track)})
      if (entry === null)
        warnings.add(path, `has a line break or blank at an end, which no M3U8 can name; left out of ${list.path}`)
      else yield entry
      if (!fileExists(path)) warnings.add(path, `is in ${list.path}, but the file is not there`)
    }
  }
  return {kind: 'file', path: list.path, chunks: inPieces(lines())}
}

/** `Artist - Title` with a plain hyphen: players split it there. */
function labelOf(track: Track): string {
  return track.tags.artist === null
    ? trackName(track)
    : `${track.tags.artist} - ${trackName({...track, tags: {...track.tags, artist: null}})}`
}
