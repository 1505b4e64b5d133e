// CSV: python3's csv module is the judge of the text; what a table carries comes back.
import {execFileSync} from 'node:child_process'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {syntheticLibrary, syntheticTrack} from '../../../bench/formats/synthetic-tracks.js'
import {encodeCsvRow, parseCsv, separatorOf} from '../../../exporters/csv/codec.js'
import {exporter} from '../../../exporters/csv/exporter.js'
import {importer} from '../../../exporters/csv/importer.js'
import type {ImportedTrack} from '../../../src/api/format.js'
import {beatsOfGrid} from '../../../src/core/beat-grid.js'
import type {Track} from '../../../src/core/track.js'
import {runExport, runImport} from '../harness.js'

async function rowsOf(text: string, size = 1000): Promise<string[][]> {
  async function* pieces() {
    for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
  }
  const rows: string[][] = []
  for await (const row of parseCsv(pieces())) rows.push(row)
  return rows
}

const cell = fc.string({unit: fc.constantFrom('a', 'é', ' ', ',', ';', '\t', '"', '\n', '\r', '🔥', '=')})
const table = fc.array(fc.array(cell, {minLength: 3, maxLength: 3}), {minLength: 1, maxLength: 8})

describe('rows', () => {
  it('come back as they were, wherever the text is cut', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.integer({min: 1, max: 9}), async (rows, size) => {
        const text = [['x', 'y', 'z'], ...rows].map((row) => encodeCsvRow(row)).join('')
        expect(await rowsOf(text, size)).toEqual([['x', 'y', 'z'], ...rows])
      }),
    )
  })

  it('are what python3 reads', () => {
    const rows = fc.sample(table, {numRuns: 100, seed: 5}).flat()
    const script = `
import sys, csv, io, json
print(json.dumps(list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode(), newline=''), strict=True))))`
    const input = rows.map((row) => encodeCsvRow(row)).join('')
    expect(JSON.parse(execFileSync('python3', ['-c', script], {input}).toString())).toEqual(rows)
  })

  it('reads what python3 writes, in each of its dialects', async () => {
    const rows = [['path', 'b', 'c'], ...fc.sample(table, {numRuns: 60, seed: 6}).flat()]
    const script = `
import sys, csv, io, json
out = io.StringIO(newline='')
csv.writer(out, sys.argv[1]).writerows(json.load(sys.stdin))
sys.stdout.buffer.write(out.getvalue().encode())`
    for (const dialect of ['excel', 'unix', 'excel-tab']) {
      const text = execFileSync('python3', ['-c', script, dialect], {input: JSON.stringify(rows)}).toString()
      expect(await rowsOf(text), dialect).toEqual(rows)
    }
  })

  it.each([
    ['a,b;c,d\n', ','],
    ['a;b;"c,d,e,f"\n', ';'],
    ['a\tb\tc\n', '\t'],
    ['path\n', ','],
  ])('%j are separated by %j', (text, separator) => expect(separatorOf(text)).toBe(separator))

  it('refuses a quote that never ends', async () => {
    await expect(rowsOf('a,b\n"never ends,c\nd,e')).rejects.toMatchObject({code: 'FORMAT_INVALID'})
  })
})

const COUNT = 300
const library = syntheticLibrary(COUNT)

function carried({file, tags, ...track}: Track | ImportedTrack) {
  const {path, durationMs, sampleRateHz, bitRateKbps, sizeBytes} = file
  const {key: _key, tempoBpm: _tempoBpm, ...ownTags} = tags
  const cues = track.cues.map(({origin, ...cue}) => cue)
  return {
    file: {path, durationMs, sampleRateHz, bitRateKbps, sizeBytes},
    tags: ownTags,
    cues,
    tempoBpm: track.tempoBpm,
    key: track.key,
    ratingStars: track.ratingStars,
    colorRgb: track.colorRgb,
    playCount: track.playCount,
    lastPlayedAt: track.lastPlayedAt,
    addedAt: track.addedAt,
  }
}

