// Engine's databases: real ones, every schema that Engine DJ made, blobs read by python3, and damage.
import {execFileSync} from 'node:child_process'
import {copyFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {syntheticLibrary} from '../../../bench/formats/synthetic-tracks.js'
import {exporter} from '../../../plugins/engine/src/exporter.js'
import {gridFromMarkers, markersFromGrid} from '../../../plugins/engine/src/grid.js'
import {importer} from '../../../plugins/engine/src/importer.js'
import {keyFromNumber, numberFromKey} from '../../../plugins/engine/src/key.js'
import {absolutePath, relativePath} from '../../../plugins/engine/src/paths.js'
import type {ImportedTrack} from '../../../src/api/format.js'
import {beatsOfGrid} from '../../../src/core/beat-grid.js'
import {isCrateError} from '../../../src/core/errors.js'
import type {Track} from '../../../src/core/track.js'
import {CORE_FUNCTIONS} from '../../../src/host/context.js'
import {libraryOf} from '../../exporters/harness.js'
import {cpuMs, mutations, truncations} from '../../exporters/hostile.js'
import {SHARED, temporaryFolder} from '../../support/crate.js'
import {itWithShared} from '../../support/tools.js'
import {exportTo, importFrom} from '../real-folder.js'

const REAL = join(SHARED, 'formats/engine')
const itWithReal = itWithShared('formats/engine')
const MODERN = [
  'desktop-2.0.0',
  'desktop-2.4.0',
  'desktop-3.0.0',
  'desktop-4.0.1',
  'desktop-4.3.4',
  'sc5000-firmware-2.0.0',
]

function sqlite(path: string, sql: string): string {
  return execFileSync('sqlite3', [path], {input: sql}).toString()
}

/** An empty library as the named program makes it. */
function emptyLibrary(program: string): {root: string; database: string} {
  const root = join(temporaryFolder(), 'Engine Library')
  mkdirSync(join(root, 'Database2'), {recursive: true})
  const database = join(root, 'Database2/m.db')
  sqlite(database, readFileSync(join(REAL, 'ref-sql', `${program}.m.db.sql`), 'utf8'))
  return {root, database}
}

/** The synthetic library with its files beside the database, in reach of a relative path. */
async function libraryBeside(root: string, count: number): Promise<Track[]> {
  const tracks: Track[] = []
  for await (const track of syntheticLibrary(count).tracks()) {
    const name = track.file.path.split(/[/\\]/).at(-1) ?? ''
    // Loops without a pad would take the free ones.
    const cues = track.cues.filter(({slot, lengthMs}) => slot !== null || lengthMs === null)
    tracks.push({...track, cues, file: {...track.file, path: join(root, '..', 'Music', `${tracks.length}`, name)}})
  }
  return tracks
}

function essence({file, tags, ...track}: ImportedTrack | Track) {
  const {title, artist, album, genre, comment, label, composer, remixer, year, trackNumber} = tags
  return {
    path: file.path,
    tags: {title, artist, album, genre, comment, label, composer, remixer, year, trackNumber},
    key: track.key,
    tempoBpm: track.tempoBpm,
    ratingStars: track.ratingStars,
    addedAt: track.addedAt?.slice(0, 10) ?? null,
    lastPlayedAt: track.lastPlayedAt?.slice(0, 10) ?? null,
    pads: track.cues
      .filter(({slot}) => slot !== null)
      .map((cue) => [cue.slot, cue.positionMs.toFixed(3), cue.lengthMs?.toFixed(3) ?? null, cue.name, cue.colorRgb])
      .sort((a, b) => Number(a[0]) - Number(b[0])),
  }
}

describe('real libraries', () => {
  itWithReal('reads Engine Prime’s seven formats of one song', async () => {
    const {tracks, warnings} = await importFrom(importer, join(REAL, 'el1-schema1.6.0'))
    expect(warnings).toEqual([])
    expect(tracks.map(({file}) => file.format)).toEqual(['wav', 'aiff', 'mp3', 'flac', 'm4a', 'ogg', 'm4a'])
    // FORMATS §5, read with another reader: the main cue of one song in samples, per container.
    const mainSamples = tracks.map(({cues, file}) =>
      Math.round(((cues.find(({kind}) => kind === 'load')?.positionMs ?? 0) * (file.sampleRateHz ?? 0)) / 1000),
    )
    expect(mainSamples).toEqual([14_878, 14_878, 14_194, 14_878, 16_840, 14_617, 14_878])
    expect(tracks[2]).toMatchObject({
      tags: {
        title: 'Title',
        artist: 'Artist',
        album: 'Album',
        genre: 'Dance',
        comment: 'Comment',
        composer: 'Composer',
        year: 2017,
      },
      file: {path: join(REAL, '03-track-mp3-format.mp3'), bitRateKbps: 210, sampleRateHz: 44_100},
      // Key 11 is G♯ minor, 6m.
      key: {tonic: 'G#', mode: 'minor'},
      tempoBpm: 96,
    })
    for (const {beatGrid} of tracks) expect(beatGrid[0]?.tempoBpm).toBeCloseTo(96, 1)
  })

  itWithReal('reads the other one', async () => {
    const {tracks, warnings} = await importFrom(importer, join(REAL, 'el2-schema1.6.0'))
    expect(warnings).toEqual([])
    expect(tracks).toHaveLength(1)
    expect(tracks[0]?.cues.length).toBeGreaterThan(0)
  })
})

describe('the exporter', () => {
  for (const program of MODERN)
    itWithReal(
      `brings a library with every feature back through a database of ${program}, schema untouched`,
      async () => {
        const {root, database} = emptyLibrary(program)
        const schema = sqlite(database, 'SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2')
        const tracks = await libraryBeside(root, 60)
        const playlists = syntheticLibrary(60).playlists()
        await exportTo(exporter, libraryOf(tracks, playlists), root, join(root, '..', 'backups'))
        expect(sqlite(database, 'SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2')).toBe(schema)
        expect(sqlite(database, 'PRAGMA integrity_check; PRAGMA foreign_key_check;')).toBe('ok\n')
        const back = await importFrom(importer, root)
        expect(back.warnings).toEqual([])
        expect(back.tracks.map(essence)).toEqual(tracks.map(essence))
        for (const [index, {beatGrid, file}] of tracks.entries()) {
          const ours = beatsOfGrid(beatGrid, file.durationMs ?? 0)
          const theirs = beatsOfGrid(back.tracks[index]?.beatGrid ?? [], file.durationMs ?? 0)
          const nearest = (ms: number) => Math.min(...theirs.map(({positionMs}) => Math.abs(positionMs - ms)))
          const isPlain = beatGrid.length === 1 && beatGrid[0]?.beatsPerBar === undefined
          for (const {positionMs} of ours.filter((_, n) => n % 37 === 0)) expect(nearest(positionMs)).toBeLessThan(1)
          if (isPlain) expect(theirs[0]?.beatInBar).toBe(ours[0]?.beatInBar)
        }
        const top = back.playlists.map(({name}) => name)
        expect(top).toEqual(['Gigs & more', 'Empty', 'Twice', 'Fast'])
        const twice = back.playlists.find(({name}) => name === 'Twice')
        expect(twice?.kind === 'list' ? twice.tracks : null).toEqual(['1', '2'])
        const origin = sqlite(
          database,
          'SELECT count(*) FROM Track WHERE originTrackId = id AND originDatabaseUuid = (SELECT uuid FROM Information)',
        )
        expect(Number(origin)).toBe(60)
      },
    )

  itWithReal('writes again without doubling, and blobs that python3 reads by the documents', async () => {
    const {root, database} = emptyLibrary('desktop-4.3.4')
    const tracks = await libraryBeside(root, 20)
    const library = libraryOf(tracks, syntheticLibrary(20).playlists())
    for (let run = 0; run < 2; run++) await exportTo(exporter, library, root, join(root, '..', 'backups'))
    expect(
      sqlite(
        database,
        'SELECT count(*) FROM Track; SELECT count(*) FROM Playlist WHERE nextListId = 0 AND parentListId = 0;',
      ),
    ).toBe('20\n1\n')
    const script = `
import sqlite3, zlib, struct, json, sys
out = []
for (quick,) in sqlite3.connect(sys.argv[1]).execute('select quickCues from PerformanceData order by trackId'):
    if quick is None: out.append([]); continue
    b = zlib.decompress(quick[4:]); assert len(b) == struct.unpack('>I', quick[:4])[0]
    n, at, cues = struct.unpack('>q', b[:8])[0], 8, []
    for i in range(n):
        l = b[at]; name = b[at+1:at+1+l].decode(); at += 1 + l
        pos, a, r, g, bl = struct.unpack('>dBBBB', b[at:at+12]); at += 12
        if pos != -1: cues.append([i, '%.3f' % pos, name])
    assert at + 17 == len(b)
    out.append(cues)
print(json.dumps(out))`
    const read = JSON.parse(execFileSync('python3', ['-c', script, database]).toString())
    const expected = tracks.map(({cues, file}) =>
      cues
        .filter(({slot, lengthMs}) => slot !== null && lengthMs === null)
        .map(({slot, positionMs, name}) => [slot, ((positionMs * (file.sampleRateHz ?? 0)) / 1000).toFixed(3), name])
        .sort((a, b) => Number(a[0]) - Number(b[0])),
    )
    expect(read).toEqual(expected)
  })

  itWithReal('refuses Engine Prime’s, and a folder without a library', async () => {
    const root = temporaryFolder()
    await expect(exportTo(exporter, syntheticLibrary(1), root, join(root, 'b'))).rejects.toMatchObject({
      code: 'FORMAT_INVALID',
    })
    for (const name of ['m.db', 'p.db']) copyFileSync(join(REAL, 'el1-schema1.6.0', name), join(root, name))
    await expect(exportTo(exporter, syntheticLibrary(1), root, join(root, 'b'))).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
    })
    expect(readFileSync(join(root, 'm.db')).equals(readFileSync(join(REAL, 'el1-schema1.6.0/m.db')))).toBe(true)
  })
})

