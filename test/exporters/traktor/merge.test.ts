// Into a collection that is there: what crate sets is set, and every other byte stays.
import {describe, expect, it} from 'vitest'
import type {Cue} from '../../../src/core/cue.js'
import type {PlaylistNode} from '../../../src/core/playlist.js'
import {EMPTY_TAGS, type Track, type TrackId} from '../../../src/core/track.js'
import {libraryOf} from '../harness.js'
import {exportNml, importNml, trackAt} from './support.js'

const SMART =
  '<NODE TYPE="SMARTLIST" NAME="New"><SMARTLIST UUID="aa"><SEARCH_EXPRESSION VERSION="1" ' +
  'QUERY="$IMPORTDATE &gt;= MONTHS_AGO(1)"></SEARCH_EXPRESSION>\n</SMARTLIST>\n</NODE>\n'

/** A collection with things that no version of crate can know. */
const COLLECTION = `<?xml version="1.0" encoding="UTF-8" standalone="no" ?>
<NML VERSION="20"><HEAD COMPANY="www.native-instruments.com" PROGRAM="Traktor Pro 4"></HEAD>
<MUSICFOLDERS><FOLDER PATH="C:/:Music"></FOLDER></MUSICFOLDERS>
<FUTURE SHAPE='round "ish"'><!-- <ENTRY> --><![CDATA[</COLLECTION>]]></FUTURE>
<COLLECTION ENTRIES="7"><ENTRY MODIFIED_DATE="2024/5/1" AUDIO_ID="AAA=" TITLE="One &gt; two" MOOD="dark"><LOCATION DIR="/:Music/:" FILE="one.flac" VOLUME="C:" VOLUMEID="00f95451"></LOCATION>
<INFO GENRE="House" COVERARTID="1/X" PLAYCOUNT="9" RANKING="196" IMPORT_DATE="2019/1/5" LAST_PLAYED="2024/4/30" FLAGS="28" COLOR="3"></INFO>
<TEMPO BPM="124.000000" BPM_QUALITY="100.000000"></TEMPO>
<MUSICAL_KEY VALUE="21"></MUSICAL_KEY>
<SPATIAL X="1"><Y></Y></SPATIAL>
<CUE_V2 NAME="AutoGrid" DISPL_ORDER="0" TYPE="4" START="100.000000" LEN="0.000000" REPEATS="-1" HOTCUE="-1" NEW="?"><GRID BPM="124.000000"></GRID>
</CUE_V2>
<CUE_V2 NAME="Drop" DISPL_ORDER="0" TYPE="0" START="30100.000000" LEN="0.000000" REPEATS="-1" HOTCUE="1" COLOR="#FF0000"></CUE_V2>
<CUE_V2 NAME="n.n." DISPL_ORDER="0" TYPE="5" START="60100.000000" LEN="1000.000000" REPEATS="4" HOTCUE="-1"></CUE_V2>
</ENTRY>
<ENTRY TITLE="Stranger"><LOCATION DIR="/:Music/:" FILE="stranger.flac" VOLUME="C:"></LOCATION></ENTRY>
<ENTRY TITLE="Nowhere"></ENTRY>
</COLLECTION>
<SETS ENTRIES="1"><SET TITLE="Remix"><SLOT KEYLOCK="1"></SLOT></SET></SETS>
<PLAYLISTS><NODE TYPE="FOLDER" NAME="$ROOT"><SUBNODES COUNT="3"><NODE TYPE="PLAYLIST" NAME="_LOOPS"><PLAYLIST ENTRIES="0" TYPE="LIST" UUID="l"></PLAYLIST>
</NODE>
${SMART}<NODE TYPE="FOLDER" NAME="Gigs"><SUBNODES COUNT="1"><NODE TYPE="PLAYLIST" NAME="Friday"><PLAYLIST ENTRIES="3" TYPE="LIST" UUID="f1"><ENTRY><PRIMARYKEY TYPE="TRACK" KEY="C:/:Music/:stranger.flac"></PRIMARYKEY>
</ENTRY>
<ENTRY><PRIMARYKEY TYPE="TRACK" KEY="C:/:Music/:one.flac"></PRIMARYKEY>
<EXTENDEDDATA DECK="1"></EXTENDEDDATA>
</ENTRY>
<ENTRY><PRIMARYKEY TYPE="TRACK" KEY="E:/:gone.mp3"></PRIMARYKEY>
</ENTRY>
</PLAYLIST>
</NODE>
</SUBNODES>
</NODE>
</SUBNODES>
</NODE>
</PLAYLISTS>
<INDEXING><SORTING_INFO PATH="$COLLECTION"><CRITERIA ATTRIBUTE="1" DIRECTION="1"></CRITERIA></SORTING_INFO></INDEXING>
</NML>
`

