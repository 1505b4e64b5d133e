// Playlists as a tree of folders, lists and smart lists.
import type {Extras} from './json.js'
import type {TrackId} from './track.js'

/** @typeParam Ref how tracks are named: a TrackId in the library, an importer's own reference on the way in. */
export type PlaylistNode<Ref = TrackId> = FolderNode<Ref> | ListNode<Ref> | SmartNode<Ref>

interface NodeBase {
  /** As the person wrote it; may hold any character, also `/`. */
  readonly name: string
  readonly extras?: Extras
}

export interface FolderNode<Ref = TrackId> extends NodeBase {
  readonly kind: 'folder'
  readonly children: readonly PlaylistNode<Ref>[]
}

export interface ListNode<Ref = TrackId> extends NodeBase {
  readonly kind: 'list'
  /** In playing order; the same track may stand twice. */
  readonly tracks: readonly Ref[]
}

export interface SmartNode<Ref = TrackId> extends NodeBase {
  readonly kind: 'smart'
  /** In crate's query language; null where only the foreign program knows the rule (kept in `extras`). */
  readonly query: string | null
  /** What the rule matched when it was last run. */
  readonly tracks: readonly Ref[]
}

/** Each node with the names of the folders above it, parents before children. */
export function* walkPlaylists<Ref>(
  nodes: readonly PlaylistNode<Ref>[],
  folders: readonly string[] = [],
): Generator<{node: PlaylistNode<Ref>; folders: readonly string[]}> {
  for (const node of nodes) {
    yield {node, folders}
    if (node.kind === 'folder') yield* walkPlaylists(node.children, [...folders, node.name])
  }
}

/** The same tree with the tracks named otherwise; tracks for which `refOf` gives null are left out. */
export function mapPlaylistTracks<A, B>(
  nodes: readonly PlaylistNode<A>[],
  refOf: (track: A) => B | null,
): PlaylistNode<B>[] {
  return nodes.map((node) =>
    node.kind === 'folder'
      ? {...node, children: mapPlaylistTracks(node.children, refOf)}
      : {...node, tracks: node.tracks.map(refOf).filter((ref) => ref !== null)},
  )
}
