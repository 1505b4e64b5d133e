// The trees of a stick: playlists in their folders, and the sets that were played from it.
import type {PlaylistNode} from 'crate-dj/plugin'
import type {EntryRow, Named, PlaylistRow} from './rows.js'

/** A tree that leads back into itself, or deeper than anybody sorts, is cut. */
const MAX_DEPTH = 64

/** @returns the tree, and the names of lists that no folder holds */
export function playlistTree(
  rows: readonly PlaylistRow[],
  entries: readonly EntryRow[],
): {nodes: PlaylistNode<string>[]; lost: string[]} {
  const tracksOf = groupEntries(entries)
  const childrenOf = new Map<number, PlaylistRow[]>()
  for (const row of rows) {
    const siblings = childrenOf.get(row.parentId)
    if (siblings === undefined) childrenOf.set(row.parentId, [row])
    else siblings.push(row)
  }
  const placed = new Set<number>()
  const nodesBelow = (parentId: number, depth: number): PlaylistNode<string>[] => {
    if (depth > MAX_DEPTH) return []
    const sorted = (childrenOf.get(parentId) ?? []).sort((a, b) => a.sortOrder - b.sortOrder)
    return sorted.flatMap((row): PlaylistNode<string>[] => {
      if (placed.has(row.id)) return []
      placed.add(row.id)
      return row.isFolder
        ? [{kind: 'folder', name: row.name, children: nodesBelow(row.id, depth + 1)}]
        : [{kind: 'list', name: row.name, tracks: tracksOf.get(row.id) ?? []}]
    })
  }
  const nodes = nodesBelow(0, 0)
  return {nodes, lost: rows.filter(({id}) => !placed.has(id)).map(({name}) => name)}
}

/** Sets by the names that the player gave them, in one folder; nothing where none was played. */
export function historyFolder(lists: readonly Named[], entries: readonly EntryRow[]): PlaylistNode<string>[] {
  const tracksOf = groupEntries(entries)
  const played = lists.filter(([id]) => tracksOf.has(id))
  if (played.length === 0) return []
  const children = played.map(
    ([id, name]): PlaylistNode<string> => ({
      kind: 'list',
      name,
      tracks: tracksOf.get(id) ?? [],
    }),
  )
  return [{kind: 'folder', name: 'History', children}]
}

function groupEntries(entries: readonly EntryRow[]): Map<number, string[]> {
  const groups = new Map<number, string[]>()
  for (const {listId, trackId} of [...entries].sort((a, b) => a.index - b.index)) {
    const group = groups.get(listId)
    if (group === undefined) groups.set(listId, [String(trackId)])
    else group.push(String(trackId))
  }
  return groups
}
