// The Serato library on disk: crates, `database V2`, order and smart crates, against files of the real program.
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {basename, join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {decodeRecords, encodeRecords} from '../../../exporters/serato/container.js'
import {decodeCrate, encodeCrate} from '../../../exporters/serato/crate.js'
import {drivePathOf, knownDriveRoot} from '../../../exporters/serato/drive.js'
import {decodeOrder, encodeOrder} from '../../../exporters/serato/order.js'
import {decodeSmartCrate} from '../../../exporters/serato/smart-crate.js'
import {queryOfRules, rulesOfQuery} from '../../../exporters/serato/smart-rules.js'
import {walkPlaylists} from '../../../src/core/playlist.js'
import {parseQuery} from '../../../src/core/query/parse.js'
import {
  exportTo,
  filesBelow,
  formats,
  hasRealFiles,
  importFrom,
  libraryFromImport,
  libraryOf,
  macHome,
  read,
  temporaryFolder,
  track,
  usbDrive,
} from './support.js'

const containers = hasRealFiles
  ? filesBelow(join(formats, 'serato-library'), (path) => /\.s?crate$|database|\.session$/.test(path))
  : []

describe.skipIf(!hasRealFiles)('real library files', () => {
  it('are all there', () => {
    expect(containers.length).toBe(27)
  })

  it.each(containers.map((path) => [basename(path), path]))(
    '%s is read whole and written back byte for byte',
    (_name, path) => {
      const bytes = read(path)
      const {records, brokenAt} = decodeRecords(bytes)
      expect(brokenAt).toBeNull()
      expect(encodeRecords(records).equals(bytes)).toBe(true)
      if (!path.endsWith('crate')) return
      expect(encodeCrate(decodeCrate(bytes)).equals(bytes)).toBe(true)
    },
  )

  it('neworder.pref is written back byte for byte', () => {
    const bytes = read(join(macHome, '_Serato_/neworder.pref'))
    expect(encodeOrder(decodeOrder(bytes)).equals(bytes)).toBe(true)
  })
})

describe.skipIf(!hasRealFiles)('seratoImport of real libraries', () => {
  it('reads the tracks of a drive with what Serato shows of them', async () => {
    const {tracks, warnings} = await importFrom(usbDrive)
    expect(warnings).toEqual([])
    expect(tracks).toHaveLength(4)
    expect(tracks[2]).toMatchObject({
      ref: 'Pete Heller - Big Love (Vaudafunk 2019 Reinterpretation).mp3',
      file: {
        path: join(usbDrive, 'Pete Heller - Big Love (Vaudafunk 2019 Reinterpretation).mp3'),
        format: 'mp3',
        durationMs: 439_640,
        sampleRateHz: 44_100,
        bitRateKbps: 320,
        sizeBytes: 0x0127e3b7,
      },
      tags: {
        title: 'Big Love (Vaudafunk 2019 Reinterpretation)',
        artist: 'Pete Heller',
        comment: 'vaudafunk@gmail.com',
        year: 2019,
        key: 'Am',
      },
      tempoBpm: 123,
      key: {tonic: 'A', mode: 'minor'},
      addedAt: '2020-02-06T12:34:50Z',
      colorRgb: null,
    })
    // Stored 0xFFDD99, which Serato shows as 0x997733.
    expect(tracks[0]?.colorRgb).toBe(0x997733)
  })

  it('reads crates in the order of neworder.pref, smart ones with their rules', async () => {
    const {tracks, playlists, warnings} = await importFrom(macHome)
    // The whole library has 5562 rows; two tracks of crates are in none of them.
    expect(tracks.length).toBeGreaterThanOrEqual(5562)
    expect(warnings).toEqual([])
    expect(playlists.map((node) => node.name)).toEqual([
      'Funk',
      '90s',
      '80s',
      'scratch',
      'Scratch',
      'break',
      'JAM',
      'Disco',
      'dance',
      'acapellas',
      'Gold',
      'alternative',
    ])
    const scratch = playlists.find((node) => node.name === 'Scratch')
    expect(scratch).toMatchObject({
      kind: 'folder',
      children: [{kind: 'smart', name: 'Beats', query: 'title:Beats , title:Duck'}],
    })
    const refs = new Set(tracks.map((one) => one.ref))
    for (const {node} of walkPlaylists(playlists))
      if (node.kind !== 'folder') for (const ref of node.tracks) expect(refs.has(ref)).toBe(true)
  })

  it('tells when a track was last played, from the history', async () => {
    const {tracks} = await importFrom(macHome)
    expect(tracks.filter((one) => one.lastPlayedAt !== null).length).toBeGreaterThan(10)
  })

  it('accepts the _Serato_ folder itself', async () => {
    const {tracks} = await importFrom(join(usbDrive, '_Serato_'))
    expect(tracks[0]?.file.path).toBe(join(usbDrive, 'CASSIUS_-_99_Keller 2016 RE-EDIT -.mp3'))
  })

  it('refuses a folder without a library', async () => {
    await expect(importFrom(temporaryFolder())).rejects.toMatchObject({code: 'FORMAT_INVALID'})
  })

  it('takes a list with repeated rows once and says so', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, '_Serato_'))
    const bytes = read(join(formats, 'serato-library/serato-tools/database V2.test.bin'))
    const {records} = decodeRecords(bytes)
    writeFileSync(join(folder, '_Serato_/database V2'), encodeRecords([...records, ...records.slice(1, 2)]))
    const {tracks, warnings} = await importFrom(folder)
    expect(tracks).toHaveLength(4)
    expect(warnings).toHaveLength(1)
  })
})

