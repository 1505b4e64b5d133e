// PLAYLISTS: the tree of NODEs ↔ crate's playlists (FORMATS §1.6).
import type {JsonValue} from '../../src/core/json.js'
import type {PlaylistNode} from '../../src/core/playlist.js'
import type {PlaylistElement} from './reader.js'
import {type Attributes, encodeEnd, encodeStart, escapeAttribute, type Layout} from './xml.js'

const OWN_ATTRIBUTES = new Set(['Name', 'Type', 'KeyType', 'Count', 'Entries'])

export function keysAreLocations(node: PlaylistElement): boolean {
  return node.attributes['KeyType']?.trim() === '1'
}

/** Every NODE of a tree, parents first. */
export function* walkElements(root: PlaylistElement): Generator<PlaylistElement> {
  yield root
  for (const child of root.children) yield* walkElements(child)
}

/**
 * The playlists under a top NODE.
 *
 * @param refOf the track that a key names, null where there is none
 * @param onMissing told per list how many keys name no track
 */
export function nodesFromElement(
  root: PlaylistElement,
  refOf: (key: string, isLocation: boolean) => string | null,
  onMissing: (list: string, count: number) => void,
): PlaylistNode<string>[] {
  const isRoot = root.attributes['Type']?.trim() === '0' && root.attributes['Name'] === 'ROOT' && root.keys.length === 0
  return isRoot
    ? root.children.map((child) => nodeFromElement(child, refOf, onMissing))
    : [nodeFromElement(root, refOf, onMissing)]
}

function nodeFromElement(
  element: PlaylistElement,
  refOf: (key: string, isLocation: boolean) => string | null,
  onMissing: (list: string, count: number) => void,
): PlaylistNode<string> {
  const name = element.attributes['Name'] ?? ''
  const unknown = Object.entries(element.attributes).filter(([key]) => !OWN_ATTRIBUTES.has(key))
  const extras = unknown.length === 0 ? {} : {extras: {rekordbox: {attributes: Object.fromEntries(unknown)}}}
  const isLocation = keysAreLocations(element)
  const tracks = element.keys.flatMap((key) => refOf(key, isLocation) ?? [])
  if (tracks.length < element.keys.length) onMissing(name, element.keys.length - tracks.length)
  const list: PlaylistNode<string> = {kind: 'list', name, tracks, ...extras}
  const isFolder = element.attributes['Type']?.trim() === '0' || element.children.length > 0
  if (!isFolder) return list
  const children = element.children.map((child) => nodeFromElement(child, refOf, onMissing))
  // A folder with tracks of its own is nothing that Rekordbox writes; they are kept as a list inside.
  return {kind: 'folder', name, children: tracks.length === 0 ? children : [{...list}, ...children], ...extras}
}

/** The top NODE of a library's playlists; smart lists become plain ones with what they hold now. */
export function rootElementFromNodes<Ref>(
  nodes: readonly PlaylistNode<Ref>[],
  idOf: (track: Ref) => number | undefined,
): PlaylistElement {
  const children = nodes.map((node) => elementFromNode(node, idOf))
  return {attributes: {Type: '0', Name: 'ROOT', Count: String(children.length)}, children, keys: []}
}

function elementFromNode<Ref>(node: PlaylistNode<Ref>, idOf: (track: Ref) => number | undefined): PlaylistElement {
  const unknown = unknownAttributes(node.extras?.['rekordbox'])
  if (node.kind === 'folder') {
    const children = node.children.map((child) => elementFromNode(child, idOf))
    return {attributes: {Name: node.name, Type: '0', Count: String(children.length), ...unknown}, children, keys: []}
  }
  const keys = node.tracks.flatMap((track) => idOf(track) ?? []).map(String)
  const attributes = {Name: node.name, Type: '1', KeyType: '0', Entries: String(keys.length), ...unknown}
  return {attributes, children: [], keys}
}

function unknownAttributes(extras: JsonValue | undefined): Attributes {
  if (typeof extras !== 'object' || extras === null || Array.isArray(extras)) return {}
  const entries = Object.entries((extras as Readonly<Record<string, JsonValue>>)['attributes'] ?? {})
  return Object.fromEntries(entries.filter(([key, value]) => !OWN_ATTRIBUTES.has(key) && typeof value === 'string'))
}

/** The text of a NODE and all below it, a piece at a time. */
export function* encodeNode(element: PlaylistElement, depth: number, layout: Layout): Generator<string> {
  const {attributes, children, keys} = element
  const start = encodeStart('NODE', attributes, depth, layout)
  if (children.length === 0 && keys.length === 0) {
    yield start.replace(/>(\r?\n)$/, '/>$1')
    return
  }
  yield start
  const margin = ' '.repeat((depth + 1) * layout.indent)
  for (const key of keys) yield `${margin}<TRACK Key="${escapeAttribute(key)}"/>${layout.newLine}`
  for (const child of children) yield* encodeNode(child, depth + 1, layout)
  yield encodeEnd('NODE', depth, layout)
}
