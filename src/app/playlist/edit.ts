// Playlists made and changed by hand: named by their path, `Friday/Warm up`.
import type {Environment} from '../../core/environment.js'
import {CrateError} from '../../core/errors.js'
import {parseQuery} from '../../core/query/parse.js'
import type {TrackId} from '../../core/track.js'
import type {Library} from '../../store/library.js'
import type {Playlist} from '../../store/playlists.js'
import {findTrack} from '../library/show.js'

export interface CreateRequest {
  /** `Folder/Name`; folders that are not there are made. */
  readonly path: string
  /** Makes it a smart playlist; null for an ordinary one. */
  readonly query: string | null
  /** Makes it a folder. */
  readonly isFolder: boolean
  /** Ids, paths, or words. */
  readonly tracks: readonly string[]
}

/** @throws QUERY_INVALID, CONFLICT where it is there already, TRACK_NOT_FOUND; then nothing is made */
export function createPlaylist(
  {nowMs}: Pick<Environment, 'nowMs'>,
  library: Library,
  {path, query, isFolder, tracks}: CreateRequest,
): Playlist {
  const names = namesOf(path)
  if (tracks.length > 0 && (query !== null || isFolder))
    throw new CrateError('USAGE', `${isFolder ? 'a folder' : 'a smart playlist'} is not given tracks`, {
      hints: [
        isFolder
          ? 'Make a playlist inside it: crate playlist create FOLDER/NAME TRACK'
          : 'Leave --query or the tracks out.',
      ],
    })
  if (query !== null) parseQuery(query, {nowMs: nowMs()})
  const ids = tracks.map((text) => findTrack(library, text).id)
  return library.transaction(() => {
    const parentId = folderFor(library, names.slice(0, -1))
    const kind = isFolder ? 'folder' : query === null ? 'list' : 'smart'
    const id = library.playlists.create({
      kind,
      name: names.at(-1) ?? path,
      parentId,
      ...(query === null ? {} : {query}),
    })
    if (ids.length > 0) library.playlists.addTracks(id, ids)
    if (query !== null)
      library.playlists.replaceTracks(id, library.tracks.ids({query: parseQuery(query, {nowMs: nowMs()})}))
    return library.playlists.get(id)
  })
}

function namesOf(path: string): string[] {
  const names = path.split('/').map((name) => name.trim())
  if (names.some((name) => name === ''))
    throw new CrateError('USAGE', `"${path}" has an empty name`, {hints: ['Write it as Folder/Name.']})
  return names
}

/** The folder of these names, made where it is missing; null for the top. */
function folderFor(library: Library, names: readonly string[]): string | null {
  let parentId: string | null = null
  for (const [depth, name] of names.entries()) {
    const path = names.slice(0, depth + 1).join('/')
    const known: Playlist | null = library.playlists.find(path)
    if (known !== null && known.kind !== 'folder')
      throw new CrateError('CONFLICT', `"${path}" is a playlist, not a folder`)
    parentId = known?.id ?? library.playlists.create({kind: 'folder', name, parentId})
  }
  return parentId
}

export interface EditRequest {
  readonly playlist: string
  readonly add: readonly string[]
  /** Positions from 1, as `show` counts them. */
  readonly remove: readonly number[]
  readonly rename: string | null
  /** Folder to move to; `/` is the top; null leaves it. */
  readonly moveTo: string | null
  readonly query: string | null
}

/** @throws PLAYLIST_NOT_FOUND, TRACK_NOT_FOUND, QUERY_INVALID, CONFLICT, USAGE for wishes that it cannot have; then nothing is changed */
export function editPlaylist({nowMs}: Pick<Environment, 'nowMs'>, library: Library, request: EditRequest): Playlist {
  const playlist = library.playlists.resolve(request.playlist)
  checkWishes(playlist, request)
  const ids: TrackId[] = request.add.map((text) => findTrack(library, text).id)
  if (request.query !== null) parseQuery(request.query, {nowMs: nowMs()})
  return library.transaction(() => {
    if (request.remove.length > 0)
      library.playlists.removeTracks(
        playlist.id,
        request.remove.map((position) => position - 1),
      )
    if (ids.length > 0) library.playlists.addTracks(playlist.id, ids)
    if (request.query !== null) {
      library.playlists.setQuery(playlist.id, request.query)
      library.playlists.replaceTracks(
        playlist.id,
        library.tracks.ids({query: parseQuery(request.query, {nowMs: nowMs()})}),
      )
    }
    if (request.moveTo !== null)
      library.playlists.move(playlist.id, request.moveTo === '/' ? null : folderFor(library, namesOf(request.moveTo)))
    if (request.rename !== null) library.playlists.rename(playlist.id, request.rename)
    return library.playlists.get(playlist.id)
  })
}

function checkWishes({name, kind, trackCount}: Playlist, {add, remove, rename, moveTo, query}: EditRequest): void {
  if (add.length + remove.length === 0 && rename === null && moveTo === null && query === null)
    throw new CrateError('USAGE', 'nothing is said that should change', {
      hints: ['For example --add TRACK, --remove 3 or --rename NAME; --help lists the flags.'],
    })
  if (kind !== 'list' && add.length + remove.length > 0)
    throw new CrateError(
      'USAGE',
      `"${name}" is a ${kind === 'smart' ? 'smart playlist: its query fills it' : 'folder'}`,
      {
        hints: [kind === 'smart' ? 'Change the rule: --query' : 'Name a playlist inside it.'],
      },
    )
  if (kind !== 'smart' && query !== null)
    throw new CrateError('USAGE', `"${name}" is not a smart playlist`, {
      hints: ["Make one: crate playlist create NAME --query 'genre:techno'"],
    })
  const beyond = remove.find((position) => position > trackCount)
  if (beyond !== undefined)
    throw new CrateError('USAGE', `"${name}" has no track ${beyond}: it holds ${trackCount}`, {
      hints: [`Their positions: crate playlist show '${name}'`],
    })
}