describe.skipIf(!hasRealFiles)('seratoExport into a real library', () => {
  it('changes nothing where crate has nothing new to say', async () => {
    const folder = temporaryFolder()
    cpSync(macHome, folder, {recursive: true})
    const imported = await importFrom(folder, {options: {root: '/'}})
    const {paths} = await exportTo(folder, libraryFromImport(imported), {options: {root: '/'}})
    expect(paths).toEqual(['_Serato_/database V2'])
    const before = decodeRecords(read(join(macHome, '_Serato_/database V2'))).records
    const after = decodeRecords(read(join(folder, '_Serato_/database V2'))).records
    expect(after.slice(0, before.length)).toEqual(before)
    // Tracks of smart crates that Serato's own list does not have.
    expect(after.length - before.length).toBe(imported.tracks.length - 5562)
  })

  it('writes nothing the second time', async () => {
    const folder = temporaryFolder()
    const imported = await importFrom(macHome, {options: {root: '/'}})
    await exportTo(folder, libraryFromImport(imported), {options: {root: '/'}})
    const {paths} = await exportTo(folder, libraryFromImport(imported), {options: {root: '/'}})
    expect(paths).toEqual([])
  })

  it('makes the same library in an empty folder', async () => {
    const imported = await importFrom(macHome, {options: {root: '/'}})
    const folder = temporaryFolder()
    const {paths, warnings} = await exportTo(folder, libraryFromImport(imported), {options: {root: '/'}})
    expect(warnings).toEqual([])
    // 3 crates, of which Scratch is a folder; 11 smart crates; order; database.
    expect(paths).toHaveLength(15)
    const again = await importFrom(folder, {options: {root: '/'}})
    expect(again.playlists).toEqual(imported.playlists)
    // The history stays where it is, and a track that Serato had not listed is added now.
    const addedNow = '2026-11-22T20:00:00Z'
    const withoutHistory = imported.tracks.map((one) => ({
      ...one,
      lastPlayedAt: null,
      addedAt: one.addedAt ?? addedNow,
    }))
    expect(new Map(again.tracks.map((one) => [one.ref, one]))).toEqual(
      new Map(withoutHistory.map((one) => [one.ref, one])),
    )
  })

  it('leaves rows of other tracks and unknown fields as they are', async () => {
    const folder = temporaryFolder()
    cpSync(usbDrive, folder, {recursive: true})
    const file = join(folder, '_Serato_/database V2')
    const before = decodeRecords(readFileSync(file))
    const [first] = before.records.slice(1)
    if (first === undefined) throw new Error('the real file has rows')
    const strange = {tag: 'xqzw', payload: Uint8Array.of(1, 2, 3)}
    const row = {tag: 'otrk', payload: encodeRecords([...decodeRecords(first.payload).records, strange])}
    writeFileSync(file, encodeRecords([...before.records.slice(0, 1), row, ...before.records.slice(2)]))

    const ours = track('1', join(folder, 'CASSIUS_-_99_Keller 2016 RE-EDIT -.mp3'), {colorRgb: 0x993333, playCount: 7})
    const {paths} = await exportTo(folder, libraryOf([ours, track('2', join(folder, 'new.mp3'))]))
    expect(paths).toEqual(['_Serato_/database V2'])

    const after = decodeRecords(readFileSync(file)).records
    expect(after).toHaveLength(6)
    expect(after.slice(2, 5)).toEqual(before.records.slice(2))
    const fields = decodeRecords(after[1]?.payload ?? new Uint8Array()).records
    expect(fields.at(-1)).toEqual({tag: 'xqzw', payload: Buffer.of(1, 2, 3)})
    expect(fields.find(({tag}) => tag === 'ulbl')?.payload).toEqual(Buffer.of(0, 0xff, 0x99, 0x99))
    expect(fields.map(({tag}) => tag).slice(11, 16)).toEqual(['ulbl', 'utme', 'ufsb', 'utpc', 'sbav'])
    expect(
      decodeRecords(after[5]?.payload ?? new Uint8Array())
        .records.map(({tag}) => tag)
        .join(' '),
    ).toBe(
      'ttyp pfil tlen tsiz tbit tsmp tadd uadd ulbl utme ufsb sbav bhrt bmis bply blop bitu bovc bcrt biro bwlb bwll buns bbgl bkrk',
    )
  })

  it('keeps the columns of a crate and its tracks that are not in the library', async () => {
    const folder = temporaryFolder()
    cpSync(usbDrive, folder, {recursive: true})
    const file = join(folder, '_Serato_/Subcrates/French House.crate')
    const before = decodeCrate(readFileSync(file))
    const known = track('1', join(folder, 'CASSIUS_-_99_Keller 2016 RE-EDIT -.mp3'))
    const fresh = track('2', join(folder, 'new.mp3'))
    await exportTo(
      folder,
      libraryOf([known, fresh], [{kind: 'list', name: 'French House', tracks: [fresh.id, known.id]}]),
    )
    const after = decodeCrate(readFileSync(file))
    expect(after.paths).toEqual([
      'ALAN BRAXE - INTRO ( Max Padovani Remix).mp3',
      'new.mp3',
      'CASSIUS_-_99_Keller 2016 RE-EDIT -.mp3',
    ])
    const heads = (records: typeof after.records) => records.filter(({tag}) => tag !== 'otrk')
    expect(heads(after.records)).toEqual(heads(before.records))
  })

  it('leaves a damaged list alone and says so', async () => {
    const folder = temporaryFolder()
    cpSync(usbDrive, folder, {recursive: true})
    const file = join(folder, '_Serato_/database V2')
    writeFileSync(file, readFileSync(file).subarray(0, 1000))
    const {paths, warnings} = await exportTo(folder, libraryOf([track('1', join(folder, 'new.mp3'))]))
    expect(paths).toEqual([])
    expect(warnings).toHaveLength(1)
  })
})

