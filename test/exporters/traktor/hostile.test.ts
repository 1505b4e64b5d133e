// Damaged and hostile files: a clear error or warnings, in bounded time and memory, and never a damaged collection.
import {describe, expect, it} from 'vitest'
import {decodeHistory} from '../../../exporters/traktor/history.js'
import {isCrateError} from '../../../src/core/errors.js'
import {libraryOf} from '../harness.js'
import {cpuMs} from '../hostile.js'
import {readShared, sharedFormats} from '../shared-files.js'
import {exportNml, importNml, trackAt} from './support.js'

const folder = sharedFormats('traktor-nml')

const SLOWEST_MS = 5000

/** What comes of an import: it must end soon, and only with an error that a person can read. */
async function outcome(bytes: Uint8Array | string): Promise<{tracks: number; warnings: number; code: string | null}> {
  const start = cpuMs()
  try {
    const {tracks, warnings} = await importNml(bytes, {pieceBytes: 65_536})
    return {tracks: tracks.length, warnings: warnings.length, code: null}
  } catch (error) {
    if (!isCrateError(error)) throw error
    return {tracks: 0, warnings: 0, code: error.code}
  } finally {
    expect(cpuMs() - start).toBeLessThan(SLOWEST_MS)
  }
}

/** A merge either refuses, or gives a file that reads whole again. */
async function mergeInto(bytes: Uint8Array): Promise<'refused' | 'written'> {
  try {
    const {bytes: merged} = await exportNml(libraryOf([trackAt('/Users/dj/new.mp3')]), bytes)
    const {warnings} = await importNml(merged, {pieceBytes: 65_536})
    expect(warnings.filter(({message}) => message.includes('damaged'))).toEqual([])
    return 'written'
  } catch (error) {
    if (!isCrateError(error)) throw error
    expect(error.code).toBe('FORMAT_INVALID')
    return 'refused'
  }
}

function wrap(collection: string, playlists = ''): string {
  return `<NML VERSION="19"><COLLECTION ENTRIES="1">${collection}</COLLECTION><PLAYLISTS>${playlists}</PLAYLISTS></NML>`
}

function entryAt(location: string): string {
  return `<ENTRY TITLE="x"><LOCATION ${location}></LOCATION></ENTRY>`
}

