// Playlists: misuse first, then the tree as a DJ keeps it.
import {describe, expect, it} from 'vitest'
import type {CrateError} from '../../src/core/errors.js'
import type {PlaylistNode} from '../../src/core/playlist.js'
import type {TrackId} from '../../src/core/track.js'
import type {Library} from '../../src/store/library.js'
import {openTemporary} from './sample-library.js'
import {audioFile, tags} from './values.js'

function codeOf(work: () => unknown): string | null {
  try {
    work()
    return null
  } catch (error) {
    return (error as CrateError).code
  }
}

function withTracks(count: number): {library: Library; ids: TrackId[]} {
  const library = openTemporary()
  const ids = Array.from({length: count}, (_, n) =>
    library.tracks.add({file: audioFile(`/m/${n}`), audioHash: null, tags: tags({title: `T${n}`, tempoBpm: 120 + n})}),
  )
  return {library, ids}
}

describe('misuse', () => {
  it('is refused, each with its code, and changes nothing', () => {
    const {library, ids} = withTracks(2)
    const {playlists} = library
    const folder = playlists.create({name: 'F', kind: 'folder'})
    const inner = playlists.create({name: 'Inner', kind: 'folder', parentId: folder})
    const list = playlists.create({name: 'L', kind: 'list', parentId: folder, tracks: ids})
    const before = playlists.tree()
    const uses: [() => unknown, string][] = [
      [() => playlists.create({name: 'L', kind: 'list', parentId: folder}), 'CONFLICT'],
      [() => playlists.create({name: 'X', kind: 'list', parentId: list}), 'USAGE'],
      [() => playlists.create({name: 'X', kind: 'list', parentId: 'nope'}), 'PLAYLIST_NOT_FOUND'],
      [() => playlists.create({name: 'X', kind: 'list', tracks: ['nope' as TrackId]}), 'TRACK_NOT_FOUND'],
      [() => playlists.addTracks(folder, ids), 'USAGE'],
      [() => playlists.addTracks(list, ['nope' as TrackId]), 'TRACK_NOT_FOUND'],
      [() => playlists.move(folder, inner), 'USAGE'],
      [() => playlists.move(folder, folder), 'USAGE'],
      [() => playlists.rename('nope', 'X'), 'PLAYLIST_NOT_FOUND'],
      [() => playlists.delete('nope'), 'PLAYLIST_NOT_FOUND'],
      [() => playlists.resolve('F/Nothing'), 'PLAYLIST_NOT_FOUND'],
    ]
    expect(uses.map(([use]) => codeOf(use))).toEqual(uses.map(([, code]) => code))
    expect(playlists.tree()).toEqual(before)
  })
})

