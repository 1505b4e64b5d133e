// Playlists: a tree of folders, lists and smart lists, in the order that the person gave them.
import {CrateError} from '../core/errors.js'
import type {Extras} from '../core/json.js'
import type {PlaylistNode} from '../core/playlist.js'
import {fold} from '../core/query/fold.js'
import type {TrackId} from '../core/track.js'
import type {SqliteFile} from './sqlite.js'

export type PlaylistKind = PlaylistNode['kind']

export interface Playlist {
  readonly id: string
  readonly parentId: string | null
  readonly kind: PlaylistKind
  readonly name: string
  /** Names of the folders above and its own. */
  readonly names: readonly string[]
  /** Of a smart list; null where only a foreign program knows the rule. */
  readonly query: string | null
  readonly trackCount: number
  readonly extras: Extras | null
}

export interface NewPlaylist {
  readonly name: string
  readonly kind: PlaylistKind
  readonly parentId?: string | null
  readonly query?: string | null
  readonly tracks?: readonly TrackId[]
  readonly extras?: Extras
}

export interface PlaylistRepository {
  /** Parents before children, in the person's order. */
  list(): Playlist[]
  tree(): PlaylistNode[]
  node(id: string): PlaylistNode
  /** @throws PLAYLIST_NOT_FOUND */
  get(id: string): Playlist
  /** By id or by names, `Folder/List`; without regard to case where nothing is written exactly so. Null for none. */
  find(text: string): Playlist | null
  /** As `find`. @throws PLAYLIST_NOT_FOUND with the nearest names */
  resolve(text: string): Playlist
  tracks(id: string): TrackId[]

  /** At the end of its folder. @throws CONFLICT where a sister has the same name and kind */
  create(playlist: NewPlaylist): string
  rename(id: string, name: string): void
  /** @param position among its new sisters, the end where left out. @throws USAGE for a folder into itself */
  move(id: string, parentId: string | null, position?: number): void
  /** With all that is inside it; the tracks stay in the library. */
  delete(id: string): void
  setQuery(id: string, query: string | null): void
  /** @param position before which, the end where left out */
  addTracks(id: string, tracks: readonly TrackId[], position?: number): void
  /** @param positions counted from 0, in the list as it is now */
  removeTracks(id: string, positions: readonly number[]): void
  replaceTracks(id: string, tracks: readonly TrackId[]): void
  /**
   * A whole tree from elsewhere under a folder (null: the top). A node of the same name and kind is replaced in its
   * contents and keeps its id; what the tree does not name stays.
   */
  merge(nodes: readonly PlaylistNode[], parentId?: string | null): void
}

interface Row {
  readonly row: number
  readonly id: string
  readonly parentRow: number | null
  readonly parentId: string | null
  readonly kind: PlaylistKind
  readonly name: string
  readonly query: string | null
  readonly extras: string | null
  readonly trackCount: number
}