describe('keys', () => {
  it.each([
    [0, 'C', 'major'],
    [1, 'A', 'minor'],
    [2, 'G', 'major'],
    [9, 'C#', 'minor'],
    [16, 'G#', 'major'],
    [23, 'D', 'minor'],
  ] as const)('%i is %s %s', (number, tonic, mode) => {
    expect(keyFromNumber(number, CORE_FUNCTIONS)).toEqual({tonic, mode})
    expect(numberFromKey({tonic, mode}, CORE_FUNCTIONS)).toBe(number)
  })
})

describe('paths', () => {
  it.each([
    ['/home/dj/Engine Library', '../Music/a.mp3', '/home/dj/Music/a.mp3'],
    ['/home/dj/Engine Library', '../../../../../../etc/x.mp3', '/etc/x.mp3'],
    ['D:\\Engine Library', '../Music/a.mp3', 'D:\\Music\\a.mp3'],
  ])('%s, %s → %s', (folder, path, absolute) => {
    expect(absolutePath(folder, path)).toBe(absolute)
  })

  it('finds the way back, but not to another drive', () => {
    expect(relativePath('/home/dj/Engine Library', '/home/dj/Music/a.mp3')).toBe('../Music/a.mp3')
    expect(relativePath('D:\\Engine Library', 'd:\\Music\\a.mp3')).toBe('../Music/a.mp3')
    expect(relativePath('D:\\Engine Library', 'E:\\a.mp3')).toBeNull()
  })
})