describe('the tree', () => {
  it('keeps order, nesting, doubles, slashes in names and what other programs added', () => {
    const {library, ids} = withTracks(3)
    const [a, b, c] = ids as [TrackId, TrackId, TrackId]
    const tree: PlaylistNode[] = [
      {
        kind: 'folder',
        name: 'Gigs / 2026',
        children: [
          {kind: 'list', name: 'Friday', tracks: [b, a, b], extras: {rekordbox: {id: 7}}},
          {kind: 'smart', name: 'Fast', query: 'bpm:122..', tracks: [c]},
          {kind: 'folder', name: 'Empty', children: []},
        ],
      },
      {kind: 'smart', name: 'Foreign rule', query: null, tracks: [], extras: {serato: ['rule']}},
      {kind: 'list', name: 'Friday', tracks: []},
    ]
    library.playlists.merge(tree)
    expect(library.playlists.tree()).toEqual(tree)
    expect(library.playlists.find('Gigs / 2026/Friday')?.names).toEqual(['Gigs / 2026', 'Friday'])
    expect(library.playlists.find('gigs / 2026/FAST')?.query).toBe('bpm:122..')
    expect(library.playlists.find('Friday')?.names).toEqual(['Friday'])
    expect(library.playlists.find('Fri')).toBeNull()
    const id = library.playlists.resolve('Gigs / 2026/Friday').id
    expect(library.playlists.node(id)).toEqual({
      kind: 'list',
      name: 'Friday',
      tracks: [b, a, b],
      extras: {rekordbox: {id: 7}},
    })
  })

  it('keeps ids when the same tree is merged again, and what it does not name', () => {
    const {library, ids} = withTracks(2)
    const own = library.playlists.create({name: 'Mine', kind: 'list', tracks: ids})
    const tree: PlaylistNode[] = [{kind: 'folder', name: 'F', children: [{kind: 'list', name: 'L', tracks: ids}]}]
    library.playlists.merge(tree)
    const before = library.playlists.list()
    library.playlists.merge([{kind: 'folder', name: 'F', children: [{kind: 'list', name: 'L', tracks: ids.slice(1)}]}])
    expect(library.playlists.list().map(({id}) => id)).toEqual(before.map(({id}) => id))
    expect(library.playlists.tracks(library.playlists.resolve('F/L').id)).toEqual(ids.slice(1))
    expect(library.playlists.tracks(own)).toEqual(ids)
  })

  it('is edited piece by piece', () => {
    const {library, ids} = withTracks(4)
    const {playlists} = library
    const [a, b, c, d] = ids as [TrackId, TrackId, TrackId, TrackId]
    const list = playlists.create({name: 'L', kind: 'list', tracks: [a, b]})
    playlists.addTracks(list, [c])
    playlists.addTracks(list, [d, d], 1)
    expect(playlists.tracks(list)).toEqual([a, d, d, b, c])
    playlists.removeTracks(list, [1, 3])
    expect(playlists.tracks(list)).toEqual([a, d, c])
    playlists.replaceTracks(list, [c])
    const folder = playlists.create({name: 'F', kind: 'folder'})
    const other = playlists.create({name: 'Other', kind: 'list', parentId: folder})
    playlists.move(list, folder, 0)
    playlists.rename(list, 'Renamed')
    expect(playlists.list().map(({names}) => names.join('/'))).toEqual(['F', 'F/Renamed', 'F/Other'])
    expect(playlists.get(list)).toMatchObject({parentId: folder, trackCount: 1})
    playlists.move(other, null, 0)
    expect(playlists.list().map(({name}) => name)).toEqual(['Other', 'F', 'Renamed'])
    playlists.delete(folder)
    expect(playlists.list().map(({name}) => name)).toEqual(['Other'])
    expect(library.tracks.count()).toBe(4)
  })

  it('holds ten thousand tracks in one list', () => {
    const {library, ids} = withTracks(1)
    const tracks = Array.from({length: 10_000}, () => ids[0] as TrackId)
    const list = library.playlists.create({name: 'Long', kind: 'list', tracks})
    expect(library.playlists.tracks(list)).toHaveLength(10_000)
  })
})

describe('refreshSmartPlaylists', () => {
  it('fills them in the order and to the limit of their queries, and reports the one with an error', () => {
    const {library, ids} = withTracks(5)
    const {playlists} = library
    playlists.create({name: 'Fast', kind: 'smart', query: 'bpm:121.. bpm- limit:3'})
    playlists.create({name: 'Wrong', kind: 'smart', query: 'bpm:fast', tracks: ids.slice(0, 1)})
    playlists.create({name: 'Foreign', kind: 'smart', query: null, tracks: ids.slice(0, 2)})
    const report = library.refreshSmartPlaylists()
    expect(report).toMatchObject({refreshed: 1, failures: [{name: 'Wrong', error: {code: 'QUERY_INVALID'}}]})
    const tracksOf = (name: string) => playlists.tracks(playlists.resolve(name).id)
    expect(tracksOf('Fast')).toEqual([ids[4], ids[3], ids[2]])
    expect(tracksOf('Wrong')).toEqual(ids.slice(0, 1))
    expect(tracksOf('Foreign')).toEqual(ids.slice(0, 2))
  })
})