describe('seratoExport', () => {
  it('nests crates by %% and replaces what file names refuse, while the order keeps the names', async () => {
    const folder = temporaryFolder()
    const one = track('1', join(folder, 'Music/é ☃/a.mp3'))
    const list = (name: string) => ({kind: 'list' as const, name, tracks: [one.id]})
    const playlists = [
      {
        kind: 'folder' as const,
        name: 'Sets',
        children: [
          list('so old, so good'),
          list('so old/ so good'),
          {kind: 'folder' as const, name: '2026', children: [list('May')]},
        ],
      },
      list('100%% ☃'),
    ]
    await exportTo(folder, libraryOf([one], playlists))
    expect(readdirSync(join(folder, '_Serato_/Subcrates')).sort()).toEqual([
      '100%- ☃.crate',
      'Sets%%2026%%May.crate',
      'Sets%%2026.crate',
      'Sets%%so old- so good (2).crate',
      'Sets%%so old- so good.crate',
      'Sets.crate',
    ])
    const again = await importFrom(folder)
    expect(again.tracks[0]?.file.path).toBe(one.file.path)
    expect([...walkPlaylists(again.playlists)].map(({node, folders}) => [...folders, node.name].join(' > '))).toEqual([
      'Sets',
      'Sets > so old, so good',
      'Sets > so old- so good (2)',
      'Sets > 2026',
      'Sets > 2026 > May',
      '100%% ☃',
    ])
  })

  it('makes a smart playlist a smart crate where Serato can say its rules, else a crate', async () => {
    const folder = temporaryFolder()
    const one = track('1', join(folder, 'a.mp3'))
    const smart = (name: string, query: string) => ({kind: 'smart' as const, name, query, tracks: [one.id]})
    await exportTo(folder, libraryOf([one], [smart('Techno', 'genre:techno bpm:120..'), smart('New', 'added:-30d..')]))
    expect(readdirSync(join(folder, '_Serato_/SmartCrates'))).toEqual(['Techno.scrate'])
    expect(readdirSync(join(folder, '_Serato_/Subcrates'))).toEqual(['New.crate'])
    const made = decodeSmartCrate(readFileSync(join(folder, '_Serato_/SmartCrates/Techno.scrate')))
    expect(made.records.map(({tag}) => tag).slice(0, 6)).toEqual(['vrsn', 'rart', 'rlut', 'rurt', 'rurt', 'osrt'])
    expect(made).toMatchObject({matchesAll: true, brokenAt: null, paths: ['a.mp3']})
    const {playlists} = await importFrom(folder)
    expect(playlists).toMatchObject([
      {kind: 'smart', query: 'genre:techno bpm:120..'},
      {kind: 'list', name: 'New'},
    ])
  })

  it('lists tracks of another drive and leaves them out', async () => {
    const folder = temporaryFolder()
    const here = track('1', join(folder, 'a.mp3'))
    const there = track('2', '/Volumes/OTHER/b.mp3')
    const {warnings} = await exportTo(
      folder,
      libraryOf([here, there], [{kind: 'list', name: 'L', tracks: [there.id, here.id]}]),
    )
    expect(warnings.map(({subject}) => subject)).toEqual(['/Volumes/OTHER/b.mp3'])
    expect(decodeCrate(readFileSync(join(folder, '_Serato_/Subcrates/L.crate'))).paths).toEqual(['a.mp3'])
  })

  it('takes the drive that most tracks are on, where the folder does not tell', async () => {
    const folder = temporaryFolder()
    const paths = ['D:/Music/a.mp3', 'D:\\Music\\b.mp3', '/Users/dj/Music/c.mp3']
    const {warnings} = await exportTo(folder, libraryOf(paths.map((path, index) => track(String(index), path))))
    expect(warnings.map(({subject}) => subject)).toEqual(['/Users/dj/Music/c.mp3'])
    const {tracks} = await importFrom(folder, {options: {root: 'D:/'}})
    expect(tracks.map(({file}) => file.path)).toEqual(['D:\\Music\\a.mp3', 'D:\\Music\\b.mp3'])
  })

  it('writes into the folder of a person who names _Serato_ itself', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, '_Serato_'))
    await exportTo(join(folder, '_Serato_'), libraryOf([track('1', join(folder, 'a.mp3'))]))
    expect(existsSync(join(folder, '_Serato_/database V2'))).toBe(true)
  })

  it('finds a track that Serato has in the other Unicode form', async () => {
    const folder = temporaryFolder()
    const composed = 'Bj\u00f6rk.mp3'
    await exportTo(folder, libraryOf([track('1', join(folder, composed.normalize('NFD')))]))
    const {paths} = await exportTo(
      folder,
      libraryOf([track('1', join(folder, composed))], [{kind: 'list', name: 'L', tracks: ['1' as never]}]),
    )
    expect(paths).toEqual(['_Serato_/Subcrates/L.crate', '_Serato_/neworder.pref'])
    expect(decodeCrate(readFileSync(join(folder, '_Serato_/Subcrates/L.crate'))).paths).toEqual([
      composed.normalize('NFD'),
    ])
  })
})

