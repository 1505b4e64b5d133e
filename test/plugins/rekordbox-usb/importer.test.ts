// Sticks that Rekordbox wrote, cues laid out by hand after the documents, and sticks that are damaged or made to hurt.
import {execFileSync} from 'node:child_process'
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {gridFrom, readAnalysis} from '../../../plugins/rekordbox-usb/src/anlz.js'
import {Bytes} from '../../../plugins/rekordbox-usb/src/bytes.js'
import {importer} from '../../../plugins/rekordbox-usb/src/importer.js'
import {rowsOfPage} from '../../../plugins/rekordbox-usb/src/pdb.js'
import {playlistTree} from '../../../plugins/rekordbox-usb/src/playlists.js'
import {
  albumRow,
  artistRow,
  historyEntryRow,
  keyRow,
  plainRow,
  playlistEntryRow,
  playlistRow,
  tagRow,
  trackRow,
  trackTagRow,
} from '../../../plugins/rekordbox-usb/src/rows.js'
import {isCrateError} from '../../../src/core/errors.js'
import {runImport} from '../../exporters/harness.js'
import {cpuMs, mutations, truncations} from '../../exporters/hostile.js'
import {SHARED, temporaryFolder} from '../../support/crate.js'
import {MIXXX_TIMEOUT_MS, readByMixxx} from '../../support/mixxx.js'
import {itWith, itWithShared} from '../../support/tools.js'
import {importFrom} from '../real-folder.js'

const FOLDER = 'formats/rekordbox-usb'
const DEMO = join(SHARED, FOLDER, 'rekordcrate-demo_tracks')
const itWithSticks = itWithShared(FOLDER)

/** The rows of one real page. */
function rowsIn<Row>(page: string, decode: (row: {page: Bytes; at: number}) => Row): Row[] {
  const bytes = readFileSync(join(SHARED, FOLDER, 'rekordcrate-pages', `${page}.bin`))
  return [...rowsOfPage(new Bytes(bytes, 'little'))].map(decode)
}