/** Whole numbers below `limit`, the same for the same seed. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >>> 8) % limit
  }
}

describe.skipIf(folder === null)('a real file', () => {
  it('cut off at each 1/64th is read as far as it goes, and never merged into', async () => {
    const bytes = readShared(folder ?? '', 'history/history_2010y11m21d_21h46m29s.nml')
    const found: number[] = []
    for (let part = 0; part < 64; part++) {
      const cut = bytes.subarray(0, Math.floor((bytes.length * part) / 64))
      const {tracks, warnings, code} = await outcome(cut)
      expect(code === 'FORMAT_INVALID' || warnings > 0).toBe(true)
      found.push(tracks)
      if (part > 0) expect(await mergeInto(cut)).toBe('refused')
    }
    expect(found).toEqual([...found].sort((a, b) => a - b))
    expect(found.at(-1)).toBe(10)
  })

  it('of 3 MB cut off within a list gives all its tracks and says what is missing', async () => {
    const bytes = readShared(folder ?? '', 'ryyckxxa-v15-collection.nml')
    const {tracks, playlists, warnings} = await importNml(bytes.subarray(0, bytes.length - 20_000))
    expect(tracks).toHaveLength(2557)
    expect(playlists.length).toBeGreaterThan(30)
    expect(warnings.some(({message}) => message.includes('damaged'))).toBe(true)
  })

  it('with 2,000 random changes never breaks anything', async () => {
    const originals = ['ddc-v19-traktor3.nml', 'nmlutils-v19-playlist.nml', 'history/history_2011y04m30d_15h59m34s.nml']
    const seen = {refused: 0, written: 0, imported: 0}
    for (let run = 0; run < 2000; run++) {
      const next = randomNumbers(run + 1)
      const bytes = Buffer.from(readShared(folder ?? '', originals[run % originals.length] ?? ''))
      for (let change = 0; change <= next(6); change++) {
        const at = next(bytes.length)
        const kind = next(4)
        if (kind === 0) bytes[at] = next(256)
        else if (kind === 1) bytes.write('<>"\'/&='.charAt(next(7)), at)
        else if (kind === 2) bytes.copyWithin(at, next(bytes.length), next(bytes.length))
        else bytes.write(String(next(2) === 0 ? -1 : 1e308), at)
      }
      const {code} = await outcome(bytes)
      if (code === null) seen.imported++
      seen[await mergeInto(bytes)]++
      try {
        decodeHistory(bytes)
      } catch (error) {
        expect(isCrateError(error)).toBe(true)
      }
    }
    expect(seen.refused + seen.written).toBe(2000)
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(100)
  })
})

describe('a hostile file', () => {
  it.each([
    ['nothing', ''],
    ['blanks', ' \n '],
    ['another XML', '<DJ_PLAYLISTS Version="1.0.0"></DJ_PLAYLISTS>'],
    ['no XML', 'MThd\0\0\0\u0006'],
    ['two roots', '<NML></NML><NML></NML>'],
    ['a bomb of entities', '<!DOCTYPE NML [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><NML></NML>'],
    ['a document type', '<!DOCTYPE NML SYSTEM "file:///etc/passwd"><NML></NML>'],
  ])('of %s is refused', async (_name, text) => {
    expect((await outcome(text)).code).toBe('FORMAT_INVALID')
  })

  it('with entities of its own has them left as they are written', async () => {
    const {tracks} = await importNml(wrap(entryAt('DIR="/:" FILE="&lol;.mp3" VOLUME="C:"')))
    expect(tracks[0]?.file.path).toBe('C:/&lol;.mp3')
  })

  it.each([
    'DIR="/:..​/:" FILE="" VOLUME="C:"',
    'DIR="/:..&#47;:etc/:" FILE="passwd" VOLUME=""',
    'DIR="/:x/:" FILE=".." VOLUME="C:"',
    'DIR="/:x/:" FILE="&#0;" VOLUME="C:"',
    'DIR="/:x/:" FILE="y" VOLUME="../../etc"',
  ])('that names %s gives a warning and no track', async (location) => {
    expect(await outcome(wrap(entryAt(location)))).toEqual({tracks: 0, warnings: 1, code: null})
  })

  it('with values that are no numbers gives what is one', async () => {
    const broken =
      '<ENTRY LOCK="yes"><LOCATION DIR="/:" FILE="x.mp3" VOLUME="C:"></LOCATION>' +
      '<INFO RANKING="1e99" PLAYCOUNT="-5" PLAYTIME="NaN" COLOR="99" IMPORT_DATE="0/0/0"></INFO><TEMPO BPM="0"></TEMPO>' +
      '<CUE_V2 TYPE="0" START="x"></CUE_V2><CUE_V2 TYPE="4" START="1e400"></CUE_V2>' +
      '<CUE_V2 TYPE="0" START="5" LEN="-1" HOTCUE="1e9"></CUE_V2></ENTRY>'
    const {tracks} = await importNml(wrap(broken))
    expect(tracks[0]).toMatchObject({ratingStars: null, playCount: 0, colorRgb: null, addedAt: null, tempoBpm: null})
    expect(tracks[0]?.file.durationMs).toBeNull()
    expect(tracks[0]?.beatGrid).toEqual([])
    expect(tracks[0]?.cues).toHaveLength(1)
  })

  it('with a list that cannot be read gives the others', async () => {
    const list = (name: string, attributes: string) =>
      `<NODE TYPE="PLAYLIST" ${name}><PLAYLIST ${attributes}></PLAYLIST></NODE>`
    const broken =
      list('NAME="bad"', 'ENTRIES=0') + list('NAME=worse', 'ENTRIES="0"') + list('NAME="good"', 'ENTRIES="0"')
    const root = `<NODE TYPE="FOLDER" NAME="$ROOT"><SUBNODES COUNT="3">${broken}</SUBNODES></NODE>`
    const {playlists, warnings} = await importNml(wrap('', root))
    expect(playlists.map(({name}) => name)).toEqual(['good'])
    expect(warnings).toHaveLength(2)
  })

  it('of folders in folders without end is refused in time', async () => {
    const open = '<NODE TYPE="FOLDER" NAME="x"><SUBNODES COUNT="1">'
    const {warnings} = await outcome(wrap('', open.repeat(100_000)))
    expect(warnings).toBe(1)
    const closed = wrap('', open.repeat(80) + '</SUBNODES></NODE>'.repeat(80))
    expect(await outcome(closed)).toEqual({tracks: 0, warnings: 0, code: null})
  })

  it('with a value, a tag or a comment that never ends is refused in time, whole or in pieces', async () => {
    for (const start of ['<NML><COLLECTION><ENTRY TITLE="', '<NML><!--', '<NML><COLLECTION><ENTRY ', '<NML '])
      expect(['FORMAT_INVALID', null]).toContain((await outcome(start + 'x'.repeat(20_000_000))).code)
  })

  it('with a list that never ends costs no more than its size', async () => {
    const entry = '<ENTRY><PRIMARYKEY TYPE="TRACK" KEY="C:/:x.mp3"></PRIMARYKEY></ENTRY>'
    const list = `<NODE TYPE="PLAYLIST" NAME="x"><PLAYLIST>${entry.repeat(300_000)}`
    const {code, warnings} = await outcome(wrap('', list))
    expect(code === null && warnings > 0).toBe(true)
  })

  it('keeps a tree of playlists that holds itself from being written', async () => {
    const loop: {kind: 'folder'; name: string; children: unknown[]} = {kind: 'folder', name: 'loop', children: []}
    loop.children.push(loop)
    const library = {...libraryOf([]), playlists: () => [loop] as never}
    await expect(exportNml(library)).rejects.toMatchObject({code: 'FORMAT_INVALID'})
  })
})

describe('extras that somebody changed', () => {
  it('do not break the file', async () => {
    const broken = {
      traktor: {
        attributes: {INFO: {'A="1"><X': 'y', FLAGS: '"<&'}, LOCATION: 'x', 'X><Y': {A: 'b'}},
        elements: ['<STEMS>', 'text', '</ENTRY><ENTRY>', '<OK A="1"></OK>', 5],
      },
    }
    const smart = {
      kind: 'smart',
      name: 's',
      query: null,
      tracks: [],
      extras: {traktor: {smartList: '</NODE>'}},
    } as const
    const {text} = await exportNml(libraryOf([trackAt('/a/x.mp3', {extras: broken})], [smart]))
    const {tracks, warnings, playlists} = await importNml(text)
    expect(warnings).toEqual([])
    expect(tracks[0]?.extras).toEqual({
      traktor: {attributes: {INFO: {FLAGS: '"<&'}}, elements: ['<OK A="1"></OK>']},
    })
    expect(playlists).toEqual([{kind: 'list', name: 's', tracks: [], extras: {traktor: {}}}])
  })
})
