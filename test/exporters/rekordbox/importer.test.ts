// Rekordbox XML in the ways that programs and people write it.
import {describe, expect, it} from 'vitest'
import {importer} from '../../../exporters/rekordbox/importer.js'
import {type Imported, runImport} from '../harness.js'

function document(collection: string, playlists = '', encoding = 'UTF-8'): string {
  return `<?xml version="1.0" encoding="${encoding}"?><DJ_PLAYLISTS Version="1.0.0"><PRODUCT Name="x"/><COLLECTION>${collection}</COLLECTION><PLAYLISTS>${playlists}</PLAYLISTS></DJ_PLAYLISTS>`
}

function track(id: number, children = '', location = `file://localhost/m/${id}.mp3`): string {
  return `<TRACK TrackID="${id}" Name="t${id}" Location="${location}">${children}</TRACK>`
}

async function read(text: string | Buffer, options = {}): Promise<Imported> {
  return runImport(importer, {'': text}, options)
}

describe('cues', () => {
  it.each([
    [
      '<POSITION_MARK Name="A" Type="0" Start="1.5" Num="0" Red="40" Green="226" Blue="20"/>',
      {kind: 'hot', slot: 0, positionMs: 1500, lengthMs: null, name: 'A', colorRgb: 0x28e214},
    ],
    [
      '<POSITION_MARK Name="" Type="0" Start="0.000" Num="-1"/>',
      {kind: 'memory', slot: null, positionMs: 0, colorRgb: null},
    ],
    [
      '<POSITION_MARK Name="" Type="4" Start="148.804" End="157.059" Num="5"/>',
      {kind: 'hot', slot: 5, positionMs: 148_804, lengthMs: 8255},
    ],
    ['<POSITION_MARK Name="" Type="4" Start="1" End="2" Num="-1"/>', {kind: 'memory', slot: null, lengthMs: 1000}],
    ['<POSITION_MARK Name="" Type="1" Start="1" Num="-1"/>', {kind: 'fade-in', slot: null}],
    ['<POSITION_MARK Name="" Type="2" Start="1" Num="-1"/>', {kind: 'fade-out', slot: null}],
    ['<POSITION_MARK Name="" Type="3" Start="1" Num="2"/>', {kind: 'load', slot: 2}],
    ['<POSITION_MARK Name="" Type="4" Start="1" End="1" Num="0"/>', {kind: 'hot', slot: 0, lengthMs: null}],
  ])('%s', async (mark, cue) => {
    const {tracks} = await read(document(track(1, mark)))
    expect(tracks[0]?.cues).toMatchObject([{...cue, origin: 'import:rekordbox'}])
  })

  it('keeps the last of two on one pad there, and the other as a memory cue', async () => {
    const mark = (start: number) => `<POSITION_MARK Name="" Type="0" Start="${start}" Num="3"/>`
    const {tracks, warnings} = await read(document(track(1, mark(1) + mark(2))))
    expect(tracks[0]?.cues).toMatchObject([
      {kind: 'memory', slot: null, positionMs: 1000},
      {kind: 'hot', slot: 3, positionMs: 2000},
    ])
    expect(warnings.length).toBe(1)
  })
})

describe('grids', () => {
  it('keeps every marker, in order of position, with its bar', async () => {
    const tempos =
      '<TEMPO Inizio="9" Bpm="121.5" Metro="3/4" Battito="2"/><TEMPO Inizio="0.025" Bpm="120.00" Metro="4/4" Battito="1"/>'
    const {tracks} = await read(document(track(1, tempos)))
    expect(tracks[0]?.beatGrid).toEqual([
      {positionMs: 25, tempoBpm: 120, beatInBar: 1},
      {positionMs: 9000, tempoBpm: 121.5, beatInBar: 2, beatsPerBar: 3},
    ])
  })
})

describe('positions', () => {
  const mark = '<POSITION_MARK Name="" Type="0" Start="1.000" Num="0"/>'

  it('move to crate’s time by the header of the file', async () => {
    const {tracks} = await read(document(track(1, mark)), {headerCase: () => 'lame'})
    expect(tracks[0]?.cues[0]?.positionMs).toBeCloseTo(1000 - 26 - 25.06, 1)
    expect(tracks[0]?.file.mp3HeaderCase).toBe('lame')
  })

  it('stay where the person said so', async () => {
    const {tracks} = await read(document(track(1, mark)), {headerCase: () => 'lame', shiftsPositions: false})
    expect(tracks[0]?.cues[0]?.positionMs).toBe(1000)
  })

  it('stay where the file cannot be read, and are marked as Rekordbox’s', async () => {
    const {tracks} = await read(document(track(1, mark)))
    expect(tracks[0]?.cues[0]?.positionMs).toBe(1000)
    expect(tracks[0]?.extras['rekordbox']).toMatchObject({clock: 'rekordbox'})
  })
})