const ONE = 'C:/Music/one.flac'
const TWO = 'C:/Music/two.flac'

function cue(rest: Partial<Cue>): Cue {
  return {kind: 'hot', slot: 0, positionMs: 0, lengthMs: null, name: '', colorRgb: null, origin: 'user', ...rest}
}

function merge(
  tracks: readonly Track[],
  playlists: readonly PlaylistNode[] = [],
  options: Readonly<Record<string, string>> = {},
) {
  return exportNml(libraryOf(tracks, playlists), COLLECTION, options)
}

/** What became of the one text by replacing these parts, each of which occurs once. */
function changed(...parts: readonly (readonly [string, string])[]): string {
  return parts.reduce((text, [from, to]) => {
    expect(text.split(from)).toHaveLength(2)
    return text.replace(from, () => to)
  }, COLLECTION)
}

describe('a merge', () => {
  it('changes nothing for a library that has nothing to say', async () => {
    expect((await merge([])).text).toBe(COLLECTION)
    expect((await merge([trackAt(ONE)])).text).toBe(COLLECTION)
  })

  it('keeps bytes that are no UTF-8', async () => {
    const bytes = Buffer.from(COLLECTION.replace('Stranger', 'Str?nger'))
    bytes[bytes.indexOf('Str?nger') + 3] = 0xff
    expect((await exportNml(libraryOf([trackAt(ONE)]), bytes)).bytes.equals(bytes)).toBe(true)
  })

  it('finds an entry by its path, whatever the case and the kind of slash', async () => {
    const track = trackAt('c:\\music\\ONE.flac', {tags: {...EMPTY_TAGS, genre: 'Techno'}})
    expect((await merge([track])).text).toBe(changed(['GENRE="House"', 'GENRE="Techno"']))
  })

  it('sets what crate knows in place, and adds what was not there', async () => {
    const track = trackAt(ONE, {
      tags: {...EMPTY_TAGS, title: 'Don\'t "stop"', artist: 'Ж & Ø', album: 'LP', comment: 'a\nb'},
      ratingStars: 5,
      colorRgb: 0x00ff10,
      key: {tonic: 'C', mode: 'major'},
    })
    const {text} = await merge([track])
    expect(text).toBe(
      changed(
        ['TITLE="One &gt; two" MOOD="dark"', 'TITLE="Don\'t &quot;stop&quot;" MOOD="dark" ARTIST="Ж &amp; Ø"'],
        ['RANKING="196"', 'RANKING="255"'],
        ['COLOR="3"></INFO>', 'COLOR="4" COMMENT="a&#xA;b" KEY="1d"></INFO>'],
        ['<INFO GENRE', '<ALBUM TITLE="LP"></ALBUM>\n<INFO GENRE'],
        ['VALUE="21"', 'VALUE="0"'],
      ),
    )
  })

  it('keeps the older import, the later play and the larger count', async () => {
    const older = trackAt(ONE, {addedAt: '2010-01-01', lastPlayedAt: '2024-04-29', playCount: 8})
    expect((await merge([older])).text).toBe(COLLECTION)
    const newer = trackAt(ONE, {addedAt: '2025-01-01', lastPlayedAt: '2024-05-01T22:00:00Z', playCount: 10})
    expect((await merge([newer])).text).toBe(
      changed(['PLAYCOUNT="9"', 'PLAYCOUNT="10"'], ['LAST_PLAYED="2024/4/30"', 'LAST_PLAYED="2024/5/1"']),
    )
  })

  it('counts entries anew where one is added, and puts it behind the others', async () => {
    const {text} = await merge([trackAt(TWO, {tags: {...EMPTY_TAGS, title: 'Two'}})])
    const entry = '<ENTRY TITLE="Two"><LOCATION DIR="/:Music/:" FILE="two.flac" VOLUME="C:"></LOCATION>\n</ENTRY>\n'
    expect(text).toBe(
      changed(
        ['<COLLECTION ENTRIES="7">', '<COLLECTION ENTRIES="4">'],
        ['</COLLECTION>\n<SETS', `${entry}</COLLECTION>\n<SETS`],
      ),
    )
  })

  it('refuses a file that is damaged, and writes nothing', async () => {
    const broken = COLLECTION.slice(0, COLLECTION.indexOf('<PLAYLISTS>'))
    await expect(exportNml(libraryOf([trackAt(ONE)]), broken)).rejects.toMatchObject({code: 'FORMAT_INVALID'})
    await expect(exportNml(libraryOf([]), '<html></html>')).rejects.toMatchObject({code: 'FORMAT_INVALID'})
  })

  it('refuses options that it does not know', async () => {
    for (const options of [{version: '21'}, {cues: 'yes'}, {speed: '1'}, {volume: 'a/b'}])
      await expect(exportNml(libraryOf([]), null, options)).rejects.toMatchObject({code: 'USAGE'})
  })
})

