// A library with every feature, through Rekordbox XML and back: what returns is what left, but for the declared losses.
import {execFileSync, spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {syntheticLibrary, syntheticTrack} from '../../../bench/formats/synthetic-tracks.js'
import {createRekordboxExporter} from '../../../exporters/rekordbox/exporter.js'
import {importer} from '../../../exporters/rekordbox/importer.js'
import {escapeAttribute} from '../../../exporters/rekordbox/xml.js'
import type {ImportedTrack} from '../../../src/api/format.js'
import type {Cue} from '../../../src/core/cue.js'
import {pathKey} from '../../../src/core/music-path.js'
import {mapPlaylistTracks, type PlaylistNode} from '../../../src/core/playlist.js'
import type {Track} from '../../../src/core/track.js'
import {runExport, runImport} from '../harness.js'

const exporter = createRekordboxExporter(() => true)
const COUNT = 500
const library = syntheticLibrary(COUNT)

/** What the declared losses leave: tags and cue fields that the format has. */
function carried(track: Track | ImportedTrack) {
  const {title, artist, album, genre, comment, label, remixer, composer, grouping, mix} = track.tags
  const {year, trackNumber, discNumber} = track.tags
  const cues = track.cues.map(({kind, slot, positionMs, lengthMs, name, colorRgb}: Cue) => ({
    kind,
    slot,
    positionMs: Math.round(positionMs),
    lengthMs: lengthMs === null ? null : Math.round(lengthMs),
    name,
    colorRgb,
  }))
  return {
    path: pathKey(track.file.path),
    file: [track.file.sizeBytes, track.file.durationMs, track.file.sampleRateHz, track.file.bitRateKbps],
    text: {title, artist, album, genre, comment, label, remixer, composer, grouping, mix},
    numbers: {year, trackNumber, discNumber},
    tempoBpm: track.tempoBpm,
    key: track.key,
    beatGrid: track.beatGrid.map((marker) => ({...marker, positionMs: Math.round(marker.positionMs)})),
    cues,
    ratingStars: track.ratingStars,
    colorRgb: track.colorRgb,
    playCount: track.playCount,
    lastPlayedAt: track.lastPlayedAt,
    addedAt: track.addedAt,
  }
}

const original = Array.from({length: COUNT}, (_, index) => syntheticTrack(index))
const headerCaseOf = new Map(original.map((track) => [pathKey(track.file.path), track.file.mp3HeaderCase]))
const headerCase = (path: string) => headerCaseOf.get(pathKey(path)) ?? null

describe('a library with every feature', () => {
  it('has them', () => {
    const cues = original.flatMap((track) => track.cues)
    expect(new Set(cues.map((cue) => cue.kind))).toEqual(new Set(['hot', 'memory', 'fade-in', 'fade-out', 'load']))
    expect(cues.some((cue) => cue.kind === 'hot' && cue.lengthMs !== null)).toBe(true)
    expect(cues.some((cue) => cue.kind === 'memory' && cue.lengthMs !== null)).toBe(true)
    expect(original.some((track) => track.beatGrid.length > 5)).toBe(true)
    expect(original.some((track) => track.beatGrid[0]?.beatsPerBar === 3)).toBe(true)
  })

  it.each([true, false])('returns as it left (positions shifted: %s)', async (shiftsPositions) => {
    const exported = await runExport(exporter, library, {shiftsPositions})
    const imported = await runImport(importer, {'': exported.files.get('') ?? ''}, {shiftsPositions, headerCase})
    expect(imported.warnings).toEqual([])
    expect(imported.tracks.length).toBe(COUNT)
    for (const [index, track] of imported.tracks.entries())
      expect(carried(track), `track ${index}`).toEqual(carried(original[index] ?? syntheticTrack(index)))
  })

  it('returns with its playlists, smart ones as lists', async () => {
    const exported = await runExport(exporter, library)
    const imported = await runImport(importer, {'': exported.files.get('') ?? ''})
    const indexOfRef = new Map(imported.tracks.map((track, index) => [track.ref, original[index]?.id ?? '']))
    const plain = (nodes: readonly PlaylistNode<string>[]): PlaylistNode<string>[] =>
      nodes.map((node) => {
        if (node.kind === 'folder') return {kind: 'folder', name: node.name, children: plain(node.children)}
        return {kind: 'list', name: node.name, tracks: node.tracks}
      })
    expect(mapPlaylistTracks(imported.playlists, (ref) => indexOfRef.get(ref) ?? null)).toEqual(
      plain(library.playlists()),
    )
  })

  const hasTools = ['xmllint', 'python3'].every((tool) => spawnSync(tool, ['--version']).error === undefined)
  it.skipIf(!hasTools)('is well-formed to xmllint, and python3 counts the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crate-rekordbox-'))
    try {
      const path = join(folder, 'rekordbox.xml')
      const exported = await runExport(exporter, library)
      writeFileSync(path, exported.files.get('') ?? '')
      execFileSync('xmllint', ['--noout', path])
      const script = `
import sys, json, xml.etree.ElementTree as ET
r = ET.parse(sys.argv[1]).getroot()
nodes = list(r.iter('NODE'))
c = r.find('COLLECTION')
ids = [t.get('TrackID') for t in c]
print(json.dumps({
  'entries': int(c.get('Entries')), 'tracks': len(c), 'unique': len(set(ids)),
  'counts': all(int(n.get('Count')) == len(n) for n in nodes if n.get('Type') == '0'),
  'listCounts': all(int(n.get('Entries')) == len(n) for n in nodes if n.get('Type') == '1'),
  'dangling': sum(k.get('Key') not in set(ids) for n in nodes for k in n.findall('TRACK')),
  'names': [t.get('Name') for t in c], 'comments': [t.get('Comments') for t in c],
  'endsOnPoints': sum(1 for m in r.iter('POSITION_MARK') if m.get('Type') == '0' and m.get('End')),
  'zeroLoops': sum(1 for m in r.iter('POSITION_MARK') if m.get('End') and float(m.get('End')) <= float(m.get('Start'))),
  'coloursOffPads': sum(1 for m in r.iter('POSITION_MARK') if m.get('Red') and m.get('Num') == '-1'),
  'negative': sum(1 for m in r.iter('POSITION_MARK') if float(m.get('Start')) < 0),
  'lateGrids': sum(1 for t in c if t.findall('TEMPO') and t.findall('POSITION_MARK') and
     float(t.find('TEMPO').get('Inizio')) > min(float(m.get('Start')) for m in t.findall('POSITION_MARK'))),
}))`
      const read = JSON.parse(execFileSync('python3', ['-c', script, path], {maxBuffer: 1 << 28}).toString())
      expect(read).toMatchObject({entries: COUNT, tracks: COUNT, unique: COUNT, counts: true, listCounts: true})
      expect(read).toMatchObject({dangling: 0, endsOnPoints: 0, zeroLoops: 0, coloursOffPads: 0, negative: 0})
      expect(read.lateGrids).toBe(0)
      expect(read.names).toEqual(original.map((track) => track.tags.title ?? ''))
      expect(read.comments).toEqual(original.map((track) => track.tags.comment ?? ''))
    } finally {
      rmSync(folder, {recursive: true})
    }
  })
})

describe('escapeAttribute', () => {
  it.skipIf(spawnSync('python3', ['--version']).error !== undefined)(
    'gives any text to python3 as it was, but for what XML forbids',
    () => {
      const texts = fc.sample(fc.string({unit: 'binary', maxLength: 30}), {numRuns: 1000, seed: 3})
      const xml = `<r>${texts.map((text) => `<e v="${escapeAttribute(text)}"/>`).join('')}</r>`
      const script =
        'import sys,json,xml.etree.ElementTree as E;print(json.dumps([e.get("v") for e in E.fromstring(sys.stdin.buffer.read())]))'
      const read = JSON.parse(execFileSync('python3', ['-c', script], {input: xml}).toString())
      const allowed = (text: string) =>
        [...text].filter((each) => /[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(each))
      expect(read).toEqual(texts.map((text) => allowed(text).join('')))
    },
  )

  it('marks half a surrogate', () => expect(escapeAttribute('a\uD83Db')).toBe('a\uFFFDb'))
})