describe('knownDriveRoot', () => {
  it.each([
    ['/Volumes/USB', '/Volumes/USB'],
    ['/Volumes/USB/deep', '/Volumes/USB'],
    ['E:\\', 'E:\\'],
    ['C:\\Users\\dj\\Music', 'C:\\'],
    ['/Users/dj/Music', '/'],
    ['/home/dj/Music', '/'],
    ['/me/Music', '/'],
    ['/media/dj/STICK', '/media/dj/STICK'],
    ['/srv/music', null],
  ])('%s → %s', (parent, root) => {
    expect(knownDriveRoot(parent, '/me')).toBe(root)
  })
})

describe('drivePathOf', () => {
  it.each([
    ['/', '/Users/dj/a.mp3', 'Users/dj/a.mp3'],
    ['/', '/Volumes/USB/a.mp3', null],
    ['/Volumes/USB', '/Volumes/USB/x/a.mp3', 'x/a.mp3'],
    ['/Volumes/USB', '/Volumes/USB 2/a.mp3', null],
    ['C:\\', 'c:/Users/dj/a.mp3', 'Users/dj/a.mp3'],
    ['C:\\', 'D:\\a.mp3', null],
    ['C:\\', '/Users/dj/a.mp3', null],
  ])('%s holds %s as %s', (root, path, expected) => {
    expect(drivePathOf(root, path)).toBe(expected)
  })
})

