// What was played comes in from every program's own files, once each, joined to the library's tracks.
import {copyFileSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import Sqlite from 'better-sqlite3'
import {describe, expect, it} from 'vitest'
import {importHistory} from '../../../src/app/history/import-history.js'
import {playsOfLists} from '../../../src/app/history/played-list.js'
import type {Environment} from '../../../src/core/environment.js'
import {EMPTY_TAGS, type TrackId} from '../../../src/core/track.js'
import {setsFromPlays} from '../../../src/mixing/history.js'
import type {Library} from '../../../src/store/library.js'
import {NOW_MS, openTemporary, temporaryFolder} from '../../store/sample-library.js'
import {SHARED} from '../../support/crate.js'
import {itWithShared} from '../../support/tools.js'

const ENVIRONMENT: Environment = {
  libraryFolder: '/nowhere',
  configFile: '/nowhere/config.yaml',
  dataFolder: '/nowhere',
  installedPlugins: [],
  over: new AbortController().signal,
  signal: new AbortController().signal,
  reporter: {
    debug() {},
    info() {},
    warn() {},
    task: () => ({update() {}, setTotal() {}, finish() {}}),
  },
  nowMs: () => NOW_MS,
}

function addTrack(library: Library, path: string, artist: string, title: string): TrackId {
  const file = {
    path,
    sizeBytes: 1,
    modifiedAtMs: 1,
    format: 'mp3' as const,
    durationMs: 300_000,
    sampleRateHz: 44_100,
    channels: 2,
    bitDepth: null,
    bitRateKbps: 320,
    mp3HeaderCase: null,
  }
  return library.tracks.add({file, audioHash: null, tags: {...EMPTY_TAGS, artist, title}})
}

/** Two tracks under a folder that another machine calls otherwise. */
function libraryOfTwo() {
  const library = openTemporary()
  const one = addTrack(library, '/music/One.mp3', 'Asha', 'One')
  const two = addTrack(library, '/music/Zwei ä.mp3', 'Börje', 'Zwei')
  return {library, one, two}
}

const REKORDBOX = `<?xml version="1.0" encoding="UTF-8"?>
<DJ_PLAYLISTS Version="1.0.0"><PRODUCT Name="rekordbox" Version="6.6.1" Company="AlphaTheta"/>
<COLLECTION Entries="2">
<TRACK TrackID="7" Name="One" Artist="Asha" TotalTime="300" Location="file://localhost/music/One.mp3"/>
<TRACK TrackID="9" Name="Zwei" Artist="Börje" TotalTime="240" Location="file://localhost/music/Zwei%20%C3%A4.mp3"/>
</COLLECTION>
<PLAYLISTS><NODE Type="0" Name="ROOT" Count="3">
<NODE Name="Best of" Type="1" KeyType="0" Entries="1"><TRACK Key="7"/></NODE>
<NODE Name="Histories" Type="0" Count="2">
<NODE Name="HISTORY 2023-05-12" Type="1" KeyType="0" Entries="2"><TRACK Key="9"/><TRACK Key="7"/></NODE>
<NODE Name="HISTORY 2023-05-12 (1)" Type="1" KeyType="0" Entries="1"><TRACK Key="7"/></NODE>
</NODE>
<NODE Name="Friday at the Tresor" Type="1" KeyType="1" Entries="1"><TRACK Key="file://localhost/music/One.mp3"/></NODE>
</NODE></PLAYLISTS></DJ_PLAYLISTS>`

describe('import history rekordbox', () => {
  it('takes the lists that are histories, on their day and in their order, and nothing twice', async () => {
    const {library, one, two} = libraryOfTwo()
    const path = join(temporaryFolder(), 'rekordbox.xml')
    writeFileSync(path, REKORDBOX)
    const request = {source: 'rekordbox' as const, path, mappings: [], playlists: []}
    expect(await importHistory(ENVIRONMENT, library, request)).toMatchObject({
      sessions: 2,
      plays: 3,
      added: 3,
      joined: 3,
    })
    expect((await importHistory(ENVIRONMENT, library, request)).added).toBe(0)
    const plays = library.plays.list()
    expect(plays.map(({trackId}) => trackId)).toEqual([two, one, one])
    expect(plays.map(({atMs}) => new Date(atMs).toDateString())[0]).toBe('Fri May 12 2023')
    const sets = setsFromPlays(plays.map(({trackId, atMs}) => ({id: `${trackId}`, startedAtMs: atMs, playedMs: null})))
    expect(sets).toEqual([[two, one], [one]])
  })

  it('takes any list that is named, and says which lists there are where none is a history', async () => {
    const {library, one} = libraryOfTwo()
    const path = join(temporaryFolder(), 'rekordbox.xml')
    writeFileSync(path, REKORDBOX.replaceAll(/HISTORY [^"]*|Histories/g, 'Mine'))
    const request = {source: 'rekordbox' as const, path, mappings: [], playlists: []}
    await expect(importHistory(ENVIRONMENT, library, request)).rejects.toMatchObject({
      code: 'PLAYLIST_NOT_FOUND',
      hints: expect.arrayContaining([expect.stringContaining('Friday at the Tresor')]),
    })
    const named = {...request, playlists: ['friday at the tresor']}
    expect(await importHistory(ENVIRONMENT, library, named)).toMatchObject({sessions: 1, plays: 1, joined: 1})
    expect(library.plays.list()[0]?.trackId).toBe(one)
  })

  it('reads a folder of histories exported as text, in UTF-16 as Rekordbox writes it, and as M3U8', async () => {
    const {library, one, two} = libraryOfTwo()
    const folder = temporaryFolder()
    const text =
      '#\tArtwork\tTrack Title\tArtist\tBPM\tTime\r\n1\t\tZwei\tBörje\t126.00\t04:00\r\n2\t\tOne\tAsha\t125.00\t05:00\r\n'
    writeFileSync(join(folder, 'HISTORY 2022-01-01.txt'), Buffer.from(`\uFEFF${text}`, 'utf16le'))
    writeFileSync(join(folder, 'HISTORY 2022-01-02.m3u8'), '#EXTM3U\n#EXTINF:300,Asha - One\n/music/One.mp3\n')
    writeFileSync(join(folder, 'HISTORY 2022-01-03.txt'), 'shopping: bread\n')
    const report = await importHistory(ENVIRONMENT, library, {
      source: 'rekordbox',
      path: folder,
      mappings: [],
      playlists: [],
    })
    expect(report).toMatchObject({sessions: 2, added: 3, joined: 3})
    expect(report.failures).toMatchObject([{code: 'FORMAT_INVALID'}])
    expect(library.plays.list().map(({trackId}) => trackId)).toEqual([two, one, one])
  })

  itWithShared('formats/rekordbox-xml')('reads sets out of a real collection of 2,018 tracks', async () => {
    const library = openTemporary()
    const path = join(SHARED, 'formats/rekordbox-xml/conrad-rb6.6.1-2018tracks.xml')
    const request = {source: 'rekordbox' as const, path, mappings: [], playlists: ['dnb 2']}
    // The file says Entries="556" of it; another of that name is empty.
    expect(await importHistory(ENVIRONMENT, library, request)).toMatchObject({sessions: 1, plays: 556, joined: 0})
  })
})

describe('import history playlists', () => {
  it('takes the lists below a folder of the library as sets, a day each where they name none', async () => {
    const {library, one, two} = libraryOfTwo()
    const folder = library.playlists.create({kind: 'folder', name: 'History', parentId: null})
    for (const [name, tracks] of [
      ['HISTORY 001', [one, two]],
      ['HISTORY 002', [two]],
    ] as const) {
      const id = library.playlists.create({kind: 'list', name, parentId: folder})
      library.playlists.addTracks(id, [...tracks])
    }
    const request = {source: 'playlists' as const, path: 'History', mappings: [], playlists: []}
    expect(await importHistory(ENVIRONMENT, library, request)).toMatchObject({sessions: 2, added: 3})
    const later = {...ENVIRONMENT, nowMs: () => NOW_MS + 7 * 86_400_000}
    expect((await importHistory(later, library, request)).added).toBe(0)
    const plays = library.plays.list()
    expect(plays.map(({trackId}) => trackId)).toEqual([one, two, two])
    expect(Math.max(...plays.map(({atMs}) => atMs))).toBeLessThan(NOW_MS + 86_400_000)
  })
})

describe('import history serato', () => {
  itWithShared('live/serato-sessions')('reads the real sessions of Serato 2.4 and 2.5 once', async () => {
    const library = openTemporary()
    const folder = join(temporaryFolder(), '_Serato_', 'History', 'Sessions')
    mkdirSync(folder, {recursive: true})
    const names = readdirSync(join(SHARED, 'live/serato-sessions')).filter((name) => name.endsWith('.session'))
    for (const name of names) copyFileSync(join(SHARED, 'live/serato-sessions', name), join(folder, name))
    const request = {source: 'serato' as const, path: join(folder, '../../..'), mappings: [], playlists: []}
    const report = await importHistory(ENVIRONMENT, library, request)
    expect(report.failures).toEqual([])
    expect(report.plays).toBeGreaterThan(40)
    expect(report.added).toBe(report.plays)
    expect((await importHistory(ENVIRONMENT, library, request)).added).toBe(0)
  })

  it('reads the database of Serato 4 with the places of its drives, and of a version without them', async () => {
    const {library, one, two} = libraryOfTwo()
    const folder = temporaryFolder()
    const path = join(folder, 'master.sqlite')
    const db = new Sqlite(path)
    db.exec(`
      CREATE TABLE history_session (id INTEGER PRIMARY KEY, name TEXT, start_time INTEGER, end_time INTEGER);
      CREATE TABLE history_entry (id INTEGER PRIMARY KEY, session_id INTEGER, name TEXT, artist TEXT, file_name TEXT,
        portable_id TEXT, location_id INTEGER, start_time INTEGER, end_time INTEGER, deck TEXT, played INTEGER);
      CREATE TABLE location_connections (location_id INTEGER, database_uri TEXT);
      INSERT INTO location_connections VALUES (1, '/Users/dj/Library/Application Support/Serato/Library/root.sqlite'),
        (2, '/Volumes/Stick/_Serato_/Library/location.sqlite');
      INSERT INTO history_entry VALUES
        (1, 5, '', '', 'One.mp3', 'music/One.mp3', 1, 1700000000, 1700000200, '1', 1),
        (2, 5, NULL, NULL, 'x', 'Tunes/Zwei ä.mp3', 2, 1700000190, -1, '2', 1),
        (3, 5, 'Only loaded', 'Nobody', 'y', 'y.mp3', 1, 1700000300, -1, '1', 0);`)
    db.close()
    const request = {source: 'serato' as const, path: folder, mappings: ['/Volumes/Stick/Tunes=/music'], playlists: []}
    expect(await importHistory(ENVIRONMENT, library, request)).toMatchObject({plays: 2, joined: 2})
    expect(library.plays.list()).toMatchObject([
      {trackId: one, atMs: 1_700_000_000_000, durationMs: 200_000, deck: 1},
      {trackId: two, durationMs: null, deck: 2},
    ])

    const old = openTemporary()
    addTrack(old, '/elsewhere.mp3', 'Asha', 'One')
    const early = new Sqlite(join(temporaryFolder(), 'master.sqlite'))
    early.exec(`CREATE TABLE history_entry (id INTEGER PRIMARY KEY, session_id INTEGER, name TEXT, artist TEXT,
      start_time INTEGER, deck TEXT); INSERT INTO history_entry VALUES (1, 1, 'One', 'Asha', 1700000000, '1');`)
    early.close()
    const named = {...request, path: early.name, mappings: []}
    expect(await importHistory(ENVIRONMENT, old, named)).toMatchObject({plays: 1, joined: 1})
  })
})

describe('playsOfLists', () => {
  const tracks = (count: number) =>
    Array.from({length: count}, (_, n) => ({artist: null, title: `${n}`, path: null, durationMs: 300_000}))

  it('never lets two sets of a day run into each other', () => {
    const day = {year: 2024, month: 2, day: 29}
    const plays = playsOfLists(
      [
        {session: 'a', day, tracks: tracks(50)},
        {session: 'b', day, tracks: tracks(3)},
      ],
      0,
      new Map(),
    )
    const [endOfA, startOfB] = [plays[49]?.atMs ?? 0, plays[50]?.atMs ?? 0]
    expect(startOfB - endOfA).toBeGreaterThan(3 * 3_600_000)
  })
})

describe('import history traktor and mixxx', () => {
  it('says what is missing where a folder holds no history', async () => {
    const {library} = libraryOfTwo()
    for (const source of ['traktor', 'mixxx', 'serato', 'rekordbox'] as const)
      await expect(
        importHistory(ENVIRONMENT, library, {source, path: temporaryFolder(), mappings: [], playlists: []}),
      ).rejects.toMatchObject({code: 'FILE_NOT_FOUND'})
  })

  it('reads the nights of Mixxx, which are hidden playlists', async () => {
    const {library, one} = libraryOfTwo()
    const path = join(temporaryFolder(), 'mixxxdb.sqlite')
    const db = new Sqlite(path)
    db.exec(`
      CREATE TABLE Playlists (id INTEGER PRIMARY KEY, name TEXT, hidden INTEGER);
      CREATE TABLE PlaylistTracks (id INTEGER PRIMARY KEY, playlist_id INTEGER, track_id INTEGER, position INTEGER,
        pl_datetime_added TEXT);
      CREATE TABLE library (id INTEGER PRIMARY KEY, artist TEXT, title TEXT, location INTEGER);
      CREATE TABLE track_locations (id INTEGER PRIMARY KEY, location TEXT);
      INSERT INTO Playlists VALUES (1, 'mine', 0), (2, '2024-01-01', 2);
      INSERT INTO track_locations VALUES (4, '/music/One.mp3');
      INSERT INTO library VALUES (8, 'Asha', 'One', 4);
      INSERT INTO PlaylistTracks VALUES (1, 1, 8, 1, '2024-01-01 20:00:00'), (2, 2, 8, 1, '2024-01-01 21:00:00');`)
    db.close()
    const report = await importHistory(ENVIRONMENT, library, {source: 'mixxx', path, mappings: [], playlists: []})
    expect(report).toMatchObject({plays: 1, joined: 1})
    expect(library.plays.list()).toMatchObject([{trackId: one, atMs: Date.UTC(2024, 0, 1, 21)}])
  })
})
