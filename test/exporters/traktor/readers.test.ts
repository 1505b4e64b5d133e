// Readers that are not ours: xmllint, python3's ElementTree, and a real Mixxx that imports the collection.
import {execFileSync, spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {syntheticLibrary} from '../../../bench/formats/synthetic-tracks.js'
import {walkPlaylists} from '../../../src/core/playlist.js'
import {MIXXX_TIMEOUT_MS, readByMixxx} from '../../support/mixxx.js'
import {libraryOf} from '../harness.js'
import {sharedFormats} from '../shared-files.js'
import {exportNml, trackAt} from './support.js'

const COUNT = 120
const library = syntheticLibrary(COUNT)
const lists = [...walkPlaylists(library.playlists())].flatMap(({node, folders}) =>
  node.kind === 'folder' ? [] : [{path: [...folders, node.name], tracks: node.tracks}],
)

/** Where a tool is missing its tests are skipped, except in CI, where they fail. */
function isMissing(...tools: string[]): boolean {
  const missing = tools.filter((tool) => spawnSync('which', [tool]).status !== 0)
  if (missing.length > 0 && process.env['CI'] !== undefined) throw new Error(`CI must have ${missing.join(', ')}`)
  return missing.length > 0
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crate-traktor-'))
})
afterAll(() => rmSync(folder, {recursive: true}))

async function written(name: string, options: Readonly<Record<string, string>>): Promise<string> {
  const path = join(folder, name)
  writeFileSync(path, (await exportNml(library, null, options)).bytes)
  return path
}

describe.skipIf(isMissing('xmllint'))('xmllint', () => {
  it.each(['19', '20'])('takes version %s', async (version) => {
    const path = await written(`lint-${version}.nml`, {version})
    expect(spawnSync('xmllint', ['--noout', path], {encoding: 'utf8'})).toMatchObject({status: 0, stderr: ''})
  })

  it('takes texts with every character that Unicode has below the astral planes, and some above', async () => {
    let text = '🔥𝄞'
    for (let code = 1; code < 0xffff; code++) if (code < 0xd800 || code > 0xdfff) text += String.fromCharCode(code)
    const tags = {...trackAt('x').tags, title: text}
    const {bytes} = await exportNml(libraryOf([trackAt('/a/x.mp3', {tags})], [{kind: 'list', name: text, tracks: []}]))
    const path = join(folder, 'characters.nml')
    writeFileSync(path, bytes)
    expect(spawnSync('xmllint', ['--noout', path], {encoding: 'utf8'})).toMatchObject({status: 0, stderr: ''})
  })
})

const PYTHON = `
import json, sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
collection = root.find('COLLECTION')
entries = collection.findall('ENTRY')
key = lambda entry: ''.join(entry.find('LOCATION').get(name) for name in ('VOLUME', 'DIR', 'FILE'))
keys = {key(entry) for entry in entries}
lists = []
def walk(node, path):
    if node.get('TYPE') == 'FOLDER':
        nodes = node.find('SUBNODES').findall('NODE')
        assert int(node.find('SUBNODES').get('COUNT')) == len(nodes)
        for child in nodes: walk(child, path + [child.get('NAME')])
    else:
        used = [entry.find('PRIMARYKEY').get('KEY') for entry in node.find('PLAYLIST')]
        assert int(node.find('PLAYLIST').get('ENTRIES')) == len(used) and keys.issuperset(used)
        lists.append([path, len(used)])
walk(root.find('PLAYLISTS/NODE'), [])
print(json.dumps({
    'version': root.get('VERSION'), 'declared': int(collection.get('ENTRIES')), 'entries': len(entries), 'lists': lists,
    'titles': [entry.get('TITLE') for entry in entries],
    'comments': [entry.find('INFO').get('COMMENT') if entry.find('INFO') is not None else None for entry in entries],
    'pads': [sorted(int(cue.get('HOTCUE')) for cue in entry.findall('CUE_V2') if cue.get('HOTCUE') != '-1') for entry in entries],
    'grids': [len([cue for cue in entry.findall('CUE_V2') if cue.get('TYPE') == '4']) for entry in entries],
    'tempos': [[float(grid.get('BPM')) for grid in entry.findall('CUE_V2/GRID')] for entry in entries],
    'dates': [part for entry in entries for part in (entry.find('INFO').get('IMPORT_DATE') or '').split('/') if part.startswith('0')],
}))`

describe.skipIf(isMissing('python3'))("python3's ElementTree", () => {
  it.each(['19', '20'])('finds in version %s what the library holds', async (version) => {
    const path = await written(`tree-${version}.nml`, {version})
    const found = JSON.parse(execFileSync('python3', ['-c', PYTHON, path], {encoding: 'utf8'}))
    const tracks = []
    for await (const track of library.tracks()) tracks.push(track)
    const pads = (slots: readonly (number | null)[]) => slots.filter((slot) => slot !== null).sort()
    expect(found).toEqual({
      version,
      declared: COUNT,
      entries: COUNT,
      lists: lists.map((list) => [list.path, list.tracks.length]),
      titles: tracks.map(({tags}) => tags.title),
      comments: tracks.map(({tags}) => tags.comment),
      pads: tracks.map(({cues}) => pads(cues.map(({slot}) => slot))),
      grids: tracks.map(({beatGrid}) => beatGrid.length),
      tempos: tracks.map(({beatGrid}) => (version === '20' ? beatGrid.map(({tempoBpm}) => tempoBpm) : [])),
      dates: [],
    })
  })
})

const shared = sharedFormats('traktor-nml')

function query(database: string, sql: string): string[] {
  return execFileSync('sqlite3', ['-readonly', database, sql], {encoding: 'utf8'})
    .split('\n')
    .filter((line) => line !== '')
}

describe.skipIf(shared === null || isMissing('mixxx', 'xdotool', 'Xvfb', 'sqlite3'))('Mixxx', () => {
  it('imports every track and list, with folders and all of Unicode', {timeout: MIXXX_TIMEOUT_MS}, async () => {
    const path = await written('mixxx.nml', {volume: 'none'})
    const database = join(folder, 'mixxx.sqlite')
    readByMixxx('traktor', path, database)
    expect(query(database, 'select count(*) from traktor_library')).toEqual([String(COUNT)])
    expect(query(database, 'select name from traktor_playlists').sort()).toEqual(
      lists.map((list) => list.path.map((name) => `-->${name}`).join('')).sort(),
    )
    const listed = lists.reduce((sum, list) => sum + list.tracks.length, 0)
    expect(query(database, 'select count(*), sum(track_id < 0) from traktor_playlist_tracks')).toEqual([`${listed}|0`])
    const linux: string[] = []
    for await (const {file} of library.tracks()) if (file.path.startsWith('/home/')) linux.push(file.path)
    expect(linux.length).toBeGreaterThan(10)
    const found = query(database, "select location from traktor_library where location like '/home/%'")
    expect(found.sort()).toEqual(linux.sort())
  })
})
