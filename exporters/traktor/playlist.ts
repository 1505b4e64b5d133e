// The tree under PLAYLISTS, read as its pieces come.
import {isCrateError} from '../../src/core/errors.js'
import type {Extras} from '../../src/core/json.js'
import type {FolderNode, PlaylistNode} from '../../src/core/playlist.js'
import {textFromByteText} from './byte-text.js'
import {attributeOf, childOf, parseElement, parseTag} from './markup.js'
import type {Piece} from './pieces.js'
import {uuidOfPlace} from './playlist-write.js'
import {EXTRAS_ID} from './residue.js'

export const ROOT_NAME = '$ROOT'

/** Lists that Traktor makes by itself; empty ones say nothing. */
export const BUILT_IN_LISTS = new Set(['_LOOPS', '_RECORDINGS'])

/** The keys of a list's tracks in playing order; null where an entry has none. */
export function keysOfList(text: string): (string | null)[] {
  const list = parseElement(text)
  return list.children
    .filter((child) => child.name === 'ENTRY')
    .map((entry) => attributeOf(text, childOf(entry, 'PRIMARYKEY'), 'KEY'))
}

interface Frame {
  type: string
  name: string
  readonly children: PlaylistNode<string>[]
  content: PlaylistNode<string> | null
}

export interface PlaylistReader {
  push(piece: Piece): void
  /** What could not be read and was left out, by the name of the list. */
  readonly faults: readonly {readonly name: string; readonly message: string}[]
  /** The nodes of the top, whether or not the tree has come to its end. */
  nodes(): readonly PlaylistNode<string>[]
}

/** Reads pieces of the file into a tree in which tracks have the names that PRIMARYKEY gives them. */
export function createPlaylistReader(): PlaylistReader {
  const top: Frame = {type: 'FOLDER', name: '', children: [], content: null}
  const frames: Frame[] = [top]

  const faults: {name: string; message: string}[] = []

  /** A tag that cannot be read opens a nameless node, so that its end tag closes that and not another. */
  function open(text: string): void {
    const frame: Frame = {type: '', name: '', children: [], content: null}
    frames.push(frame)
    const tag = parseTag(text)
    frame.type = attributeOf(text, tag, 'TYPE') ?? ''
    frame.name = attributeOf(text, tag, 'NAME') ?? ''
  }

  function close(): void {
    const frame = frames.pop()
    const parent = frames.at(-1)
    if (frame === undefined || parent === undefined) return
    if (frame.type === 'FOLDER' && frame.name === ROOT_NAME && parent === top) top.children.push(...frame.children)
    else if (frame.type === 'FOLDER') parent.children.push(folderOf(frame))
    else if (frame.type !== '' && frame.content !== null && !isEmptyBuiltIn(frame.content))
      parent.children.push(frame.content)
  }

  function placeOf({name}: Frame): Place {
    const folders = frames.slice(1, -1).map((frame) => frame.name)
    const siblings = frames.at(-2)?.children ?? []
    return {
      folders: folders[0] === ROOT_NAME ? folders.slice(1) : folders,
      ordinal: siblings.filter((node) => node.name === name).length,
    }
  }

  function read(piece: Piece): void {
    if (!piece.path.startsWith('NML/PLAYLISTS/')) return
    const frame = frames.at(-1)
    if (piece.path.endsWith('/NODE')) {
      if (piece.kind === 'open') open(piece.text)
      if (piece.kind === 'close' || piece.isSelfClosing) close()
    } else if (piece.kind === 'element' && frame !== undefined) {
      const isSmart = piece.path.endsWith('/SMARTLIST')
      if (isSmart) frame.content = smartNode(frame.name, piece.text)
      else frame.content = listNode(frame.name, piece.text, placeOf(frame))
    }
  }

  return {
    faults,
    push(piece) {
      try {
        read(piece)
      } catch (error) {
        if (!isCrateError(error)) throw error
        faults.push({name: frames.at(-1)?.name ?? '', message: error.message})
      }
    },
    nodes() {
      while (frames.length > 1) close()
      return top.children
    },
  }
}

function folderOf({name, children}: Frame): FolderNode<string> {
  return {kind: 'folder', name, children}
}

function isEmptyBuiltIn(node: PlaylistNode<string>): boolean {
  return node.kind === 'list' && node.tracks.length === 0 && BUILT_IN_LISTS.has(node.name)
}

interface Place {
  readonly folders: readonly string[]
  /** How many siblings of the same name stand before it. */
  readonly ordinal: number
}

/**
 * The id and, for lists of another kind (history is PROTOCOL), the type: by them a list is known as Traktor's own. An id
 * that crate gave says whose the list is, and is no fact of its own.
 */
function listNode(name: string, text: string, {folders, ordinal}: Place): PlaylistNode<string> {
  const element = parseElement(text)
  const uuid = attributeOf(text, element, 'UUID')
  const type = attributeOf(text, element, 'TYPE')
  const tracks = keysOfList(text).filter((key) => key !== null)
  if (uuid === uuidOfPlace('crate', folders, name, ordinal)) return {kind: 'list', name, tracks}
  const isOwnId = uuid === null || uuid === uuidOfPlace('traktor', folders, name, ordinal)
  const kept = {...(!isOwnId && {uuid}), ...(type !== null && type !== 'LIST' && {type})}
  return {kind: 'list', name, tracks, extras: {[EXTRAS_ID]: kept}}
}

/** The rule is kept as Traktor wrote it: its language has operators that crate's queries have not. */
function smartNode(name: string, text: string): PlaylistNode<string> {
  const extras: Extras = {[EXTRAS_ID]: {smartList: textFromByteText(text)}}
  return {kind: 'smart', name, query: null, tracks: [], extras}
}
