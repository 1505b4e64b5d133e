// What the exporter promises beyond the round trip: safe grids, warnings by track, options, and unknown things kept.
import {describe, expect, it} from 'vitest'
import {syntheticTrack} from '../../../bench/formats/synthetic-tracks.js'
import {createRekordboxExporter} from '../../../exporters/rekordbox/exporter.js'
import {importer} from '../../../exporters/rekordbox/importer.js'
import {coverFirstCue} from '../../../exporters/rekordbox/marks.js'
import {beatsOfGrid} from '../../../src/core/beat-grid.js'
import type {Cue} from '../../../src/core/cue.js'
import type {Track} from '../../../src/core/track.js'
import {libraryOf, libraryOfImport, runExport, runImport} from '../harness.js'

const exporter = createRekordboxExporter(() => true)

function trackWith(change: Partial<Track>): Track {
  const plain = syntheticTrack(1)
  return {...plain, file: {...plain.file, path: '/Users/dj/x.wav', format: 'wav'}, cues: [], beatGrid: [], ...change}
}

function hot(slot: number, positionMs: number, lengthMs: number | null = null): Cue {
  return {kind: 'hot', slot, positionMs, lengthMs, name: '', colorRgb: null, origin: 'user'}
}

async function xmlOf(track: Track, options = {}, shiftsPositions = true): Promise<string> {
  return (await runExport(exporter, libraryOf([track]), {options, shiftsPositions})).files.get('') ?? ''
}

function marksIn(xml: string): string[] {
  return [...xml.matchAll(/<POSITION_MARK[^>]*>/g)].map(([mark]) => mark.replace(/\s+/g, ' '))
}

