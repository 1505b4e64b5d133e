// VirtualDJ's database: laid out after VDJPedia by hand, round trips, what must stay, and files made to hurt.
import {execFileSync} from 'node:child_process'
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {syntheticLibrary} from '../../../bench/formats/synthetic-tracks.js'
import {exporter} from '../../../plugins/virtualdj/src/exporter.js'
import {importer} from '../../../plugins/virtualdj/src/importer.js'
import type {ImportedTrack} from '../../../src/api/format.js'
import {isCrateError} from '../../../src/core/errors.js'
import type {Track} from '../../../src/core/track.js'
import {libraryOfImport, runImport} from '../../exporters/harness.js'
import {cpuMs, mutations, truncations} from '../../exporters/hostile.js'
import {temporaryFolder} from '../../support/crate.js'
import {itWith} from '../../support/tools.js'
import {exportTo, importFrom} from '../real-folder.js'

const DATABASE = `<?xml version="1.0" encoding="UTF-8"?>\r
<VirtualDJ_Database Version="2024">\r
 <Song FilePath="D:\\Music\\A &amp; B – Été.mp3" FileSize="12345" Unknown="kept">\r
  <Tags Author="A &amp; B" Title="Été" Genre="House" Year="2019" Bpm="0.521739" Key="F#m" Stars="4" Flag="1" />\r
  <Infos SongLength="300.5" FirstSeen="1546300800" LastPlay="1577836800" PlayCount="3" Bitrate="320" Cover="1" UserColor="4294901760" />\r
  <Comment>peak &lt;time&gt;</Comment>\r
  <Scan Version="801" Bpm="0.521739" AltBpm="0.4" Volume="0.9" Key="F#m" Phase="0.125" />\r
  <Poi Name="Drop" Pos="60.25" Num="1" Color="4278255360" />\r
  <Poi Pos="90.000000" Type="loop" Size="4" Num="2" Slot="2" />\r
  <Poi Pos="290.0" Type="automix" Point="realEnd" />\r
 </Song>\r
 <Song FilePath="D:\\Music\\other.mp3"><Infos PlayCount="9" /></Song>\r
 <Song FilePath="td://12345" />\r
</VirtualDJ_Database>\r
`

function essence({file, tags, ...track}: ImportedTrack | Track) {
  const {title, artist, album, genre, comment, label, composer, mix, year, trackNumber} = tags
  const near = (ms: number) => Math.round(ms * 20) / 20
  return {
    path: file.path,
    tags: {title, artist, album, genre, comment, label, composer, mix, year, trackNumber},
    key: track.key,
    tempoBpm: track.tempoBpm?.toFixed(2) ?? null,
    ratingStars: track.ratingStars,
    colorRgb: track.colorRgb,
    playCount: track.playCount,
    addedAt: track.addedAt?.slice(0, 10) ?? null,
    lastPlayedAt: track.lastPlayedAt?.slice(0, 10) ?? null,
    cues: track.cues
      .map((cue) => [
        cue.kind,
        cue.slot,
        cue.positionMs,
        cue.lengthMs === null || track.tempoBpm === null ? null : near(cue.lengthMs),
        cue.name,
        cue.colorRgb,
      ])
      .sort((a, b) => Number(a[1]) - Number(b[1])),
    grid: track.beatGrid.map(({positionMs, tempoBpm}) => [positionMs, tempoBpm.toFixed(2)]),
  }
}

