// Crate's playlists as NODEs, piece by piece.
import {createHash} from 'node:crypto'
import {CrateError} from '../../src/core/errors.js'
import type {JsonValue} from '../../src/core/json.js'
import type {FolderNode, ListNode, PlaylistNode, SmartNode} from '../../src/core/playlist.js'
import type {TrackId} from '../../src/core/track.js'
import {byteTextFromText, encodeValue} from './byte-text.js'
import {renderElement} from './edit.js'
import {EXTRAS_ID, isWholeElement} from './residue.js'

export interface PlaylistWriting {
  /** What PRIMARYKEY says of a track; null for one that is not written. */
  readonly keyOf: (id: TrackId) => string | null
  readonly version: number
}

/** What the reader's limit leaves room for. */
const DEEPEST_FOLDER = 90

/** A value that an import kept in the extras of a node. */
export function keptText(node: PlaylistNode<TrackId>, name: string): string | null {
  const kept: JsonValue | undefined = node.extras?.[EXTRAS_ID]
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) return null
  const value = (kept as {readonly [key: string]: JsonValue})[name]
  return typeof value === 'string' ? value : null
}

/** Whose a list is: made in crate, or in a Traktor so old that it gave no UUID. */
export type ListMaker = 'crate' | 'traktor'

/** The same for the same place in the tree, so that the same library gives the same bytes, and a list is known again. */
export function uuidOfPlace(maker: ListMaker, folders: readonly string[], name: string, ordinal: number): string {
  const place = JSON.stringify([maker, ...folders, name, ordinal])
  return createHash('sha256').update(place).digest('hex').slice(0, 32)
}

/** Whose a node is, by what the import left in its extras. */
export function makerOf(node: PlaylistNode<TrackId>): ListMaker {
  return node.extras?.[EXTRAS_ID] === undefined ? 'crate' : 'traktor'
}

/** Traktor's own rule, where the node came from a smart list of Traktor's. */
export function smartRuleOf(node: PlaylistNode<TrackId>): string | null {
  const rule = node.kind === 'smart' ? keptText(node, 'smartList') : null
  return isWholeElement(rule) ? rule : null
}

export function renderListEntry(key: string): string {
  const type = /\.stem\.(?:mp4|m4a)$/i.test(key) ? 'STEM' : 'TRACK'
  return `<ENTRY>${renderElement('PRIMARYKEY', {TYPE: type, KEY: key})}</ENTRY>\n`
}

/** Siblings with their subtrees, as byte text. @throws FORMAT_INVALID for a tree without an end */
export function* renderNodes(
  nodes: readonly PlaylistNode<TrackId>[],
  folders: readonly string[],
  writing: PlaylistWriting,
): Generator<string> {
  const seen = new Map<string, number>()
  for (const node of nodes) {
    const ordinal = seen.get(node.name) ?? 0
    seen.set(node.name, ordinal + 1)
    if (node.kind === 'folder') yield* renderFolder(node, folders, writing)
    else yield renderList(node, uuidOfPlace(makerOf(node), folders, node.name, ordinal), writing)
  }
}

function* renderFolder(node: FolderNode, folders: readonly string[], writing: PlaylistWriting): Generator<string> {
  if (folders.length >= DEEPEST_FOLDER)
    throw new CrateError('FORMAT_INVALID', `the playlist folders go deeper than ${DEEPEST_FOLDER} at "${node.name}"`, {
      hints: ['Look for a folder that holds itself: crate playlist list'],
    })
  yield `<NODE TYPE="FOLDER" NAME="${encodeValue(node.name)}"><SUBNODES COUNT="${node.children.length}">`
  yield* renderNodes(node.children, [...folders, node.name], writing)
  yield '</SUBNODES>\n</NODE>\n'
}

function renderList(node: ListNode | SmartNode, placeUuid: string, writing: PlaylistWriting): string {
  const name = encodeValue(node.name)
  const rule = smartRuleOf(node)
  if (rule !== null) return `<NODE TYPE="SMARTLIST" NAME="${name}">${byteTextFromText(rule)}\n</NODE>\n`
  const keys = node.tracks.map(writing.keyOf).filter((key) => key !== null)
  const attributes = {
    ENTRIES: String(keys.length),
    TYPE: keptText(node, 'type') ?? 'LIST',
    ...(writing.version >= 19 && {UUID: keptText(node, 'uuid') ?? placeUuid}),
  }
  const list = renderElement('PLAYLIST', attributes, keys.map(renderListEntry).join(''))
  return `<NODE TYPE="PLAYLIST" NAME="${name}">${list}</NODE>\n`
}