export function playlistRepository(db: SqliteFile, clock: {readonly newId: () => string}): PlaylistRepository {
  const selectRows = db.prepare<Row>(
    `SELECT p.row, p.id, p.parent_row AS parentRow, f.id AS parentId, p.kind, p.name, p.query, p.extras,
       (SELECT count(*) FROM playlist_tracks c WHERE c.playlist_row = p.row) AS trackCount
     FROM playlists p LEFT JOIN playlists f ON f.row = p.parent_row ORDER BY p.position, p.row`,
  )
  const selectTracks = db.prepareRaw<[TrackId]>(
    `SELECT t.id FROM playlist_tracks c JOIN tracks t ON t.row = c.track_row WHERE c.playlist_row = ? ORDER BY c.position`,
  )
  const rowOfId = db.prepare<{row: number; kind: PlaylistKind}>('SELECT row, kind FROM playlists WHERE id = ?')
  const rowOfTrack = db.prepare<{row: number}>('SELECT row FROM tracks WHERE id = ?')

  // Reading

  function childrenByParent(): Map<number | null, Row[]> {
    const children = new Map<number | null, Row[]>()
    for (const row of selectRows.all()) {
      const sisters = children.get(row.parentRow)
      if (sisters === undefined) children.set(row.parentRow, [row])
      else sisters.push(row)
    }
    return children
  }

  function list(): Playlist[] {
    const children = childrenByParent()
    const found: Playlist[] = []
    const visit = (parent: number | null, above: readonly string[]) => {
      for (const row of children.get(parent) ?? []) {
        const {id, parentId, kind, name, query, trackCount} = row
        const names = [...above, name]
        const extras = row.extras === null ? null : (JSON.parse(row.extras) as Extras)
        found.push({id, parentId, kind, name, names, query, trackCount, extras})
        visit(row.row, names)
      }
    }
    visit(null, [])
    return found
  }

  function nodeFromRow(row: Row, children: ReadonlyMap<number | null, Row[]>): PlaylistNode {
    const {name} = row
    const base = row.extras === null ? {name} : {name, extras: JSON.parse(row.extras) as Extras}
    if (row.kind === 'folder')
      return {
        ...base,
        kind: 'folder',
        children: (children.get(row.row) ?? []).map((child) => nodeFromRow(child, children)),
      }
    const tracks = selectTracks.all(row.row).map(([id]) => id)
    return row.kind === 'list' ? {...base, kind: 'list', tracks} : {...base, kind: 'smart', query: row.query, tracks}
  }

  function notFound(text: string): CrateError {
    const names = list().map((playlist) => playlist.names.join('/'))
    const word = fold(text.split('/').at(-1) ?? text)
    const near = names.filter((name) => fold(name).includes(word)).slice(0, 5)
    return new CrateError('PLAYLIST_NOT_FOUND', `there is no playlist “${text}”`, {
      hints: near.length > 0 ? ['Perhaps one of these:', ...near] : ['All of them: crate playlist list'],
      details: {playlist: text, near},
    })
  }

  function rowOf(id: string): {row: number; kind: PlaylistKind} {
    const found = rowOfId.get(id)
    if (found === undefined) throw notFound(id)
    return found
  }

  function get(id: string): Playlist {
    const found = list().find((playlist) => playlist.id === id)
    if (found === undefined) throw notFound(id)
    return found
  }

  function find(text: string): Playlist | null {
    const all = list()
    const ways: ((playlist: Playlist) => boolean)[] = [
      ({id}) => id === text,
      ({names}) => names.join('/') === text,
      ({names}) => fold(names.join('/')) === fold(text),
      ({name}) => name === text,
      ({name}) => fold(name) === fold(text),
    ]
    for (const way of ways) {
      const found = all.find(way)
      if (found !== undefined) return found
    }
    return null
  }

  // Writing

  const insert = db.prepare(
    `INSERT INTO playlists (id, parent_row, position, kind, name, query, extras)
     VALUES (?, ?, (SELECT ifnull(max(position), -1) + 1 FROM playlists WHERE parent_row IS ?), ?, ?, ?, ?)`,
  )
  const sisters = db.prepare<{row: number; id: string; name: string; kind: PlaylistKind}>(
    'SELECT row, id, name, kind FROM playlists WHERE parent_row IS ? ORDER BY position, row',
  )
  const setPosition = db.prepare('UPDATE playlists SET parent_row = ?, position = ? WHERE row = ?')
  const setName = db.prepare('UPDATE playlists SET name = ? WHERE row = ?')
  const setRule = db.prepare('UPDATE playlists SET query = ?, extras = ? WHERE row = ?')
  const clearTracks = db.prepare('DELETE FROM playlist_tracks WHERE playlist_row = ?')
  const insertTrack = db.prepare('INSERT INTO playlist_tracks (playlist_row, position, track_row) VALUES (?, ?, ?)')

  function parentRow(parentId: string | null): number | null {
    if (parentId === null) return null
    const parent = rowOf(parentId)
    if (parent.kind !== 'folder') throw new CrateError('USAGE', 'a playlist can hold tracks only, not other playlists')
    return parent.row
  }

  function writeTracks(playlistRow: number, tracks: readonly TrackId[]): void {
    clearTracks.run(playlistRow)
    for (const [position, id] of tracks.entries()) {
      const track = rowOfTrack.get(id)
      if (track === undefined)
        throw new CrateError('TRACK_NOT_FOUND', `there is no track “${id}” in the library`, {details: {track: id}})
      insertTrack.run(playlistRow, position, track.row)
    }
  }

  function insertPlaylist(parent: number | null, playlist: NewPlaylist): string {
    const {name, kind, query = null, tracks = [], extras} = playlist
    const id = clock.newId()
    const {lastRow} = insert.run(
      id,
      parent,
      parent,
      kind,
      name,
      query,
      extras === undefined ? null : JSON.stringify(extras),
    )
    writeTracks(lastRow, tracks)
    return id
  }

  /** The list of tracks as `edit` leaves it. */
  function editTracks(id: string, edit: (tracks: TrackId[]) => readonly TrackId[]): void {
    db.transaction(() => {
      const {row, kind} = rowOf(id)
      if (kind === 'folder') throw new CrateError('USAGE', `“${get(id).name}” is a folder and holds no tracks itself`)
      writeTracks(row, edit(selectTracks.all(row).map(([track]) => track)))
    })
  }

  function mergeNodes(nodes: readonly PlaylistNode[], parent: number | null): void {
    const known = [...sisters.all(parent)]
    for (const node of nodes) {
      const index = known.findIndex(({name, kind}) => name === node.name && kind === node.kind)
      const [same] = index === -1 ? [] : known.splice(index, 1)
      const {kind, name, extras} = node
      const query = node.kind === 'smart' ? node.query : null
      const tracks = node.kind === 'folder' ? [] : node.tracks
      const id = same?.id ?? insertPlaylist(parent, {kind, name, query})
      const {row} = rowOf(id)
      setRule.run(query, extras === undefined ? null : JSON.stringify(extras), row)
      if (node.kind === 'folder') mergeNodes(node.children, row)
      else writeTracks(row, tracks)
    }
  }

  return {
    list,
    tree() {
      const children = childrenByParent()
      return (children.get(null) ?? []).map((row) => nodeFromRow(row, children))
    },
    node(id) {
      const children = childrenByParent()
      for (const row of [...children.values()].flat()) if (row.id === id) return nodeFromRow(row, children)
      throw notFound(id)
    },
    get,
    find,
    resolve(text) {
      const found = find(text)
      if (found === null) throw notFound(text)
      return found
    },
    tracks: (id) => selectTracks.all(rowOf(id).row).map(([track]) => track),
    create(playlist) {
      return db.transaction(() => {
        const parent = parentRow(playlist.parentId ?? null)
        if (sisters.all(parent).some(({name, kind}) => name === playlist.name && kind === playlist.kind))
          throw new CrateError('CONFLICT', `there is already a ${playlist.kind} “${playlist.name}” there`, {
            hints: ['Choose another name, or edit the one that is there: crate playlist edit'],
            details: {name: playlist.name},
          })
        return insertPlaylist(parent, playlist)
      })
    },
    rename(id, name) {
      setName.run(name, rowOf(id).row)
    },
    move(id, parentId, position) {
      db.transaction(() => {
        const {row} = rowOf(id)
        const parent = parentRow(parentId)
        for (let above = parentId; above !== null; above = get(above).parentId)
          if (above === id) throw new CrateError('USAGE', `“${get(id).name}” cannot be moved into itself`)
        const order = sisters.all(parent).filter((sister) => sister.row !== row)
        const at = Math.max(0, Math.min(position ?? order.length, order.length))
        const rows = [
          ...order.slice(0, at).map((sister) => sister.row),
          row,
          ...order.slice(at).map((sister) => sister.row),
        ]
        for (const [index, sister] of rows.entries()) setPosition.run(parent, index, sister)
      })
    },
    delete(id) {
      db.prepare('DELETE FROM playlists WHERE row = ?').run(rowOf(id).row)
    },
    setQuery(id, query) {
      db.prepare('UPDATE playlists SET query = ? WHERE row = ?').run(query, rowOf(id).row)
    },
    addTracks: (id, tracks, position) => editTracks(id, (now) => now.toSpliced(position ?? now.length, 0, ...tracks)),
    removeTracks(id, positions) {
      const gone = new Set(positions)
      editTracks(id, (now) => now.filter((_, index) => !gone.has(index)))
    },
    replaceTracks: (id, tracks) => editTracks(id, () => tracks),
    merge: (nodes, parentId = null) => db.transaction(() => mergeNodes(nodes, parentRow(parentId))),
  }
}

/** Rows of the playlists of which `Folder/List` fulfils a test. */
export function playlistRowsWhere(db: SqliteFile, isWanted: (path: string) => boolean): number[] {
  const rows = db
    .prepare<{row: number; path: string}>(
      `WITH RECURSIVE paths (row, path) AS (
         SELECT row, name FROM playlists WHERE parent_row IS NULL
         UNION ALL SELECT p.row, paths.path || '/' || p.name FROM playlists p JOIN paths ON p.parent_row = paths.row)
       SELECT row, path FROM paths`,
    )
    .all()
  return rows.filter(({path}) => isWanted(path)).map(({row}) => row)
}