describe('playlists', () => {
  const list = (attributes: string, keys: readonly string[]) =>
    `<NODE Name="L" Type="1" ${attributes}>${keys.map((key) => `<TRACK Key="${key}"/>`).join('')}</NODE>`
  const root = (inner: string) => `<NODE Type="0" Name="ROOT" Count="1">${inner}</NODE>`

  it('resolves keys that are TrackIDs', async () => {
    const {playlists} = await read(document(track(1) + track(2), root(list('KeyType="0"', ['2', '1', '2']))))
    expect(playlists).toEqual([{kind: 'list', name: 'L', tracks: ['2', '1', '2']}])
  })

  it('resolves keys that are Locations, however they are escaped', async () => {
    const collection = track(1, '', 'file://localhost/Users/a/%c3%a9%20x.mp3') + track(2)
    const keys = ['file://localhost/Users/a/e%CC%81%20X.mp3', 'file:///m/2.mp3']
    const {playlists} = await read(document(collection, root(list('KeyType="1"', keys))))
    expect(playlists).toEqual([{kind: 'list', name: 'L', tracks: ['1', '2']}])
  })

  it('reads lists that stand before the collection', async () => {
    const text = `<DJ_PLAYLISTS><PLAYLISTS>${root(list('KeyType="0"', ['1']))}</PLAYLISTS><COLLECTION>${track(1)}</COLLECTION></DJ_PLAYLISTS>`
    const {tracks, playlists} = await read(text)
    expect([tracks.length, playlists]).toEqual([1, [{kind: 'list', name: 'L', tracks: ['1']}]])
  })

  it('counts keys that name no track, and keeps the others', async () => {
    const {playlists, warnings} = await read(document(track(1), root(list('KeyType="0"', ['9', '1', '8']))))
    expect(playlists).toEqual([{kind: 'list', name: 'L', tracks: ['1']}])
    expect(warnings).toEqual([expect.objectContaining({subject: 'L', message: expect.stringMatching(/^2 /)})])
  })

  it('takes a file without playlists', async () => {
    const {playlists} = await read(`<DJ_PLAYLISTS><COLLECTION>${track(1)}</COLLECTION></DJ_PLAYLISTS>`)
    expect(playlists).toEqual([])
  })
})

describe('files of other tools', () => {
  it('skips tracks of streaming services with a warning', async () => {
    const {tracks, warnings} = await read(document(track(1, '', 'file://localhosttidal:tracks:5') + track(2)))
    expect(tracks.map(({ref}) => ref)).toEqual(['2'])
    expect(warnings[0]?.message).toContain('tidal')
  })

  it('keeps two tracks of one TrackID apart', async () => {
    const {tracks} = await read(document(track(1) + track(1, '', 'file://localhost/m/other.mp3')))
    expect(new Set(tracks.map(({ref}) => ref)).size).toBe(2)
  })

  it.each<[BufferEncoding, string, string]>([
    ['latin1', 'ISO-8859-1', ''],
    ['utf16le', 'UTF-16', '\uFEFF'],
    ['utf8', 'UTF-8', '\uFEFF'],
  ])('reads %s', async (encoding, name, mark) => {
    const text = mark + document(track(1, '', 'file://localhost/m/caf\u00e9.mp3'), '', name)
    const {tracks} = await read(Buffer.from(text, encoding))
    expect(tracks[0]?.file.path).toBe('/m/café.mp3')
  })

  it('reads on past a bare & and forbidden characters, and says so', async () => {
    const {tracks, warnings} = await read(
      document(`<TRACK TrackID="1" Name="R&B \u0001" Location="file://localhost/m/1.mp3"/>`),
    )
    expect(tracks[0]?.tags.title).toContain('R')
    expect(warnings.length).toBe(1)
  })

  it('finds the same wherever the stream is cut', async () => {
    const text = Buffer.from(
      document(track(1, '<TEMPO Inizio="0.1" Bpm="120" Metro="4/4" Battito="1"/>', 'file://localhost/m/🔥é&amp;.mp3')),
    )
    const whole = await read(text)
    for (const pieceBytes of [1, 2, 3, 7, 255, 257]) expect(await read(text, {pieceBytes})).toEqual(whole)
  })
})