describe('the importer', () => {
  it('reads seconds per beat, loops in beats, colours and dates', async () => {
    const {tracks, warnings} = await runImport(importer, {'database.xml': DATABASE})
    expect(warnings).toHaveLength(1)
    expect(tracks).toHaveLength(2)
    const cue = {kind: 'hot', slot: 0, positionMs: 60_250, lengthMs: null, name: 'Drop', colorRgb: 0x00ff00}
    expect(tracks[0]).toMatchObject({
      file: {
        path: 'D:\\Music\\A & B – Été.mp3',
        format: 'mp3',
        sizeBytes: 12_345,
        durationMs: 300_500,
        bitRateKbps: 320,
      },
      tags: {artist: 'A & B', title: 'Été', comment: 'peak <time>', year: 2019},
      // 60 / 0.521739 s per beat
      tempoBpm: 115,
      key: {tonic: 'F#', mode: 'minor'},
      beatGrid: [{positionMs: 125, tempoBpm: 115, beatInBar: 1}],
      ratingStars: 4,
      colorRgb: 0xff0000,
      playCount: 3,
      addedAt: '2019-01-01T00:00:00.000Z',
      lastPlayedAt: '2020-01-01T00:00:00.000Z',
      cues: [cue, {slot: 1, positionMs: 90_000, lengthMs: 2086.957}],
    })
  })
})

describe('lists', () => {
  it('find songs whose path they write in another case, with other slashes or accents in parts', async () => {
    const list = (path: string) => `<VirtualFolder><song path="${path}" idx="0"/></VirtualFolder>`
    const {playlists} = await runImport(importer, {
      'database.xml': DATABASE.replace('Phase="0.125"', 'Phase="1.25e-1"'),
      'My Lists/a.vdjfolder': list('d:/music/a &amp; b – été.MP3'),
      'My Lists/b.vdjfolder': list('D:\\Music\\A &amp; B – Été.mp3'.normalize('NFD')),
      'My Lists/c.m3u': 'D:\\MUSIC\\OTHER.mp3\r\nD:\\Music\\nowhere.mp3\r\n',
    })
    expect(playlists).toMatchObject([
      {name: 'a', tracks: ['D:\\Music\\A & B – Été.mp3']},
      {name: 'b', tracks: ['D:\\Music\\A & B – Été.mp3']},
      {name: 'c', tracks: ['D:\\Music\\other.mp3']},
    ])
  })
})