function temposIn(xml: string): string[] {
  return [...xml.matchAll(/<TEMPO Inizio="([^"]*)" Bpm="([^"]*)" Metro="[^"]*" Battito="([^"]*)"/g)].map((match) =>
    match.slice(1).join(' '),
  )
}

describe('coverFirstCue', () => {
  it.each([
    ['stands before it already', [{positionMs: 100, tempoBpm: 120, beatInBar: 1}], 100, [[100, 1]]],
    ['moves back by whole beats', [{positionMs: 10_100, tempoBpm: 120, beatInBar: 1}], 1200, [[1100, 3]]],
    [
      'leads in from 0',
      [{positionMs: 300, tempoBpm: 120, beatInBar: 1}],
      10,
      [
        [0, 4],
        [300, 1],
      ],
    ],
    ['moves forward from before the file', [{positionMs: -700, tempoBpm: 120, beatInBar: 1}], null, [[300, 3]]],
    ['counts bars of three', [{positionMs: 1000, tempoBpm: 60, beatInBar: 1, beatsPerBar: 3}], 0, [[0, 3]]],
    ['is nothing for nothing', [], 5, []],
  ])('%s', (_name, grid, firstCueMs, expected) => {
    const covered = coverFirstCue(grid, firstCueMs)
    expect(covered.map(({positionMs, beatInBar}) => [Math.round(positionMs), beatInBar])).toEqual(expected)
  })

  it('keeps every beat where it was', () => {
    const grid = [
      {positionMs: 8_123, tempoBpm: 127.5, beatInBar: 3},
      {positionMs: 60_000, tempoBpm: 129, beatInBar: 1},
    ]
    const beats = (markers: typeof grid) =>
      beatsOfGrid(markers, 90_000).map(({positionMs, beatInBar}) => [Math.round(positionMs), beatInBar])
    expect(beats([...coverFirstCue(grid, 2000)] as typeof grid)).toEqual(beats(grid))
  })
})

describe('grids', () => {
  it('begin at or before the first cue', async () => {
    const beatGrid = [{positionMs: 20_000, tempoBpm: 120, beatInBar: 1}]
    const xml = await xmlOf(trackWith({beatGrid, gridOrigin: 'user', cues: [hot(0, 1000)]}))
    expect(temposIn(xml)).toEqual(['1.000 120.00 3'])
  })

  it('are made of the tempo alone where there is no more', async () => {
    expect(temposIn(await xmlOf(trackWith({tempoBpm: 124, cues: [hot(0, 2500)]})))).toEqual(['2.500 124.00 1'])
  })

  it('of Rekordbox itself are left as they are', async () => {
    const beatGrid = [{positionMs: 20_000, tempoBpm: 120, beatInBar: 1}]
    const cue = hot(0, 1000)
    const withCue = (origin: Cue['origin']) =>
      xmlOf(trackWith({beatGrid, gridOrigin: 'import:rekordbox', cues: [{...cue, origin}]}))
    expect(temposIn(await withCue('import:rekordbox'))).toEqual(['20.000 120.00 1'])
    // A cue that came from elsewhere would stand before the grid, which CDJs answer with an emergency loop.
    expect(temposIn(await withCue('user'))).toEqual(['1.000 120.00 3'])
  })
})

describe('marks', () => {
  it('get memory twins where they are asked for, once', async () => {
    const memory: Cue = {...hot(0, 5000), kind: 'memory', slot: null}
    const track = trackWith({cues: [hot(0, 1000), hot(1, 5000, 2000), memory]})
    const nums = (xml: string) =>
      marksIn(xml).map((mark) => /Start="([^"]*)".*Num="([^"]*)"/.exec(mark)?.slice(1).join(' '))
    expect(nums(await xmlOf(track))).toEqual(['1.000 0', '5.000 1', '5.000 -1'])
    expect(nums(await xmlOf(track, {twins: 'memory'}))).toEqual(['1.000 0', '1.000 -1', '5.000 1', '5.000 -1'])
  })

  it('never have an end without a length', async () => {
    expect(marksIn(await xmlOf(trackWith({cues: [hot(0, 1000, 0.2)]})))).toEqual([
      '<POSITION_MARK Name="" Type="0" Start="1.000" Num="0"/>',
    ])
  })

  it('above the eighth pad become memory cues, with a warning', async () => {
    const {files, warnings} = await runExport(exporter, libraryOf([trackWith({cues: [hot(7, 1), hot(8, 2)]})]))
    expect(marksIn(files.get('') ?? '').map((mark) => /Num="([^"]*)"/.exec(mark)?.[1])).toEqual(['7', '-1'])
    expect(warnings.length).toBe(1)
  })

  it('do not begin before the file', async () => {
    expect(marksIn(await xmlOf(trackWith({cues: [hot(0, -20, 1020)]})))).toEqual([
      '<POSITION_MARK Name="" Type="4" Start="0.000" End="1.000" Num="0"/>',
    ])
  })

  it('stand in Rekordbox’s time, unless that is switched off', async () => {
    const file = {
      ...syntheticTrack(0).file,
      path: '/x.mp3',
      format: 'mp3',
      mp3HeaderCase: 'lame',
      sampleRateHz: 44_100,
    } as const
    const track = trackWith({file, cues: [hot(0, 1000)]})
    expect(marksIn(await xmlOf(track))[0]).toContain('Start="1.051"')
    expect(marksIn(await xmlOf(track, {}, false))[0]).toContain('Start="1.000"')
  })

  it('that came from Rekordbox while the file was away are not moved when it is back', async () => {
    const mark = '<POSITION_MARK Name="" Type="0" Start="1.000" Num="0"/>'
    const text = `<DJ_PLAYLISTS><COLLECTION><TRACK TrackID="7" Location="file://localhost/m/x.mp3">${mark}</TRACK></COLLECTION></DJ_PLAYLISTS>`
    const [imported] = (await runImport(importer, {'': text})).tracks
    const file = {...syntheticTrack(0).file, path: '/m/x.mp3', format: 'mp3', mp3HeaderCase: 'lame'} as const
    const xml = await xmlOf(trackWith({...imported, file}))
    expect(marksIn(xml)).toEqual([mark])
  })
})

describe('warnings', () => {
  it.each([
    [`/Users/dj/${'x'.repeat(250)}.wav`, /255/],
    ['/Users/dj/x.ogg', /\.ogg/],
    ['/Users/dj/x.txt', /\.txt/],
  ])('of %.40s', async (path, message) => {
    const track = trackWith({file: {...syntheticTrack(1).file, path}})
    const {warnings} = await runExport(exporter, libraryOf([track]))
    expect(warnings).toEqual([{kind: 'warning', subject: path, message: expect.stringMatching(message)}])
  })

  it('tell of a name that is stored decomposed where only composed names are found', async () => {
    const path = '/media/usb/Beyonce\u0301.wav'
    const decomposed = createRekordboxExporter((candidate) => candidate === path)
    const track = trackWith({file: {...syntheticTrack(1).file, path}})
    const {warnings} = await runExport(decomposed, libraryOf([track]))
    expect(warnings).toEqual([{kind: 'warning', subject: path, message: expect.stringMatching(/NFD/)}])
  })

  it('tell of files that are not there, unless switched off', async () => {
    const away = createRekordboxExporter(() => false)
    expect((await runExport(away, libraryOf([trackWith({})]))).warnings.length).toBe(1)
    expect((await runExport(away, libraryOf([trackWith({})]), {options: {missing: 'ignore'}})).warnings).toEqual([])
  })

  it('come with a date that Rekordbox would be damaged by, which is left out', async () => {
    const {files, warnings} = await runExport(exporter, libraryOf([trackWith({addedAt: '2021-13-45'})]))
    expect(files.get('')).toContain('DateAdded=""')
    expect(warnings.length).toBe(1)
  })
})

describe('options', () => {
  it.each([
    ['musical', 'Ebm'],
    ['camelot', '2A'],
    ['open-key', '7m'],
  ])('key=%s', async (key, expected) => {
    const track = trackWith({key: {tonic: 'D#', mode: 'minor'}})
    expect(await xmlOf(track, {key})).toContain(`Tonality="${expected}"`)
  })

  it('that do not exist are refused with their choices', async () => {
    await expect(xmlOf(trackWith({}), {key: 'german'})).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('camelot'),
    })
  })
})

