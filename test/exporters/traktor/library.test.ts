// A library with every feature, out to Traktor and back: what returns is what left, but for the declared losses.
import {describe, expect, it} from 'vitest'
import {syntheticLibrary} from '../../../bench/formats/synthetic-tracks.js'
import {traktorExporter, traktorImporter} from '../../../exporters/traktor/index.js'
import type {ImportedTrack} from '../../../src/api/format.js'
import {beatsOfGrid} from '../../../src/core/beat-grid.js'
import {sortCues} from '../../../src/core/cue.js'
import type {PlaylistNode} from '../../../src/core/playlist.js'
import type {Mp3HeaderCase, Track} from '../../../src/core/track.js'
import {libraryOf} from '../harness.js'
import {exportNml, importNml, trackAt} from './support.js'

const COUNT = 400

async function tracksOf(count: number): Promise<Track[]> {
  const tracks: Track[] = []
  for await (const track of syntheticLibrary(count).tracks()) tracks.push(track)
  return tracks
}

/** What a track says, without what Traktor has no place for. */
function carried(track: Track | ImportedTrack, version: number) {
  const {file, tags} = track
  const cue = (one: Track['cues'][number]) => ({
    kind: one.kind,
    slot: one.slot,
    positionMs: Math.round(one.positionMs * 1000),
    lengthMs: one.lengthMs,
    name: one.name,
    colorRgb: version >= 20 ? one.colorRgb : null,
  })
  return {
    path: file.path,
    durationMs: file.durationMs,
    bitRateKbps: file.bitRateKbps,
    format: file.format,
    tags: {...tags, albumArtist: null, composer: null, grouping: null, discNumber: null},
    key: track.key,
    tempoBpm: version >= 20 || track.beatGrid.length < 2 ? track.tempoBpm : 'one of the grid',
    ratingStars: track.ratingStars,
    hasColor: track.colorRgb !== null,
    playCount: track.playCount,
    lastPlayedAt: track.lastPlayedAt,
    addedAt: track.addedAt,
    cues: sortCues(track.cues).map(cue),
  }
}

/** Where beats and downbeats are; of grids with several tempos before version 20 only where the later markers are. */
function beats(track: Track | ImportedTrack, version: number) {
  const {beatGrid} = track
  if (version < 20 && beatGrid.length > 1) return beatGrid.slice(1).map(({positionMs}) => Math.round(positionMs))
  // A downbeat may stand before crate's 0: Traktor counts from earlier on.
  const all = beatsOfGrid(beatGrid.slice(0, 1), 60_000).filter(({positionMs}) => positionMs >= 0)
  const isWaltz = beatGrid[0]?.beatsPerBar === 3
  // How many beats a bar has is nowhere in NML.
  const counted = all.map(({positionMs, beatInBar}) => [Math.round(positionMs), isWaltz ? 0 : beatInBar])
  const later = beatGrid.slice(1).map(({positionMs, tempoBpm}) => [Math.round(positionMs), tempoBpm])
  return [...counted, ...later]
}

describe('a library with everything', () => {
  it.each([19, 20])('comes back from version %d', async (version) => {
    // 44.1 kHz throughout: NML does not tell the rate by which an MP3's shift is counted.
    const left = (await tracksOf(COUNT)).map((track) => ({...track, file: {...track.file, sampleRateHz: 44_100}}))
    const library = {...libraryOf(left), playlists: () => syntheticLibrary(COUNT).playlists()}
    const {text, warnings} = await exportNml(library, null, {version: String(version)})
    expect(warnings).toEqual([])
    const headers = new Map(left.map(({file}) => [file.path, file.mp3HeaderCase]))
    const headerCase = (path: string): Mp3HeaderCase | null => headers.get(path) ?? null
    const back = await importNml(text, {headerCase})
    expect(back.warnings).toEqual([])
    expect(back.tracks).toHaveLength(COUNT)
    for (const [index, track] of left.entries()) {
      const returned = back.tracks[index]
      if (returned === undefined) throw new Error(`track ${index} is not there`)
      expect(carried(returned, version)).toEqual(carried(track, version))
      const isWaltz = track.beatGrid[0]?.beatsPerBar === 3
      if (!isWaltz) expect(beats(returned, version)).toEqual(beats(track, version))
      expect(returned.isGridLocked).toBe(track.isGridLocked || track.beatGrid.length > 0)
    }

    const names = (nodes: readonly PlaylistNode<string>[]): unknown[] =>
      nodes.map((node) =>
        node.kind === 'folder' ? [node.name, names(node.children)] : [node.name, node.tracks.length],
      )
    expect(names(back.playlists)).toEqual(names(library.playlists()))
    const refs = new Map(back.tracks.map(({ref, file}) => [ref, file.path]))
    const paths = new Map(left.map(({id, file}) => [id as string, file.path]))
    const listed = (nodes: readonly PlaylistNode<string>[], of: ReadonlyMap<string, string>): unknown[] =>
      nodes.flatMap((node) =>
        node.kind === 'folder' ? listed(node.children, of) : node.tracks.map((id) => of.get(id)),
      )
    expect(listed(back.playlists, refs)).toEqual(listed(library.playlists(), paths))
  })

  it('declares what it loses', () => {
    expect(traktorExporter.loses).toEqual(
      expect.arrayContaining(['cue-color', 'flexible-grid', 'energy', 'smart-rules']),
    )
    expect(traktorExporter.loses).not.toContain('memory-cues')
    expect(traktorImporter.source).toBe('file')
  })
})

