// M3U8: lists as other programs and systems write them, and ours as a folder tree that any of them takes.
import {describe, expect, it} from 'vitest'
import {syntheticLibrary, syntheticTrack} from '../../../bench/formats/synthetic-tracks.js'
import {createM3u8Exporter} from '../../../exporters/m3u8/exporter.js'
import {createM3u8Importer, pathFromEntry} from '../../../exporters/m3u8/importer.js'
import {pathKey} from '../../../src/core/music-path.js'
import {mapPlaylistTracks, type PlaylistNode} from '../../../src/core/playlist.js'
import {filesInMemory, libraryOf, runExport, runImport} from '../harness.js'

const importer = createM3u8Importer(() => false)
const exporter = createM3u8Exporter(() => true)

async function pathsOf(content: string | Buffer, root: string): Promise<string[]> {
  const {tracks} = await runImport(importer, {'': content}, {root})
  return tracks.map(({file}) => file.path)
}

describe('lists of other programs', () => {
  it('reads UTF-8 with a mark, CRLF, names and lengths', async () => {
    const text =
      '\uFEFF#EXTM3U\r\n#EXTINF:245,Ж - Été (Dub - Mix)\r\n/music/a.mp3\r\n\r\n#EXTINF:-1,b\r\n/music/b.mp3\r\n'
    const {tracks, playlists} = await runImport(importer, {'': text}, {root: '/lists/Set 1.m3u8'})
    expect(tracks).toMatchObject([
      {file: {path: '/music/a.mp3', durationMs: 245_000}, tags: {artist: 'Ж', title: 'Été (Dub - Mix)'}},
      {file: {path: '/music/b.mp3', durationMs: null}, tags: {artist: null, title: 'b'}},
    ])
    expect(playlists).toEqual([{kind: 'list', name: 'Set 1', tracks: tracks.map(({ref}) => ref)}])
  })

  it('reads Latin-1 .m3u, and UTF-8 .m3u', async () => {
    expect(await pathsOf(Buffer.from('/m/caf\u00e9.mp3\n', 'latin1'), '/l/a.m3u')).toEqual(['/m/café.mp3'])
    expect(await pathsOf('/m/café.mp3\n', '/l/a.m3u')).toEqual(['/m/café.mp3'])
  })

  it.each([
    ['/lists/a.m3u8', '../music/x.mp3', '/music/x.mp3'],
    ['/lists/a.m3u8', 'sub/x.mp3', '/lists/sub/x.mp3'],
    ['/lists/a.m3u8', './x.mp3', '/lists/x.mp3'],
    ['/lists/a.m3u8', 'D:\\Music\\x.mp3', 'D:\\Music\\x.mp3'],
    ['/lists/a.m3u8', '..\\music\\x.mp3', '/music/x.mp3'],
    ['/lists/a.m3u8', '/m/100%.mp3', '/m/100%.mp3'],
    ['/lists/a.m3u8', '/m/a%20b.mp3', '/m/a%20b.mp3'],
    ['/lists/a.m3u8', 'file:///m/a%20b.mp3', '/m/a b.mp3'],
    ['/lists/a.m3u8', 'file://localhost/m/%C3%A9.mp3', '/m/é.mp3'],
    ['/lists/a.m3u8', 'file:///C:/m/x.mp3', 'C:/m/x.mp3'],
    ['/lists/a.m3u8', 'file:///m/100%.mp3', '/m/100%.mp3'],
    ['/lists/a.m3u8', '../../../../etc/x.mp3', '/etc/x.mp3'],
  ])('in %s, %s is %s', async (root, line, path) => expect(await pathsOf(`${line}\n`, root)).toEqual([path]))

  it('takes an escaped path for what it stands for where only that file exists', () => {
    const exists = (path: string) => path === '/l/My Song.mp3'
    expect(pathFromEntry('My%20Song.mp3', '/l', exists)).toBe('/l/My Song.mp3')
  })

  it('leaves streams out with a warning', async () => {
    const {tracks, warnings} = await runImport(
      importer,
      {'': 'http://x.org/a.mp3\nspotify:track:1\n/a.mp3\n'},
      {root: '/l/a.m3u8'},
    )
    expect(tracks.length).toBe(1)
    expect(warnings.map(({subject}) => subject)).toEqual(['http://x.org/a.mp3', 'spotify:track:1'])
  })

  it('keeps order and doubles, and names a track of several lists once', async () => {
    const files = {'b.m3u8': '/x.mp3\n/y.mp3\n/x.mp3\n', 'Folder/a.m3u': '/y.mp3\n', 'Folder/note.txt': '/z.mp3\n'}
    const {tracks, playlists} = await runImport(importer, files)
    expect(tracks.map(({file}) => file.path).sort()).toEqual(['/x.mp3', '/y.mp3'])
    expect(playlists).toEqual([
      {kind: 'folder', name: 'Folder', children: [{kind: 'list', name: 'a', tracks: ['/y.mp3']}]},
      {kind: 'list', name: 'b', tracks: ['/x.mp3', '/y.mp3', '/x.mp3']},
    ])
  })

  it('says so where there is no list', async () => {
    expect((await runImport(importer, {'x.txt': ''})).warnings.length).toBe(1)
  })
})

