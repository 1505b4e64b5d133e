// Rekordbox XML that is cut, damaged or made to hurt.
import {describe, expect, it} from 'vitest'
import {syntheticLibrary} from '../../../bench/formats/synthetic-tracks.js'
import {createRekordboxExporter} from '../../../exporters/rekordbox/exporter.js'
import {importer} from '../../../exporters/rekordbox/importer.js'
import {runExport, testContext} from '../harness.js'
import {mutations, survive, truncations} from '../hostile.js'
import {readShared, sharedFormats} from '../shared-files.js'

async function generated(count: number): Promise<Buffer> {
  const {files} = await runExport(
    createRekordboxExporter(() => true),
    syntheticLibrary(count),
  )
  return Buffer.from(files.get('') ?? '')
}

function document(collection: string, playlists = '', head = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}<DJ_PLAYLISTS Version="1.0.0"><COLLECTION Entries="1">${collection}</COLLECTION><PLAYLISTS>${playlists}</PLAYLISTS></DJ_PLAYLISTS>`
}

function track(attributes: string, children = ''): string {
  return `<TRACK TrackID="1" Name="x" Location="file://localhost/m/x.mp3" ${attributes}>${children}</TRACK>`
}

describe('damaged files', () => {
  it('are refused at every 64th of their length', async () => {
    const bytes = await generated(60)
    let refused = 0
    for (const cut of truncations(bytes)) if ((await survive(importer, cut)).code === 'FORMAT_INVALID') refused++
    expect(refused).toBe(64)
  })

  it('survive 2,000 random mutations', async () => {
    const bytes = await generated(8)
    let ran = 0
    let readable = 0
    for (const mutation of mutations(bytes, 2000)) {
      if ((await survive(importer, mutation)).code === null) readable++
      ran++
    }
    expect(ran).toBe(2000)
    expect(readable).toBeGreaterThan(50)
  })

  const folder = sharedFormats('rekordbox-xml')
  it.skipIf(folder === null)('of Rekordbox’s own are refused where they are cut', async () => {
    for (const cut of truncations(readShared(folder ?? '', 'pyrekordbox-rb5.8.6.xml')))
      expect((await survive(importer, cut)).code).toBe('FORMAT_INVALID')
  })

  it('hand over what stood before the damage', async () => {
    const bytes = await generated(60)
    const seen: string[] = []
    const request = {
      source: (await import('../harness.js')).filesInMemory(
        {'': bytes.subarray(0, bytes.length / 2)},
        {pieceBytes: 4096},
      ),
      audioTags: {read: async () => null},
      shiftsPositions: true,
      options: {},
    }
    const reading = async () => {
      for await (const item of importer.import(request, testContext()))
        if (item.kind === 'track') seen.push(item.track.ref)
    }
    await expect(reading()).rejects.toMatchObject({code: 'FORMAT_INVALID'})
    expect(seen.length).toBeGreaterThan(10)
  })
})

describe('hostile files', () => {
  it('do not expand entities', async () => {
    const bomb = Array.from({length: 20}, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`).join('')
    const text = document(track('Artist="&e20;"'), '', `<!DOCTYPE x [<!ENTITY e0 "ha">${bomb}]>`)
    const before = process.memoryUsage().heapUsed
    const {imported} = await survive(importer, text)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024)
    expect(imported?.tracks[0]?.tags.artist?.length ?? 0).toBeLessThan(100)
    expect(imported?.warnings.length).toBeGreaterThan(0)
  })

  it('read no other file', async () => {
    const text = document(track('Artist="&passwd;"'), '', '<!DOCTYPE x [<!ENTITY passwd SYSTEM "file:///etc/passwd">]>')
    const {imported} = await survive(importer, text)
    expect(imported?.tracks[0]?.tags.artist).not.toContain('root')
  })

  it('are refused where nothing ends: an open attribute of 64 MB', async () => {
    expect((await survive(importer, document(`<TRACK Name="${'x'.repeat(64 << 20)}`))).code).toBe('FORMAT_INVALID')
  })

  it('are refused where elements nest a million deep', async () => {
    expect((await survive(importer, document('<A>'.repeat(1_000_000)))).code).toBe('FORMAT_INVALID')
  })

  it('flatten folders of 200 levels and keep the list inside', async () => {
    const nodes = `${'<NODE Type="0" Name="f">'.repeat(200)}<NODE Type="1" Name="deep" KeyType="0"><TRACK Key="1"/></NODE>${'</NODE>'.repeat(200)}`
    const {imported} = await survive(importer, document(track(''), nodes))
    expect(JSON.stringify(imported?.playlists)).toContain('deep')
    expect(JSON.stringify(imported?.playlists)).toContain('"tracks":["1"]')
  })

  it.each([
    'Size="99999999999999999999" TotalTime="4294967296" PlayCount="99999999999" Rating="4294967295"',
    'AverageBpm="1e308" Year="-5" BitRate="NaN" SampleRate="Infinity" TrackNumber="0x10"',
    'DateAdded="2021-02-30" Colour="red" AverageBpm="-120"',
  ])('have numbers that are left out: %s', async (attributes) => {
    const {imported} = await survive(importer, document(track(attributes)))
    expect(imported?.tracks.length).toBe(1)
    expect(imported?.warnings.length).toBeGreaterThan(0)
    expect(imported?.tracks[0]).toMatchObject({tempoBpm: null, playCount: 0, ratingStars: null, addedAt: null})
  })

  it.each([
    '<TEMPO Inizio="0" Bpm="4294967296" Metro="4/4" Battito="1"/>',
    '<TEMPO Inizio="1e99" Bpm="120" Metro="4/4" Battito="1"/>',
    '<TEMPO Inizio="0" Bpm="0" Metro="0/0" Battito="99999999999"/>',
    '<POSITION_MARK Type="0" Start="4294967296" Num="0"/>',
    '<POSITION_MARK Type="9" Start="1" Num="0"/>',
    '<POSITION_MARK/>',
  ])('have marks that are left out with a warning: %s', async (mark) => {
    const {imported} = await survive(importer, document(track('', mark)))
    expect(imported?.tracks[0]).toMatchObject({cues: [], beatGrid: []})
    expect(imported?.warnings.length).toBe(1)
  })

  it('keep a path with .. as it stands, for it is only a name here', async () => {
    const text = document('<TRACK TrackID="1" Location="file://localhost/m/../../etc/passwd.mp3"/>')
    expect((await survive(importer, text)).imported?.tracks[0]?.file.path).toBe('/m/../../etc/passwd.mp3')
  })

  it.each(['<plist><dict/></plist>', 'not xml at all', '', '\0\0\0\0', '<?xml version="1.0"?>'])(
    'that are no Rekordbox XML are refused: %j',
    async (text) => {
      expect((await survive(importer, text)).code).toBe('FORMAT_INVALID')
    },
  )
})