describe('positions', () => {
  const path = '/Volumes/USB/x.mp3'
  const file = {...trackAt(path).file, format: 'mp3', mp3HeaderCase: 'xing', sampleRateHz: 44_100} as const
  const cues = [
    {kind: 'hot', slot: 0, positionMs: 1000, lengthMs: null, name: '', colorRgb: null, origin: 'user'},
  ] as const
  const library = libraryOf([trackAt(path, {file, cues, beatGrid: [{positionMs: 100, tempoBpm: 120, beatInBar: 1}]})])

  it('are moved by the frame that Traktor plays (FORMATS §5, case B: 26 ms)', async () => {
    const {text} = await exportNml(library)
    expect(text).toContain('TYPE="0" START="1026.000000"')
    expect(text).toContain('TYPE="4" START="126.000000"')
    const back = await importNml(text, {headerCase: () => 'xing'})
    expect(back.tracks[0]?.cues[0]?.positionMs).toBe(1000)
    expect(back.tracks[0]?.beatGrid[0]?.positionMs).toBe(100)
  })

  it('that could not be converted on the way in are not converted on the way out', async () => {
    const nml = (await exportNml(library)).text
    const {tracks} = await importNml(nml, {headerCase: () => null})
    const [track] = tracks
    if (track === undefined) throw new Error('no track')
    expect(track.cues[0]?.positionMs).toBe(1026)
    // Since then the file was found and its header read.
    const found = {...trackAt(path), ...track, file: {...track.file, mp3HeaderCase: 'xing' as const}}
    expect((await exportNml(libraryOf([found]))).text).toContain('TYPE="0" START="1026.000000"')
    expect((await exportNml(libraryOf([found]), nml)).text).toBe(nml)
  })

  it('stay where a merge finds them the same', async () => {
    const first = await exportNml(library)
    expect((await exportNml(library, first.bytes)).text).toBe(first.text)
  })
})

describe('a file in another encoding', () => {
  const nml = (encoding: string) =>
    `<?xml version="1.0" encoding="${encoding}"?>\n<NML VERSION="19"><COLLECTION ENTRIES="1"><ENTRY TITLE="Größe &#x6771;"><LOCATION DIR="/:Users/:é/:" FILE="ü.mp3" VOLUME="C:"/></ENTRY></COLLECTION></NML>\n`
  it.each<[string, Buffer]>([
    ['UTF-8 with a mark', Buffer.from(`\ufeff${nml('UTF-8')}`)],
    ['UTF-16LE', Buffer.from(`\ufeff${nml('UTF-16')}`, 'utf16le')],
    ['UTF-16BE', Buffer.from(`\ufeff${nml('UTF-16')}`, 'utf16le').swap16()],
    ['ISO-8859-1', Buffer.from(nml('ISO-8859-1'), 'latin1')],
  ])('%s reads the same', async (_name, bytes) => {
    for (const pieceBytes of [3, 4093]) {
      const {tracks} = await importNml(bytes, {pieceBytes})
      expect(tracks.map(({file, tags}) => [file.path, tags.title])).toEqual([['C:/Users/é/ü.mp3', 'Größe 東']])
    }
  })
})

describe('what cannot be written', () => {
  it('is told, and the rest is written', async () => {
    const tracks = [trackAt('relative.mp3'), trackAt('/a/x.mp3'), {...trackAt('/a/x.mp3'), id: 'twin' as Track['id']}]
    const {text, warnings} = await exportNml(libraryOf(tracks))
    expect(warnings).toHaveLength(2)
    expect(text).toContain('<COLLECTION ENTRIES="1">')
    expect((await importNml(text)).tracks).toHaveLength(1)
  })
})

describe('flexible grids of Traktor Pro 4', () => {
  it('give each marker its own tempo', async () => {
    const mark = (start: string, bpm: string) =>
      `<CUE_V2 NAME="Beat Marker" DISPL_ORDER="0" TYPE="4" START="${start}" LEN="0.000000" REPEATS="-1" HOTCUE="-1">` +
      `<GRID BPM="${bpm}"></GRID>\n</CUE_V2>\n`
    const entry =
      '<ENTRY><LOCATION DIR="/:" FILE="x.wav" VOLUME="C:"></LOCATION><TEMPO BPM="120.500000"></TEMPO>' +
      `${mark('50.5', '120.000000')}${mark('2050.5', '121.000000')}` +
      '<CUE_V2 NAME="n.n." TYPE="0" START="50.5" LEN="0" HOTCUE="0" COLOR="#FFFFFF"></CUE_V2></ENTRY>'
    const {tracks} = await importNml(`<NML VERSION="20"><COLLECTION ENTRIES="1">${entry}</COLLECTION></NML>`)
    expect(tracks[0]?.tempoBpm).toBe(120.5)
    expect(tracks[0]?.beatGrid).toEqual([
      {positionMs: 50.5, tempoBpm: 120, beatInBar: 1},
      {positionMs: 2050.5, tempoBpm: 121, beatInBar: 1},
    ])
    expect(tracks[0]?.cues).toMatchObject([{kind: 'hot', slot: 0, positionMs: 50.5, colorRgb: 0xffffff}])
  })
})