describe('real sticks', () => {
  itWithSticks('reads tracks, grid and key as rekordcrate and Mixxx do', async () => {
    const {tracks, playlists, warnings} = await importFrom(importer, DEMO)
    expect(warnings).toEqual([])
    expect(playlists).toEqual([])
    expect(tracks).toHaveLength(2)
    // rekordcrate, src/pdb/test.rs, track_row: the same stick.
    expect(tracks[0]).toMatchObject({
      ref: '1',
      file: {path: join(DEMO, 'Contents/Loopmasters/UnknownAlbum/Demo Track 1.mp3'), sizeBytes: 6_899_624},
      tags: {title: 'Demo Track 1', artist: 'Loopmasters', label: 'Loopmasters'},
      tempoBpm: 128,
      key: {tonic: 'F', mode: 'minor'},
      addedAt: '2018-05-25',
      cues: [],
    })
    // PQTZ read with python3's struct: 368 beats from 25 ms, the last, a fourth, at 172,056 ms.
    expect(tracks.map(({beatGrid}) => beatGrid)).toEqual([
      [{positionMs: 25, tempoBpm: 128, beatInBar: 1}],
      [{positionMs: 25, tempoBpm: 120, beatInBar: 1}],
    ])
  })

  itWithSticks('moves positions by the header of the MP3, and notes the clock where it is not known', async () => {
    const known = await importFrom(importer, DEMO, {headerCase: () => 'lame'})
    expect(known.tracks[0]?.beatGrid[0]?.positionMs).toBeCloseTo(25 - (1105 / 44.1 + 26), 6)
    expect(known.tracks[0]?.extras['rekordbox-usb']).not.toHaveProperty('clock')
    const unknown = await importFrom(importer, DEMO)
    expect(unknown.tracks[0]?.extras['rekordbox-usb']).toMatchObject({clock: 'rekordbox'})
    const kept = await importFrom(importer, DEMO, {headerCase: () => 'lame', shiftsPositions: false})
    expect(kept.tracks[0]?.beatGrid[0]?.positionMs).toBe(25)
  })

  itWithSticks('takes a stick without tracks for what it is', async () => {
    const {tracks, playlists} = await importFrom(importer, join(SHARED, FOLDER, 'rekordcrate-empty'))
    expect([tracks, playlists]).toEqual([[], []])
  })

  itWithSticks('reads every page that real sticks brought, of every kind', () => {
    const pages = {
      albums_page: [albumRow, 82],
      artist_page_long: [artistRow, 6],
      artists_page: [artistRow, 120],
      genres_page: [plainRow, 18],
      history_entries_page: [historyEntryRow, 7],
      history_playlists_page: [plainRow, 1],
      keys_page: [keyRow, 52],
      labels_page: [plainRow, 177],
      playlist_entries_page: [playlistEntryRow, 284],
      playlist_tree_page: [playlistRow, 27],
      tag_page: [tagRow, 23],
      track_page: [trackRow, 5],
      track_tag_page: [trackTagRow, 52],
    } as const
    const counted = Object.entries(pages).map(([name, [decode]]) => [name, rowsIn<unknown>(name, decode).length])
    expect(Object.fromEntries(counted)).toEqual(
      Object.fromEntries(Object.entries(pages).map(([name, [, count]]) => [name, count])),
    )
    expect(rowsIn('albums_page', albumRow)[1]).toEqual([2, '1ØPILLS003 MASTER MP3s'])
    expect(rowsIn('artist_page_long', artistRow)[5]?.[1]).toMatch(/^❤{200,}$/)
    expect(rowsIn('tag_page', tagRow)[1]).toMatchObject({name: 'Tag1Cat1', categoryId: 1, isCategory: false})
    expect(rowsIn('playlist_entries_page', playlistEntryRow)[0]).toEqual({index: 1, trackId: 1, listId: 6})
    expect(rowsIn('track_page', trackRow)[0]).toMatchObject({title: 'NOISE', bitDepth: 24, tempo: 0, durationS: 5})
  })

  itWithSticks('puts the lists of a real tree where their parents are', () => {
    const {nodes, lost} = playlistTree(rowsIn('playlist_tree_page', playlistRow), [])
    expect(lost).toEqual([])
    const folder = nodes.find(({name}) => name === 'folderb')
    expect(folder?.kind === 'folder' ? folder.children.map(({name}) => name).slice(0, 2) : null).toEqual([
      'listaz',
      expect.any(String),
    ])
  })

  itWithSticks('reads each analysis file that Rekordbox wrote without a fault', () => {
    const files = readdirSync(join(SHARED, FOLDER), {recursive: true, encoding: 'utf8'}).filter((name) =>
      /ANLZ0000\.(DAT|EXT|2EX)$/.test(name),
    )
    expect(files).toHaveLength(18)
    for (const name of files)
      expect(readAnalysis([readFileSync(join(SHARED, FOLDER, name))]).damaged, `faults in ${name}`).toBe(0)
  })

  itWith(
    'sqlite3',
    'mixxx',
    'xvfb-run',
    'xdotool',
  )(
    'agrees with Mixxx’s own reader',
    async () => {
      const database = join(temporaryFolder(), 'mixxx.sqlite')
      readByMixxx('rekordbox', DEMO, database)
      const columns = 'rb_id, artist, title, comment, duration, bitrate, bpm, key, rating, location'
      const sql = `SELECT ${columns} FROM rekordbox_library ORDER BY rb_id`
      const theirs = JSON.parse(execFileSync('sqlite3', ['-json', database, sql], {encoding: 'utf8'}))
      const {tracks} = await importFrom(importer, DEMO)
      const ours = tracks.map((track) => ({
        rb_id: Number(track.ref),
        artist: track.tags.artist,
        title: track.tags.title,
        comment: track.tags.comment,
        duration: (track.file.durationMs ?? 0) / 1000,
        bitrate: String(track.file.bitRateKbps),
        bpm: track.tempoBpm,
        key: track.tags.key,
        rating: track.ratingStars ?? 0,
        location: track.file.path.replace(DEMO, '/media/CRATE'),
      }))
      expect(ours).toEqual(theirs)
    },
    MIXXX_TIMEOUT_MS,
  )
})

/** Sections and entries laid out after crate-digger's rekordbox_anlz.ksy. */
const u16 = (value: number) => Buffer.from([value >> 8, value & 255])
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
const utf16be = (text: string) => Buffer.from(`${text}\0`, 'utf16le').swap16()

function section(tag: string, header: Buffer, body: Buffer): Buffer {
  const headerLength = 12 + header.length
  return Buffer.concat([Buffer.from(tag), u32(headerLength), u32(headerLength + body.length), header, body])
}

function anlz(...sections: Buffer[]): Buffer {
  const body = Buffer.concat(sections)
  return Buffer.concat([Buffer.from('PMAI'), u32(28), u32(28 + body.length), Buffer.alloc(16), body])
}