describe('grids', () => {
  it('begin with the first beat that is heard, whatever the marker before the music says', () => {
    const markers = markersFromGrid([{positionMs: 100, tempoBpm: 120, beatInBar: 3}], 44_100, 60_000)
    expect(markers[0]).toEqual({sample: (100 - 2000) * 44.1, beat: -2})
    expect(gridFromMarkers(markers, 44_100)).toEqual([
      {positionMs: expect.closeTo(100, 6), tempoBpm: 120, beatInBar: 3},
    ])
  })

  it.each([
    [[]],
    [[{sample: 0, beat: 0}]],
    [
      [
        {sample: 0, beat: 0},
        {sample: 0, beat: 4},
      ],
    ],
    [
      [
        {sample: 0, beat: 4},
        {sample: 9e4, beat: 0},
      ],
    ],
  ])('make nothing of %j', (markers) => {
    expect(gridFromMarkers(markers, 44_100)).toEqual([])
  })
})

describe('hostile libraries', () => {
  itWithReal(
    'survives truncation at every 64th and 2,000 mutations of its databases and blobs',
    async () => {
      const root = temporaryFolder()
      const [main, performance] = ['m.db', 'p.db'].map((name) => readFileSync(join(REAL, 'el2-schema1.6.0', name)))
      if (main === undefined || performance === undefined) throw new Error('no files')
      const survive = async (m: Uint8Array, p: Uint8Array) => {
        writeFileSync(join(root, 'm.db'), m)
        writeFileSync(join(root, 'p.db'), p)
        const startedAt = cpuMs()
        try {
          const {tracks} = await importFrom(importer, root)
          for (const {cues, beatGrid} of tracks)
            for (const {positionMs} of [...cues, ...beatGrid]) expect(Number.isFinite(positionMs)).toBe(true)
        } catch (error) {
          if (!isCrateError(error)) throw error
          expect(error.code).toMatch(/^FORMAT_/)
        }
        expect(cpuMs() - startedAt).toBeLessThan(5000)
      }
      for (const cut of truncations(main)) await survive(cut, performance)
      for (const cut of truncations(performance)) await survive(main, cut)
      let ran = 0
      const others = mutations(performance, 1000, 5)
      for (const mutation of mutations(main, 1000)) {
        await survive(mutation, performance)
        await survive(main, others.next().value ?? performance)
        ran += 2
      }
      expect(ran).toBe(2000)
    },
    600_000,
  )
})