describe('our lists', () => {
  const library = syntheticLibrary(120)

  it('come back as the same tree, but for empty folders and smart rules', async () => {
    const {files, warnings} = await runExport(exporter, library)
    expect(warnings).toEqual([])
    const {playlists} = await runImport(importer, Object.fromEntries(files), {root: '/lists'})
    const pathOf = (id: string) => pathKey(syntheticTrack(Number(id.slice('track-'.length))).file.path)
    const expected = (nodes: readonly PlaylistNode<string>[]): PlaylistNode<string>[] =>
      nodes.flatMap((node): PlaylistNode<string>[] => {
        if (node.kind !== 'folder') return [{kind: 'list', name: node.name, tracks: node.tracks}]
        const children = expected(node.children)
        return children.length === 0 ? [] : [{kind: 'folder', name: node.name, children}]
      })
    const sorted = (nodes: readonly PlaylistNode<string>[]): unknown =>
      nodes
        .map((node) => (node.kind === 'folder' ? {...node, children: sorted(node.children)} : node))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
    expect(sorted(playlists)).toEqual(sorted(mapPlaylistTracks(expected(library.playlists()), pathOf)))
  })

  it('have names that every system takes and none confuses', async () => {
    const list = (name: string): PlaylistNode => ({kind: 'list', name, tracks: []})
    const names = [
      'a/b',
      'a:b',
      'A/B',
      'CON',
      'nul.x',
      '..',
      '',
      ' . ',
      'x'.repeat(400),
      '🔥'.repeat(100),
      '../../etc',
      'a\nb',
    ]
    const {files} = await runExport(exporter, libraryOf([], names.map(list)))
    const paths = [...files.keys()]
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(names.length)
    for (const path of paths) {
      expect(path).toMatch(/^[^/\\:*?"<>|\p{Cc}]+\.m3u8$/u)
      expect(path).not.toMatch(/^(?:con|nul)(?:\.|$)|^\.|[. ]\.m3u8$/i)
      expect(Buffer.byteLength(path)).toBeLessThan(255)
    }
    const back = await runImport(importer, Object.fromEntries(files))
    // Blanks at the ends and line breaks are what a line of text cannot hold; a list without a name gets its file's.
    const plain = names.filter((name) => name !== '').map((name) => name.replace('\n', ' ').trim())
    expect(back.playlists.map(({name}) => name)).toEqual(expect.arrayContaining(plain))
    expect(back.playlists.length).toBe(names.length)
  })

  it('can name files from the list on, for a drive that travels', async () => {
    const track = {...syntheticTrack(0), file: {...syntheticTrack(0).file, path: '/usb/music/#1/x.mp3'}}
    const folder: PlaylistNode = {kind: 'folder', name: 'F', children: [{kind: 'list', name: 'L', tracks: [track.id]}]}
    const target = filesInMemory({}, {root: '/usb/lists'})
    const {files} = await runExport(exporter, libraryOf([track], [folder]), {target, options: {paths: 'relative'}})
    expect(files.get('F/L.m3u8')?.trim().split('\n').at(-1)).toBe('../../music/#1/x.mp3')
  })

  it('lists all tracks where there is no playlist', async () => {
    const {files} = await runExport(exporter, libraryOf([syntheticTrack(0), syntheticTrack(1)]))
    expect([...files.keys()]).toEqual(['All tracks.m3u8'])
  })

  it('tells of files that are not there', async () => {
    const {warnings} = await runExport(
      createM3u8Exporter(() => false),
      libraryOf([syntheticTrack(0)]),
    )
    expect(warnings.map(({subject}) => subject)).toEqual([syntheticTrack(0).file.path])
  })
})