describe('rulesOfQuery', () => {
  const rule = (condition: string, field: number, value: string | number) => ({condition, field, value})
  it.each([
    [
      'genre:"drum and bass" ^artist:Foo',
      true,
      [rule('cond_con_str', 9, 'drum and bass'), rule('cond_dnc_str', 7, 'Foo')],
    ],
    ['bpm:120..128', true, [rule('cond_greq_uint', 15, 120), rule('cond_lseq_uint', 15, 128)]],
    ['title:=A , title:=B', false, [rule('cond_is_str', 6, 'A'), rule('cond_is_str', 6, 'B')]],
    ['added:2025-03-01.. bpm+', true, [rule('cond_aft_time', 25, '2/28/2025')]],
    ['plays:..3', true, [rule('cond_lseq_uint', 79, 3)]],
  ])('%s', (query, matchesAll, rules) => {
    expect(rulesOfQuery(query)).toEqual({matchesAll, rules})
    const back = queryOfRules({matchesAll, rules})
    expect(rulesOfQuery(back ?? '')).toEqual({matchesAll, rules})
  })

  it.each([
    'foo',
    '',
    'bpm+',
    'added:-30d..',
    'genre::^x',
    'limit:5 genre:x',
    'genre:x bpm:1.. , genre:y',
    '"',
    'bpm:128',
    'key:8A',
    'color:red',
    'nonsense:1',
  ])('%s has no rules', (query) => {
    expect(rulesOfQuery(query)).toBeNull()
  })
})

describe('queryOfRules', () => {
  const rule = (condition: string, field: number, value: string | number) => ({condition, field, value})
  it.each([
    [[rule('cond_con_str', 9, 'drum and bass')], true, 'genre:"drum and bass"'],
    [[rule('cond_greq_uint', 15, 120), rule('cond_lseq_uint', 15, 128)], true, 'bpm:120.. bpm:..128'],
    [[rule('cond_aft_time', 25, '3/7/2025')], true, 'added:2025-03-08..'],
    [[rule('cond_dnc_str', 7, 'Foo')], false, '^artist:Foo'],
    [[rule('cond_con_str', 4, 'x')], true, null],
    [[rule('cond_bef_str', 6, 'm')], true, null],
    [[], true, null],
  ])('%j', (rules, matchesAll, query) => {
    expect(queryOfRules({rules, matchesAll})).toBe(query)
  })

  it.skipIf(!hasRealFiles)('translates every rule of the real smart crates', () => {
    const files = filesBelow(macHome, (path) => path.endsWith('.scrate'))
    expect(files).toHaveLength(10)
    for (const file of files) {
      const query = queryOfRules(decodeSmartCrate(read(file)))
      expect(query).toMatch(/^(?:genre|title):/)
      expect(parseQuery(query ?? '', {nowMs: 0}).alternatives.length).toBeGreaterThan(0)
    }
  })

  it('speaks of fields that crate’s query language has', () => {
    const fields = [6, 7, 8, 9, 15, 17, 19, 20, 21, 22, 23, 25, 79]
    for (const field of fields) {
      const [condition, value] = [15, 23, 79].includes(field)
        ? ['cond_greq_uint', 5]
        : field === 25
          ? ['cond_bef_time', '12/31/2025']
          : ['cond_isn_str', 'a "b": c, d']
      const query = queryOfRules({matchesAll: true, rules: [rule(String(condition), field, value ?? '')]})
      expect(() => parseQuery(query ?? '^', {nowMs: 0}), query ?? '').not.toThrow()
    }
  })
})