describe('a merge of cues', () => {
  const drop = 'START="30100.000000" LEN="0.000000" REPEATS="-1" HOTCUE="1" COLOR="#FF0000"'
  const last = '</CUE_V2>\n</ENTRY>\n<ENTRY TITLE="Stranger">'
  const withMark = (attributesOfMark: string) =>
    [last, `</CUE_V2>\n<CUE_V2 ${attributesOfMark}></CUE_V2>\n</ENTRY>\n<ENTRY TITLE="Stranger">`] as const

  it("gives a pad to the cue that a person set in crate, and leaves the mark's own attributes", async () => {
    const moved = trackAt(ONE, {cues: [cue({slot: 1, positionMs: 31000, name: 'Drop'})]})
    expect((await merge([moved])).text).toBe(changed([drop, drop.replace('30100', '31000')]))
    const loop = trackAt(ONE, {cues: [cue({slot: 1, positionMs: 30100, lengthMs: 500, colorRgb: 0x00ff00})]})
    expect((await merge([loop])).text).toBe(
      changed([
        `NAME="Drop" DISPL_ORDER="0" TYPE="0" ${drop}`,
        `NAME="n.n." DISPL_ORDER="0" TYPE="5" ${drop.replace('LEN="0', 'LEN="500').replace('FF0000', '00FF00')}`,
      ]),
    )
  })

  it('adds what is new and leaves what crate does not have', async () => {
    const track = trackAt(ONE, {cues: [cue({slot: 4, positionMs: 5000, name: 'Vox', colorRgb: 0x0000ff})]})
    const mark =
      'NAME="Vox" DISPL_ORDER="0" TYPE="0" START="5000.000000" LEN="0.000000" REPEATS="-1" HOTCUE="4" COLOR="#0000FF"'
    expect((await merge([track])).text).toBe(changed(withMark(mark)))
  })

  it.each(['analysis', 'import:traktor'] as const)('does not let cues of %s push out what stands', async (origin) => {
    const cues = [
      cue({slot: 1, positionMs: 31000, origin}),
      cue({slot: 5, positionMs: 30140, origin}),
      cue({kind: 'memory', slot: null, positionMs: 90_000, origin}),
    ]
    const mark = 'NAME="n.n." DISPL_ORDER="0" TYPE="0" START="90000.000000" LEN="0.000000" REPEATS="-1" HOTCUE="-1"'
    expect((await merge([trackAt(ONE, {cues})])).text).toBe(changed(withMark(mark)))
  })

  it("makes the pads crate's alone where the person asks for it", async () => {
    const track = trackAt(ONE, {cues: [cue({kind: 'memory', slot: null, positionMs: 60_100, lengthMs: 1000})]})
    const {text} = await merge([track], [], {cues: 'replace'})
    expect(text).toBe(changed([`<CUE_V2 NAME="Drop" DISPL_ORDER="0" TYPE="0" ${drop}></CUE_V2>\n`, '']))
  })
})

