// Engine's lists: chains of rows that each name the next, and before 2.x plain lists with paths.
import type {Database, DatabaseRow, PlaylistNode} from 'crate-dj/plugin'

const MAX_DEPTH = 64

export function modernLists(main: Database, refs: ReadonlySet<string>): PlaylistNode<string>[] {
  if (!main.tables.has('Playlist') || !main.tables.has('PlaylistEntity')) return []
  const lists = groupBy(
    main.rows('SELECT id, title, parentListId, nextListId FROM Playlist ORDER BY id'),
    'parentListId',
  )
  const entries = groupBy(
    main.rows('SELECT id, listId, trackId, nextEntityId FROM PlaylistEntity ORDER BY id'),
    'listId',
  )
  const placed = new Set<number>()
  const below = (parent: number, depth: number): PlaylistNode<string>[] =>
    chain(lists.get(parent) ?? [], 'nextListId').flatMap((row): PlaylistNode<string>[] => {
      const id = Number(row['id'])
      if (placed.has(id) || depth > MAX_DEPTH) return []
      placed.add(id)
      const name = String(row['title'] ?? '')
      const tracks = refsOf(chain(entries.get(id) ?? [], 'nextEntityId'), refs)
      const children = lists.has(id) ? below(id, depth + 1) : []
      // A list of Engine may hold both lists and tracks; here a folder holds the list of its own tracks.
      if (children.length === 0) return [{kind: 'list', name, tracks}]
      const own: PlaylistNode<string>[] = tracks.length === 0 ? [] : [{kind: 'list', name, tracks}]
      return [{kind: 'folder', name, children: [...own, ...children]}]
    })
  return below(0, 0)
}

/** Rows in the order of their links; rows that no link leads to, or that lead in a ring, follow as they are stored. */
function chain(rows: readonly DatabaseRow[], next: string): DatabaseRow[] {
  const byId = new Map(rows.map((row) => [Number(row['id']), row]))
  const followed = new Set(rows.map((row) => Number(row[next])))
  const ordered: DatabaseRow[] = []
  const seen = new Set<number>()
  const starts = [...rows.filter(({id}) => !followed.has(Number(id))), ...rows]
  for (const start of starts)
    for (let row: DatabaseRow | undefined = start; row !== undefined && !seen.has(Number(row['id'])); ) {
      seen.add(Number(row['id']))
      ordered.push(row)
      row = byId.get(Number(row[next]))
    }
  return ordered
}

const PLAYLIST = 1
const CRATE = 4

export function oldLists(main: Database, refs: ReadonlySet<string>): PlaylistNode<string>[] {
  if (main.tables.has('List') && main.tables.has('ListTrackList')) {
    const tracks = (type: number) =>
      groupBy(
        main.rows('SELECT listId, trackId FROM ListTrackList WHERE listType = ? ORDER BY trackNumber, id', [type]),
        'listId',
      )
    return [PLAYLIST, CRATE].flatMap((type) =>
      tree(
        main.rows('SELECT id, title, path FROM List WHERE type = ? ORDER BY ordering, id', [type]),
        tracks(type),
        refs,
      ),
    )
  }
  const nodes: PlaylistNode<string>[] = []
  if (main.tables.has('PlaylistTrackList')) {
    const tracks = groupBy(
      main.rows('SELECT playlistId, trackId FROM PlaylistTrackList ORDER BY trackNumber, rowid'),
      'playlistId',
    )
    nodes.push(...tree(main.rows('SELECT id, title, NULL AS path FROM Playlist ORDER BY id'), tracks, refs))
  }
  if (main.tables.has('CrateTrackList')) {
    const tracks = groupBy(main.rows('SELECT crateId, trackId FROM CrateTrackList ORDER BY rowid'), 'crateId')
    nodes.push(...tree(main.rows('SELECT id, title, path FROM Crate ORDER BY id'), tracks, refs))
  }
  return nodes
}

interface Folder {
  readonly names: Map<string, Folder>
  readonly lists: PlaylistNode<string>[]
}

/** Paths name the lists above and the list itself, each ended by `;`. */
function tree(
  rows: Iterable<DatabaseRow>,
  tracks: Map<number, DatabaseRow[]>,
  refs: ReadonlySet<string>,
): PlaylistNode<string>[] {
  const root: Folder = {names: new Map(), lists: []}
  for (const row of rows) {
    const above = String(row['path'] ?? '')
      .split(';')
      .filter((name) => name !== '')
      .slice(0, -1)
      .slice(0, MAX_DEPTH)
    let folder = root
    for (const name of above) {
      const inner = folder.names.get(name) ?? {names: new Map(), lists: []}
      folder.names.set(name, inner)
      folder = inner
    }
    folder.lists.push({
      kind: 'list',
      name: String(row['title'] ?? ''),
      tracks: refsOf(tracks.get(Number(row['id'])) ?? [], refs),
    })
  }
  const nodesOf = ({names, lists}: Folder): PlaylistNode<string>[] => [
    ...lists,
    ...[...names].map(([name, inner]): PlaylistNode<string> => ({kind: 'folder', name, children: nodesOf(inner)})),
  ]
  return nodesOf(root)
}

function groupBy(rows: Iterable<DatabaseRow>, column: string): Map<number, DatabaseRow[]> {
  const groups = new Map<number, DatabaseRow[]>()
  for (const row of rows) {
    const key = Number(row[column])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups
}

function refsOf(rows: readonly DatabaseRow[], refs: ReadonlySet<string>): string[] {
  return rows.map((row) => String(row['trackId'])).filter((ref) => refs.has(ref))
}
