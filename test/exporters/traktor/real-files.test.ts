// Files that Traktor itself wrote: through crate and back, and left alone where crate has nothing to change.
import {readdirSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {libraryOfImport} from '../harness.js'
import {readShared, sharedFormats} from '../shared-files.js'
import {exportNml, importNml, REAL_FILES} from './support.js'

const folder = sharedFormats('traktor-nml')

/** Entries of the collection, marks on tracks that count, and entries of lists, counted by python3's ElementTree. */
const COUNTS: Readonly<Record<(typeof REAL_FILES)[number], readonly [tracks: number, listed: number]>> = {
  'ddc-v19-traktor3.nml': [2, 0],
  'history/history_2010y11m21d_21h46m29s.nml': [10, 11],
  'history/history_2011y04m30d_15h59m34s.nml': [1, 1],
  'nmlutils-v19-collection.nml': [1, 0],
  'nmlutils-v19-collection_indexing.nml': [1, 0],
  'nmlutils-v19-cuepoints.nml': [1, 0],
  // No collection in it: the one track is known by the lists alone.
  'nmlutils-v19-playlist.nml': [1, 3],
  'ryyckxxa-v15-collection.nml': [2557, 3288],
}

interface Tree {
  readonly kind: string
  readonly children?: readonly Tree[]
  readonly tracks?: readonly unknown[]
}

function listedIn(nodes: readonly Tree[]): number {
  return nodes.reduce((sum, node) => sum + (node.tracks?.length ?? 0) + listedIn(node.children ?? []), 0)
}

describe.skipIf(folder === null)('real collections', () => {
  const read = (name: string) => readShared(folder ?? '', name)

  it('are all that there are', () => {
    const names = readdirSync(folder ?? '', {recursive: true, encoding: 'utf8'})
    expect(names.filter((name) => name.endsWith('.nml')).sort()).toEqual([...REAL_FILES].sort())
  })

  it.each(REAL_FILES)('%s gives the same library after export and import', async (name) => {
    const first = await importNml(read(name))
    expect([first.tracks.length, listedIn(first.playlists)]).toEqual(COUNTS[name])
    for (const version of ['19', '20']) {
      const second = await importNml((await exportNml(libraryOfImport(first), null, {version})).bytes)
      expect(second.tracks).toEqual(first.tracks)
      expect(second.playlists).toEqual(first.playlists)
    }
  })

  it.each(REAL_FILES.filter((name) => name !== 'nmlutils-v19-playlist.nml'))(
    '%s comes out byte for byte where nothing changed',
    async (name) => {
      const bytes = read(name)
      const {bytes: merged} = await exportNml(libraryOfImport(await importNml(bytes)), bytes)
      expect(merged.equals(bytes)).toBe(true)
    },
  )

  it('gets a collection where a file of lists has none, and keeps its lists', async () => {
    const bytes = read('nmlutils-v19-playlist.nml')
    const {text} = await exportNml(libraryOfImport(await importNml(bytes)), bytes)
    const lists = bytes.toString().slice(bytes.toString().indexOf('<PLAYLISTS>'))
    expect(text).toContain('<COLLECTION ENTRIES="1"><ENTRY><LOCATION DIR="/:Users/:johndoe/:')
    expect(text.endsWith(lists)).toBe(true)
  })

  it('says what the first entry of Traktor Pro 2 says', async () => {
    const {tracks} = await importNml(read('ryyckxxa-v15-collection.nml'))
    const track = tracks[0]
    expect(track?.file.path).toBe(
      '/Volumes/Music/Music to Spin/Sway Mechanicals - JDub Records/' +
        'JDub Records - The House of Friendly Ghosts, Vol. I featuring Khaira Arby - 11 Youba.m4a',
    )
    expect(track?.tags).toMatchObject({title: 'Youba - 9A', artist: 'The Sway Machinery', key: 'e', year: 2011})
    expect(track?.key).toEqual({tonic: 'E', mode: 'minor'})
    expect(track?.beatGrid).toEqual([{positionMs: 139.653, tempoBpm: 88.998, beatInBar: 1}])
    expect(track).toMatchObject({playCount: 2, addedAt: '2011-03-29', lastPlayedAt: '2011-05-01', ratingStars: null})
    expect(track?.file).toMatchObject({durationMs: 321_000, bitRateKbps: null, format: 'm4a'})
  })

  it('keeps marks, pads and loops of Traktor Pro 3 apart', async () => {
    const {tracks} = await importNml(read('ddc-v19-traktor3.nml'))
    const cues = tracks[0]?.cues ?? []
    expect(cues.map(({slot}) => slot)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(cues[0]).toMatchObject({kind: 'hot', positionMs: 53.484213, lengthMs: null, name: ''})
    expect(cues[4]).toMatchObject({kind: 'hot', positionMs: 240053.631351, lengthMs: 17142.867653})
    expect(tracks[0]).toMatchObject({isGridLocked: true, gridOrigin: 'import:traktor', tempoBpm: 111.999931})
    expect(tracks[1]?.cues.map(({name}) => name)).toEqual([
      '',
      'Drums',
      'Bassline',
      'Vocals',
      'Drop',
      'Break',
      'Drop',
      '',
    ])
    expect(tracks[0]?.extras['traktor']).toMatchObject({
      attributes: {LOCATION: {VOLUME: 'D:', VOLUMEID: '00f95451'}, INFO: {FLAGS: '28', FILESIZE: '19249'}},
    })
  })
})