describe('a merge of grids', () => {
  const grid = [{positionMs: 200, tempoBpm: 125, beatInBar: 1}]
  const old =
    '<CUE_V2 NAME="AutoGrid" DISPL_ORDER="0" TYPE="4" START="100.000000" LEN="0.000000" REPEATS="-1" HOTCUE="-1" NEW="?">' +
    '<GRID BPM="124.000000"></GRID>\n</CUE_V2>\n'

  it("keeps Traktor's where crate's is of its analysis", async () => {
    expect((await merge([trackAt(ONE, {beatGrid: grid, tempoBpm: 125, gridOrigin: 'analysis'})])).text).toBe(COLLECTION)
  })

  it("writes a person's and locks it", async () => {
    const {text} = await merge([trackAt(ONE, {beatGrid: grid, tempoBpm: 125, gridOrigin: 'user'})])
    expect(text).not.toContain(old)
    expect(text).toContain('MOOD="dark" LOCK="1">')
    expect(text).toContain('<TEMPO BPM="125.000000" BPM_QUALITY="100.000000">')
    expect((await importNml(text)).tracks[0]).toMatchObject({beatGrid: grid, tempoBpm: 125, isGridLocked: true})
  })

  it('leaves one that is locked in Traktor, and says so', async () => {
    const locked = COLLECTION.replace('MOOD="dark"', 'MOOD="dark" LOCK="1"')
    const library = libraryOf([trackAt(ONE, {beatGrid: grid, tempoBpm: 125, gridOrigin: 'import:serato'})])
    const kept = await exportNml(library, locked)
    expect(kept.text).toBe(locked)
    expect(kept.warnings).toHaveLength(1)
    const replaced = await exportNml(library, locked, {grid: 'replace'})
    expect((await importNml(replaced.text)).tracks[0]?.beatGrid).toEqual(grid)
  })
})