interface StoredCue {
  readonly hot: number
  readonly ms: number
  readonly endMs?: number
  readonly name?: string
  readonly colorId?: number
  readonly rgb?: readonly [number, number, number]
}

function pcp2({hot, ms, endMs, name = '', colorId = 0, rgb}: StoredCue): Buffer {
  const text = name === '' ? Buffer.alloc(0) : utf16be(name)
  const times = [Buffer.from([endMs === undefined ? 1 : 2, 0, 3, 0xe8]), u32(ms), u32(endMs ?? 0xffff_ffff)]
  const color = Buffer.from([rgb === undefined ? 0 : 0x22, ...(rgb ?? [0, 0, 0])])
  return section(
    'PCP2',
    u32(hot),
    Buffer.concat([...times, Buffer.from([colorId]), Buffer.alloc(7), u16(0), u16(0), u32(text.length), text, color]),
  )
}

function pcpt({hot, ms, endMs}: StoredCue): Buffer {
  const fields = [u32(hot), u32(0), u32(0x10000), u16(0xffff), u16(0xffff)]
  const rest = [Buffer.from([endMs === undefined ? 1 : 2, 0, 3, 0xe8]), u32(ms), u32(endMs ?? 0xffff_ffff)]
  return section('PCPT', Buffer.concat(fields), Buffer.concat([...rest, Buffer.alloc(16)]))
}

const pco2 = (isHot: boolean, cues: readonly StoredCue[]) =>
  section('PCO2', Buffer.concat([u32(isHot ? 1 : 0), u16(cues.length), u16(0)]), Buffer.concat(cues.map(pcp2)))
const pcob = (isHot: boolean, cues: readonly StoredCue[]) =>
  section(
    'PCOB',
    Buffer.concat([u32(isHot ? 1 : 0), u16(0), u16(cues.length), u32(0xffff_ffff)]),
    Buffer.concat(cues.map(pcpt)),
  )

const HOT: readonly StoredCue[] = [
  {hot: 1, ms: 25, name: 'Intro – 東京', rgb: [0x28, 0xe2, 0x14]},
  {hot: 5, ms: 60_000, endMs: 64_000},
]
const MEMORY: readonly StoredCue[] = [
  {hot: 0, ms: 1000, colorId: 2, name: 'mix in'},
  {hot: 0, ms: 90_000, endMs: 98_000},
]

describe('readAnalysis', () => {
  it('prefers names and colours of the newer lists and takes what only the older have', () => {
    const dat = anlz(
      pcob(true, [
        {hot: 1, ms: 25},
        {hot: 2, ms: 500},
      ]),
      pcob(false, MEMORY),
    )
    const ext = anlz(pco2(true, HOT), pco2(false, MEMORY))
    const {cues, damaged} = readAnalysis([dat, ext])
    expect(damaged).toBe(0)
    const plain = {lengthMs: null, name: '', colorRgb: null, origin: 'import:rekordbox-usb'}
    expect(cues).toEqual([
      {...plain, kind: 'hot', slot: 0, positionMs: 25, name: 'Intro – 東京', colorRgb: 0x28e214},
      {...plain, kind: 'hot', slot: 1, positionMs: 500},
      {...plain, kind: 'memory', slot: null, positionMs: 1000, name: 'mix in', colorRgb: 0xff0000},
      {...plain, kind: 'hot', slot: 4, positionMs: 60_000, lengthMs: 4000},
      {...plain, kind: 'memory', slot: null, positionMs: 90_000, lengthMs: 8000},
    ])
  })

  it.each([
    ['no analysis file', Buffer.from('RIFFxxxxWAVE')],
    [
      'a count of 65,535 cues that are not there',
      anlz(section('PCO2', Buffer.concat([u32(1), u16(65_535), u16(0)]), Buffer.alloc(0))),
    ],
    ['4 GiB of beats', anlz(section('PQTZ', Buffer.concat([u32(0), u32(0x80000), u32(0xffff_ffff)]), Buffer.alloc(0)))],
    ['a section of no length', Buffer.concat([anlz(), Buffer.from('PQTZ'), u32(12), u32(0)])],
    ['a section of 4 GiB', Buffer.concat([anlz(), Buffer.from('PQTZ'), u32(12), u32(0xffff_ffff)])],
  ])('counts %s as damage', (_what, bytes) => {
    expect(readAnalysis([bytes])).toMatchObject({beatGrid: [], cues: [], damaged: 1})
  })
})