describe('what crate does not know', () => {
  const text = `<DJ_PLAYLISTS><COLLECTION><TRACK TrackID="42" Name="x" Kind="Mp3-Datei " Rating="196" Tonality="2A" Colour="0xFF007F" DateModified="2020-01-01" NewThing="&lt;1&gt;" Location="file:///m/%C3%A9.mp3"><FUTURE a="1"><PART b="2"/></FUTURE><TEMPO Inizio="0.1" Bpm="120.00" Metro="6/8" Battito="1"/><POSITION_MARK Name="" Type="0" Start="1.000" Num="0" Shape="star"/><POSITION_MARK Name="" Type="7" Start="2.000" Num="-1"/></TRACK></COLLECTION><PLAYLISTS><NODE Type="0" Name="ROOT" Count="1"><NODE Name="L" Type="1" KeyType="0" Entries="1" Icon="9"><TRACK Key="42"/></NODE></NODE></PLAYLISTS></DJ_PLAYLISTS>`

  it('goes through the library and comes out again', async () => {
    const library = libraryOfImport(await runImport(importer, {'': text}))
    const xml = (await runExport(exporter, library)).files.get('')?.replace(/\s+/g, ' ') ?? ''
    for (const kept of [
      'TrackID="42"',
      'Kind="Mp3-Datei "',
      'Rating="196"',
      'Tonality="2A"',
      'Colour="0xFF007F"',
      'DateModified="2020-01-01"',
      'NewThing="&lt;1&gt;"',
      'Location="file:///m/%C3%A9.mp3"',
      '<FUTURE a="1"> <PART b="2"/> </FUTURE>',
      'Metro="6/8"',
      'Shape="star"',
      'Type="7"',
      'Icon="9"',
    ])
      expect(xml).toContain(kept)
  })

  it('gives way where the person has changed it in crate', async () => {
    const imported = await runImport(importer, {'': text})
    const [track] = imported.tracks
    if (track === undefined) throw new Error('no track')
    const changed = {...track, ratingStars: 5, key: {tonic: 'C', mode: 'major'}, cues: [hot(1, 3000)]} as const
    const {files} = await runExport(exporter, libraryOfImport({...imported, tracks: [changed]}))
    const xml = files.get('') ?? ''
    expect(xml).toContain('Rating="255"')
    expect(xml).toContain('Tonality="C"')
    expect(marksIn(xml)).toEqual(['<POSITION_MARK Name="" Type="0" Start="3.000" Num="1"/>'])
  })
})