describe('a merge of playlists', () => {
  const one = ONE as TrackId
  const two = TWO as TrackId
  const tracks = [trackAt(ONE), trackAt(TWO)]
  const listed = (text: string) =>
    [...text.matchAll(/KEY="([^"]*)"><\/PRIMARYKEY>/g)].map(([, key]) => key?.split('/:').at(-1))

  it("puts crate's list beside Traktor's, in the folder of the same name", async () => {
    const playlists: PlaylistNode[] = [
      {kind: 'folder', name: 'Gigs', children: [{kind: 'list', name: 'Saturday', tracks: [two, one, two]}]},
      {kind: 'folder', name: 'Ä & B', children: []},
    ]
    const {text} = await merge(tracks, playlists)
    const read = await importNml(text)
    expect(read.playlists.map(({name}) => name)).toEqual(['New', 'Gigs', 'Ä & B'])
    expect(text).toContain(SMART)
    expect(text).toContain('<NODE TYPE="FOLDER" NAME="$ROOT"><SUBNODES COUNT="4">')
    expect(text).toContain('<NODE TYPE="FOLDER" NAME="Gigs"><SUBNODES COUNT="2">')
    expect(listed(text)).toEqual(['stranger.flac', 'one.flac', 'gone.mp3', 'two.flac', 'one.flac', 'two.flac'])
  })

  it('orders the tracks that it knows and keeps the others behind the one that they follow', async () => {
    const friday = (ids: readonly TrackId[]): PlaylistNode[] => [
      {kind: 'folder', name: 'Gigs', children: [{kind: 'list', name: 'Friday', tracks: ids}]},
    ]
    expect((await merge(tracks.slice(0, 1), friday([one]))).text).toBe(COLLECTION)
    const {text} = await merge(tracks, friday([two, one]))
    expect(listed(text)).toEqual(['stranger.flac', 'two.flac', 'one.flac', 'gone.mp3'])
    expect(text).toContain('<PLAYLIST ENTRIES="4" TYPE="LIST" UUID="f1">')
    expect(text).toContain('<EXTENDEDDATA DECK="1"></EXTENDEDDATA>')
    expect(listed((await merge(tracks, friday([]))).text)).toEqual(['stranger.flac', 'gone.mp3'])
  })

  it('does not take from a list of Traktor what was added there since the import', async () => {
    const both = COLLECTION.replace(
      '<ENTRY><PRIMARYKEY TYPE="TRACK" KEY="E:/:gone.mp3">',
      '<ENTRY><PRIMARYKEY TYPE="TRACK" KEY="C:/:Music/:two.flac"></PRIMARYKEY>\n</ENTRY>\n$&',
    )
    const extras = {traktor: {uuid: 'f1'}}
    const playlists: PlaylistNode[] = [
      {kind: 'folder', name: 'Gigs', children: [{kind: 'list', name: 'Friday', tracks: [one], extras}]},
    ]
    const kept = await exportNml(libraryOf(tracks, playlists), both)
    expect(listed(kept.text)).toEqual(['stranger.flac', 'one.flac', 'two.flac', 'gone.mp3'])
    const replaced = await exportNml(libraryOf(tracks, playlists), both, {playlists: 'replace'})
    expect(listed(replaced.text)).toEqual(['stranger.flac', 'one.flac', 'gone.mp3'])
  })

  it.each([
    ['a section without a tree', '<PLAYLISTS></PLAYLISTS>'],
    ['a section closed in itself', '<PLAYLISTS/>'],
    ['an empty root', '<PLAYLISTS><NODE TYPE="FOLDER" NAME="$ROOT"></NODE></PLAYLISTS>'],
    ['a root closed in itself', '<PLAYLISTS><NODE TYPE="FOLDER" NAME="$ROOT"/></PLAYLISTS>'],
    ['an empty SUBNODES', '<PLAYLISTS><NODE TYPE="FOLDER" NAME="$ROOT"><SUBNODES COUNT="0"/></NODE></PLAYLISTS>'],
    ['no section', ''],
  ])('fills %s', async (_name, section) => {
    const bare = `<NML VERSION="19"><COLLECTION ENTRIES="0"/>${section}<INDEXING></INDEXING></NML>`
    const playlists: PlaylistNode[] = [{kind: 'list', name: 'Set', tracks: [one]}]
    const {text} = await exportNml(libraryOf(tracks, playlists), bare)
    const read = await importNml(text)
    expect(read.tracks.map(({file}) => file.path)).toEqual([ONE, TWO])
    expect(read.playlists).toEqual([{kind: 'list', name: 'Set', tracks: ['C:/:Music/:one.flac']}])
    expect(text.endsWith('<INDEXING></INDEXING></NML>')).toBe(true)
  })

  it('gives the same bytes for the same library, and changes nothing the second time', async () => {
    const playlists: PlaylistNode[] = [
      {kind: 'list', name: 'Set', tracks: [one]},
      {kind: 'list', name: 'Set', tracks: [two]},
    ]
    const library = libraryOf(tracks, playlists)
    const first = await exportNml(library, COLLECTION)
    expect((await exportNml(library, COLLECTION)).text).toBe(first.text)
    expect((await exportNml(library, first.bytes)).text).toBe(first.text)
    const ids = [...first.text.matchAll(/NAME="Set"><PLAYLIST ENTRIES="1" TYPE="LIST" UUID="([0-9a-f]{32})"/g)]
    expect(new Set(ids.map(([, id]) => id)).size).toBe(2)
  })
})