describe('gridFrom', () => {
  const beats = (count: number, startMs: number, tempoBpm: number, first = 0) =>
    Array.from({length: count}, (_, n) => ({
      beatInBar: ((first + n) % 4) + 1,
      tempoBpm,
      positionMs: Math.round(startMs + (n * 60_000) / tempoBpm),
    }))

  it('keeps one marker for a tempo, one more for each change', () => {
    const second = 30 + (16 * 60_000) / 127.53
    expect(gridFrom([...beats(16, 30, 127.53), ...beats(400, second, 128.2)])).toEqual([
      {positionMs: 30, tempoBpm: 127.53, beatInBar: 1},
      {positionMs: Math.round(second), tempoBpm: 128.2, beatInBar: 1},
    ])
  })

  it('marks a jump within one tempo', () => {
    expect(gridFrom([...beats(8, 0, 120), ...beats(8, 4250, 120)])).toHaveLength(2)
  })

  it('leaves out beats that cannot be', () => {
    expect(
      gridFrom([
        {beatInBar: 9, tempoBpm: 120, positionMs: 0},
        {beatInBar: 1, tempoBpm: 0, positionMs: 5},
      ]),
    ).toEqual([])
  })
})

describe('playlistTree', () => {
  it('cuts a tree that goes round, and names what no folder holds', () => {
    const folder = (id: number, parentId: number) => ({id, parentId, sortOrder: 0, isFolder: true, name: `f${id}`})
    const {nodes, lost} = playlistTree([folder(1, 2), folder(2, 1), folder(3, 3), folder(4, 0)], [])
    expect(nodes).toEqual([{kind: 'folder', name: 'f4', children: []}])
    expect(lost).toEqual(['f1', 'f2', 'f3'])
  })
})

describe('hostile sticks', () => {
  const read = (path: string) => readFileSync(join(DEMO, path))
  const PDB = 'PIONEER/rekordbox/export.pdb'
  const DAT = 'PIONEER/USBANLZ/P016/0000875E/ANLZ0000.DAT'

  async function survive(files: Record<string, Uint8Array>): Promise<void> {
    const startedAt = cpuMs()
    try {
      const {tracks} = await runImport(importer, files, {root: '/stick'})
      for (const {file, beatGrid} of tracks) {
        expect(file.path.startsWith('/stick/')).toBe(true)
        expect(file.path).not.toMatch(/\/\.\.(\/|$)/)
        for (const {positionMs, tempoBpm} of beatGrid) expect(Number.isFinite(positionMs) && tempoBpm > 0).toBe(true)
      }
    } catch (error) {
      if (!isCrateError(error)) throw error
      expect(error.code).toBe('FORMAT_INVALID')
    }
    expect(cpuMs() - startedAt).toBeLessThan(5000)
  }

  itWithSticks(
    'survives truncation at every 64th and 2,000 mutations',
    async () => {
      const pdb = read(PDB)
      const dat = anlz(pcob(true, HOT), pcob(false, MEMORY), pco2(true, HOT), pco2(false, MEMORY))
      for (const cut of truncations(pdb)) await survive({[PDB]: cut, [DAT]: read(DAT)})
      for (const cut of truncations(dat)) await survive({[PDB]: pdb, [DAT]: cut})
      let ran = 0
      const datMutations = mutations(dat, 2000, 7)
      // Only pages that hold rows, so that the changes hit something.
      for (const pages of mutations(pdb.subarray(0, 0x3000), 2000)) {
        const next = datMutations.next().value
        await survive({[PDB]: Buffer.concat([pages, pdb.subarray(0x3000)]), [DAT]: next ?? dat})
        ran++
      }
      expect(ran).toBe(2000)
    },
    120_000,
  )

  itWithSticks('leaves out a track whose file lies elsewhere', async () => {
    const pdb = Buffer.from(read(PDB))
    const inside = '/Contents/Loopmasters/UnknownAlbum/Demo Track 1'
    for (let at = pdb.indexOf(inside); at >= 0; at = pdb.indexOf(inside, at + 1)) pdb.write('/../../../../etc/pass', at)
    const {tracks, warnings} = await runImport(importer, {[PDB]: pdb})
    expect(tracks).toHaveLength(1)
    expect(warnings).toHaveLength(1)
  })

  it('says what is missing where there is no stick', async () => {
    await expect(runImport(importer, {'music.mp3': ''})).rejects.toMatchObject({code: 'FORMAT_INVALID'})
    await expect(runImport(importer, {[PDB]: 'no database'})).rejects.toMatchObject({code: 'FORMAT_INVALID'})
  })
})