describe('the exporter', () => {
  itWith('xmllint')('brings a library with every feature back, but for what is declared', async () => {
    const root = temporaryFolder()
    const library = syntheticLibrary(300)
    await exportTo(exporter, library, root, join(root, 'backups'))
    execFileSync('xmllint', ['--noout', join(root, 'database.xml')])
    const back = await importFrom(importer, root)
    const sent: Track[] = []
    for await (const track of library.tracks()) sent.push(track)
    const expected = sent.map((track) =>
      essence({
        ...track,
        cues: track.cues.filter(({slot}) => slot !== null).map((cue) => ({...cue, kind: 'hot' as const})),
      }),
    )
    expect(back.tracks.map(essence)).toEqual(expected)
    const paths = readdirSync(root, {recursive: true, encoding: 'utf8'}).filter((name) => name.endsWith('.vdjfolder'))
    expect(paths.length).toBeGreaterThan(3)
    for (const path of paths) execFileSync('xmllint', ['--noout', join(root, path)])
    const folder = back.playlists.find(({name}) => name === 'Gigs & more')
    expect(folder?.kind).toBe('folder')
    const twice = back.playlists.find(({name}) => name === 'Twice')
    expect(twice?.kind === 'list' ? twice.tracks.length : null).toBe(3)
  })

  it('keeps what it does not know, and other songs byte for byte', async () => {
    const root = temporaryFolder()
    mkdirSync(join(root, 'My Lists'))
    writeFileSync(join(root, 'database.xml'), DATABASE)
    const before = await importFrom(importer, root)
    const one = libraryOfImport({...before, tracks: before.tracks.slice(0, 1)})
    const {backup} = await exportTo(exporter, one, root, join(root, 'backups'))
    expect(backup).not.toBeNull()
    const after = await importFrom(importer, root)
    expect(after.tracks.map(essence)).toEqual(before.tracks.map(essence))
    const xml = readFileSync(join(root, 'database.xml'), 'utf8')
    for (const kept of [
      'Unknown="kept"',
      'Flag="1"',
      'AltBpm="0.4"',
      '<Poi Pos="290.0" Type="automix" Point="realEnd" />',
      ' <Song FilePath="D:\\Music\\other.mp3"><Infos PlayCount="9" /></Song>\r\n',
      '<Song FilePath="td://12345" />',
    ])
      expect(xml).toContain(kept)
  })

  it('gives no star to a track that was judged to be worth none, and leaves alone one that was not judged', async () => {
    for (const [ratingStars, stars] of [
      [0, null],
      [null, '4'],
      [2, '2'],
    ] as const) {
      const root = temporaryFolder()
      writeFileSync(join(root, 'database.xml'), DATABASE)
      const {tracks, ...rest} = await importFrom(importer, root)
      const judged = tracks.slice(0, 1).map((track) => ({...track, ratingStars}))
      await exportTo(exporter, libraryOfImport({...rest, tracks: judged}), root, join(root, 'backups'))
      const xml = readFileSync(join(root, 'database.xml'), 'utf8')
      expect(/Stars="(\d)"/.exec(xml)?.[1] ?? null, String(ratingStars)).toBe(stars)
    }
  })

  it('does not write over a database that it cannot read', async () => {
    const root = temporaryFolder()
    writeFileSync(join(root, 'database.xml'), DATABASE.slice(0, 700))
    await expect(exportTo(exporter, syntheticLibrary(1), root, join(root, 'b'))).rejects.toMatchObject({
      code: 'FORMAT_INVALID',
    })
    expect(readFileSync(join(root, 'database.xml'), 'utf8')).toBe(DATABASE.slice(0, 700))
  })

  it('keeps lists inside the folder whatever they are called', async () => {
    const root = temporaryFolder()
    const list = (name: string) => ({kind: 'list' as const, name, tracks: []})
    const names = ['..', '../../evil', 'a/b', 'CON:', 'same', 'Same', '', '.', 'x\u0000y']
    const view = {
      ...syntheticLibrary(1),
      playlists: () => [{kind: 'folder' as const, name: '..', children: [list('in')]}, ...names.map(list)],
    }
    await exportTo(exporter, view, join(root, 'vdj'), join(root, 'b'))
    expect(readdirSync(root).sort()).toEqual(['vdj'])
    expect(readdirSync(join(root, 'vdj', 'My Lists'))).toHaveLength(names.length + 1)
  })
})

describe('hostile files', () => {
  async function survive(xml: Uint8Array | string): Promise<string | null> {
    const startedAt = cpuMs()
    try {
      const {tracks} = await runImport(importer, {'database.xml': xml, 'My Lists/x.vdjfolder': xml})
      for (const {cues, beatGrid} of tracks)
        for (const {positionMs} of [...cues, ...beatGrid]) expect(Number.isFinite(positionMs)).toBe(true)
      return null
    } catch (error) {
      if (!isCrateError(error)) throw error
      return error.code
    } finally {
      expect(cpuMs() - startedAt).toBeLessThan(5000)
    }
  }

  it('survives truncation at every 64th and 2,000 mutations', async () => {
    const bytes = Buffer.from(DATABASE)
    for (const cut of truncations(bytes)) await survive(cut)
    let ran = 0
    for (const mutation of mutations(bytes, 2000)) {
      await survive(mutation)
      ran++
    }
    expect(ran).toBe(2000)
  })

  const open = '<VirtualDJ_Database>'
  it.each([
    [
      'an entity bomb',
      `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${open}<Song FilePath="&b;"/></VirtualDJ_Database>`,
      'FORMAT_INVALID',
    ],
    ['a million open tags', open + '<a'.repeat(1_000_000), 'FORMAT_INVALID'],
    ['a million elements in each other', open + '<Song FilePath="a">'.repeat(1_000_000), 'FORMAT_INVALID'],
    ['a quote that never ends', `${open}<Song FilePath="${'x'.repeat(8 << 20)}`, 'FORMAT_INVALID'],
    ['another file', 'RIFF', 'FORMAT_INVALID'],
  ])('refuses %s', async (_what, xml, code) => {
    expect(await survive(xml)).toBe(code)
  })
})