describe('a table of the library', () => {
  it('brings back all that a row can hold', async () => {
    const {files} = await runExport(exporter, library)
    const {tracks, warnings} = await runImport(importer, {'': files.get('') ?? ''})
    expect(warnings).toEqual([])
    expect(tracks.length).toBe(COUNT)
    for (const [index, track] of tracks.entries()) expect(carried(track)).toEqual(carried(syntheticTrack(index)))
  })

  it('brings back a steady grid with its bars', async () => {
    const {files} = await runExport(exporter, library)
    const {tracks} = await runImport(importer, {'': files.get('') ?? ''})
    let compared = 0
    for (const [index, track] of tracks.entries()) {
      const {beatGrid} = syntheticTrack(index)
      if (beatGrid.length !== 1 || beatGrid[0]?.beatsPerBar !== undefined) continue
      compared++
      const beats = (grid: typeof beatGrid) =>
        beatsOfGrid(grid, 20_000).map(({positionMs, beatInBar}) => [Math.round(positionMs), beatInBar])
      expect(beats(track.beatGrid)).toEqual(beats(beatGrid))
    }
    expect(compared).toBeGreaterThan(100)
  })

  it.each([
    ['semicolon', ';'],
    ['tab', '\t'],
  ])('can be separated by %s, with a mark for Excel', async (separator, character) => {
    const {files} = await runExport(exporter, library, {options: {separator, bom: 'yes'}})
    const text = files.get('') ?? ''
    expect(text.startsWith(`\uFEFFpath${character}title`)).toBe(true)
    expect((await runImport(importer, {'': text})).tracks.length).toBe(COUNT)
  })

  it('refuses an unknown separator, naming those it has', async () => {
    await expect(runExport(exporter, library, {options: {separator: 'dot'}})).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('semicolon'),
    })
  })
})

describe('tables of others', () => {
  it('reads a text list of Rekordbox: UTF-16, tabs, its own headings', async () => {
    const text =
      '\uFEFF#\tTrack Title\tArtist\tBPM\tKey\tRating\tDate Added\tLocation\r\n1\tÉté\tЖ\t128.00\t8A\t3\t2024-05-06\tC:\\Music\\x.mp3\r\n'
    const {tracks, warnings} = await runImport(importer, {'': Buffer.from(text, 'utf16le')})
    expect(warnings).toEqual([])
    expect(tracks).toMatchObject([
      {
        file: {path: 'C:\\Music\\x.mp3', format: 'mp3'},
        tags: {title: 'Été', artist: 'Ж'},
        tempoBpm: 128,
        key: {tonic: 'A', mode: 'minor'},
        ratingStars: 3,
        addedAt: '2024-05-06',
      },
    ])
  })

  it('reads Latin-1 with semicolons and commas in numbers, and paths beside the table', async () => {
    const text = Buffer.from('Path;Title;BPM\r\n../music/caf\u00e9.mp3;Caf\u00e9;127,5\r\n', 'latin1')
    const {tracks} = await runImport(importer, {'': text}, {root: '/dj/lists/table.csv'})
    expect(tracks).toMatchObject([{file: {path: '/dj/music/café.mp3'}, tags: {title: 'Café'}, tempoBpm: 127.5}])
  })

  it('says which cells it cannot read, and keeps the rest of the row', async () => {
    const text = 'path,bpm,rating,date added,cues,title\n/a.mp3,4294967296,9,2024-02-30,"[{]",Kept\n,1,,,,\n'
    const {tracks, warnings} = await runImport(importer, {'': text})
    expect(tracks).toMatchObject([{tags: {title: 'Kept'}, tempoBpm: null, ratingStars: null, addedAt: null, cues: []}])
    expect(warnings.map(({subject}) => subject)).toEqual(['/a.mp3', '/a.mp3', '/a.mp3', '/a.mp3', 'row 3'])
  })

  it('refuses a table without a path', async () => {
    await expect(runImport(importer, {'': 'title,artist\na,b\n'})).rejects.toMatchObject({code: 'FORMAT_INVALID'})
  })
})
