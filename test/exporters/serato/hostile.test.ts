// Damaged and hostile files: a clear error or warnings, no crash, no hang, no memory without end, nothing overwritten.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {decodeRecords, encodeRecord, encodeRecords, streamRecords} from '../../../exporters/serato/container.js'
import {decodeCrate, encodeCrate, withTracks} from '../../../exporters/serato/crate.js'
import {crateFileName, levelsOfFileName, sanitizeCrateName} from '../../../exporters/serato/crate-name.js'
import {absolutePathOf} from '../../../exporters/serato/drive.js'
import {cratesOfOrder, decodeOrder} from '../../../exporters/serato/order.js'
import {decodeSession} from '../../../exporters/serato/session.js'
import {decodeSmartCrate} from '../../../exporters/serato/smart-crate.js'
import {queryOfRules} from '../../../exporters/serato/smart-rules.js'
import {tagChanges} from '../../../exporters/serato/tags/changes.js'
import {readSeratoTags} from '../../../exporters/serato/tags/read.js'
import type {RawTags} from '../../../src/api/format.js'
import {isCrateError} from '../../../src/core/errors.js'
import {parseQuery} from '../../../src/core/query/parse.js'
import {cpuMs} from '../hostile.js'
import {
  exportTo,
  formats,
  hasRealFiles,
  importFrom,
  libraryOf,
  macHome,
  read,
  sessions,
  temporaryFolder,
  track,
  usbDrive,
} from './support.js'

/** A fixed sequence of numbers in 0…1 (mulberry32), so that a failure can be run again. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** The bytes with up to 8 bytes changed, a piece cut out, or a length made huge. */
function mutated(bytes: Uint8Array, random: () => number): Buffer {
  const copy = Buffer.from(bytes)
  const at = () => Math.floor(random() * copy.length)
  const how = random()
  if (how < 0.15) return Buffer.concat([copy.subarray(0, at()), copy.subarray(at())])
  if (how < 0.35 && copy.length >= 8) {
    const start = Math.min(at(), copy.length - 4)
    return copy.fill(0xff, start, start + 4)
  }
  for (let n = 0; n < 1 + random() * 8; n++) copy[at()] = Math.floor(random() * 256)
  return copy
}

const tagFile = (name: string) => read(join(formats, 'serato-tags/serato-tags', name))
const rawOf = (
  format: 'mp3' | 'flac' | 'm4a' | 'ogg',
  tags: readonly (readonly [string, string])[],
  change: (bytes: Uint8Array) => Uint8Array,
): RawTags => ({
  container: format === 'mp3' ? 'id3' : format === 'm4a' ? 'mp4' : 'vorbis',
  format,
  tags: tags.map(([key, name]) => ({key, bytes: change(tagFile(name))})),
})

const id3Tags = ['Markers2', 'Markers_', 'BeatGrid', 'Autotags', 'Overview', 'Analysis'].map(
  (name) => [`GEOB:Serato ${name}`, `id3/hotcues-with-names/Serato ${name}.octet-stream`] as const,
)
const flacTags = [
  ['SERATO_MARKERS_V2', 'flac/hotcues-and-loops/Serato Markers2.octet-stream'],
  ['SERATO_BEATGRID', 'flac/hotcues-and-loops/Serato BeatGrid.octet-stream'],
  ['SERATO_AUTOGAIN', 'flac/hotcues-and-loops/Serato Autotags.octet-stream'],
] as const
const mp4Tags = [
  ['----:com.serato.dj:markersv2', 'mp4/analyzed/Serato Markers2.octet-stream'],
  ['----:com.serato.dj:markers', 'mp4/analyzed/Serato Markers_.octet-stream'],
  ['----:com.serato.dj:beatgrid', 'mp4/analyzed/Serato BeatGrid.octet-stream'],
] as const
const oggTags = [
  ['serato_markers2', 'ogg/bpmlock/serato_markers2.octet-stream'],
  ['serato_beatgrid', 'ogg/bpmlock/serato_beatgrid.octet-stream'],
] as const

const ours = track('1', '/music/a.mp3', {
  cues: [{kind: 'hot', slot: 0, positionMs: 100, lengthMs: null, name: 'a', colorRgb: null, origin: 'user'}],
  beatGrid: [{positionMs: 50, tempoBpm: 120, beatInBar: 1}],
  gridOrigin: 'user',
})

/** Reads a file of tags, and writes into it where it could be read. */
function readAndWrite(raw: RawTags): void {
  const tags = readSeratoTags(raw)
  expect(tags?.cues.every(({slot, positionMs}) => slot <= 255 && Number.isInteger(positionMs))).not.toBe(false)
  for (const {bytes} of tagChanges(ours, raw, {shiftsPositions: true}).set) expect(bytes.length).toBeLessThan(1 << 20)
}

/** How each format is read; every one gives a value or throws an error of crate. */
const READERS: readonly (readonly [string, () => Uint8Array, (bytes: Uint8Array) => void])[] = hasRealFiles
  ? [
      ['crate', () => read(join(macHome, '_Serato_/Subcrates/Gold.crate')), (bytes) => void decodeCrate(bytes)],
      ['smart crate', () => read(join(macHome, '_Serato_/SmartCrates/alternative.scrate')), readSmart],
      ['order', () => read(join(macHome, '_Serato_/neworder.pref')), (bytes) => void cratesOfOrder(decodeOrder(bytes))],
      ['session', () => read(join(sessions, 'serato-2.4-mac__66.session')), (bytes) => void decodeSession(bytes)],
    ]
  : []

function readSmart(bytes: Uint8Array): void {
  const query = queryOfRules(decodeSmartCrate(bytes))
  if (query === null) return
  try {
    parseQuery(query, {nowMs: 0})
  } catch (error) {
    if (!isCrateError(error)) throw error
  }
}

describe.skipIf(!hasRealFiles)('damaged files', {timeout: 120_000}, () => {
  it.each(READERS)('%s: cut at every 1/64th and changed 2,000 times', (_name, load, readBytes) => {
    const bytes = load()
    for (let part = 0; part < 64; part++) readBytes(bytes.subarray(0, Math.floor((bytes.length * part) / 64)))
    const random = randomFrom(7)
    for (let n = 0; n < 2000; n++) readBytes(mutated(bytes, random))
  })

  it.each([
    ['mp3', id3Tags],
    ['flac', flacTags],
    ['m4a', mp4Tags],
    ['ogg', oggTags],
  ] as const)('tags of %s: cut at every 1/64th and changed 2,000 times', (format, tags) => {
    for (let part = 0; part < 64; part++)
      readAndWrite(rawOf(format, tags, (bytes) => bytes.subarray(0, Math.floor((bytes.length * part) / 64))))
    const random = randomFrom(11)
    for (let n = 0; n < 2000; n++) readAndWrite(rawOf(format, tags, (bytes) => mutated(bytes, random)))
  })

  it('database V2: cut at every 1/64th and changed 2,000 times, on the way in and out', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, '_Serato_'))
    const file = join(folder, '_Serato_/database V2')
    const bytes = read(join(usbDrive, '_Serato_/database V2'))
    const random = randomFrom(13)
    const versions = [
      ...Array.from({length: 64}, (_, part) => bytes.subarray(0, Math.floor((bytes.length * part) / 64))),
      ...Array.from({length: 2000}, () => mutated(bytes, random)),
    ]
    const known = track('1', join(folder, 'CASSIUS_-_99_Keller 2016 RE-EDIT -.mp3'), {playCount: 900})
    for (const version of versions) {
      writeFileSync(file, version)
      const {tracks, warnings} = await importFrom(folder)
      expect(tracks.length).toBeLessThanOrEqual(5)
      const isWhole = decodeRecords(version).brokenAt === null
      const {paths} = await exportTo(folder, libraryOf([known]))
      if (isWhole) continue
      expect(warnings.length).toBeGreaterThan(0)
      expect(paths).toEqual([])
      expect(readFileSync(file).equals(version)).toBe(true)
    }
  })
})

async function collected<Item>(batches: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = []
  for await (const batch of batches) items.push(...batch)
  return items
}

describe('hostile files', () => {
  const head = (length: number, tag = 'otrk') => {
    const bytes = Buffer.from(`${tag}\0\0\0\0`, 'latin1')
    bytes.writeUInt32BE(length, 4)
    return bytes
  }

  it('a record of 4 GiB is refused without waiting for it', async () => {
    let pulled = 0
    async function* endless() {
      yield head(0xffffffff)
      for (; pulled < 1_000_000; pulled++) yield Buffer.alloc(1 << 16)
    }
    await expect(collected(streamRecords(endless()))).rejects.toMatchObject({code: 'FORMAT_INVALID'})
    expect(pulled).toBeLessThan(10)
    expect(decodeRecords(head(0xffffffff))).toEqual({records: [], brokenAt: 0})
  })

  it('a file in pieces of one byte is read in time that grows with its length', async () => {
    const record = encodeRecord({tag: 'otrk', payload: Buffer.alloc(100_000)})
    async function* bytewise() {
      for (const byte of record) yield Buffer.of(byte)
    }
    expect(await collected(streamRecords(bytewise()))).toHaveLength(1)
  })

  it('records nested 10,000 deep are read at the levels that mean something', () => {
    let bytes: Buffer = Buffer.alloc(0)
    for (let depth = 0; depth < 10_000; depth++) bytes = encodeRecord({tag: 'otrk', payload: bytes})
    expect(decodeCrate(bytes)).toMatchObject({paths: [], brokenAt: null})
    expect(decodeSession(bytes).plays).toEqual([])
  })

  it('a million empty records are read in time', () => {
    const bytes = Buffer.concat(Array.from({length: 1000}, () => Buffer.alloc(8000)))
    const startMs = cpuMs()
    expect(decodeRecords(bytes).records).toHaveLength(1_000_000)
    expect(cpuMs() - startMs).toBeLessThan(5000)
  })

  it.each(['../../etc/passwd', 'a/../../b.mp3', '', '/', 'a\0.mp3'])('a track at %j leads nowhere', (path) => {
    expect(absolutePathOf('/Volumes/USB', path)).toBeNull()
  })

  it('a row whose path leads outside is counted and left out', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, '_Serato_'))
    const text = (tag: string, value: string) => ({tag, payload: Buffer.from(value, 'utf16le').swap16()})
    const rows = ['../../etc/passwd', 'ok.mp3'].map((path) => ({
      tag: 'otrk',
      payload: encodeRecords([text('pfil', path)]),
    }))
    writeFileSync(join(folder, '_Serato_/database V2'), encodeRecords(rows))
    const {tracks, warnings} = await importFrom(folder)
    expect(tracks.map(({ref}) => ref)).toEqual(['ok.mp3'])
    expect(warnings).toHaveLength(1)
  })

  it('names of playlists cannot lead out of the folder of crates', async () => {
    const folder = temporaryFolder()
    const names = [
      '../../evil',
      '..',
      '/etc/x',
      'C:\\x',
      'a\0b',
      '%%',
      '',
      ' ',
      '.',
      'x'.repeat(400),
      '☃'.repeat(400),
      'CON?',
    ]
    const one = track('1', join(folder, 'a.mp3'))
    const {paths, warnings} = await exportTo(
      folder,
      libraryOf(
        [one],
        names.map((name) => ({kind: 'list', name, tracks: [one.id]})),
      ),
    )
    expect(warnings).toEqual([])
    expect(new Set(paths).size).toBe(names.length + 2)
    for (const path of paths) {
      expect(path.split('/').length).toBeLessThanOrEqual(3)
      expect(Buffer.byteLength(path.split('/').at(-1) ?? '')).toBeLessThanOrEqual(255)
    }
    const again = await importFrom(folder)
    expect(again.playlists).toHaveLength(names.length)
  })

  it('a tree of folders too deep for a file name is told, not cut to a wrong place', async () => {
    const folder = temporaryFolder()
    const one = track('1', join(folder, 'a.mp3'))
    let node = {kind: 'folder' as const, name: 'deep'.repeat(10), children: [] as unknown[]}
    for (let depth = 0; depth < 10; depth++) node = {kind: 'folder', name: 'deep'.repeat(10), children: [node]}
    const {warnings} = await exportTo(folder, libraryOf([one], [node as never]))
    expect(warnings.length).toBeGreaterThan(0)
  })
})

describe('sanitizeCrateName', () => {
  it.each([
    ['so old, so good', 'so old- so good'],
    ['AC/DC', 'AC-DC'],
    ['..', '-'],
    ['', 'Untitled'],
    ['50%% off', '50%- off'],
    ['dot. ', 'dot'],
    ['日本語 ☃', '日本語 ☃'],
  ])('%j → %j', (name, expected) => {
    expect(sanitizeCrateName(name)).toBe(expected)
  })

  it('keeps names that come back from file names', () => {
    expect(levelsOfFileName('A%%B.crate', '.crate')).toEqual(['A', 'B'])
    expect(levelsOfFileName('%%.crate', '.crate')).toBeNull()
    expect(levelsOfFileName('._A.crate', '.crate')).toBeNull()
    expect(crateFileName(['A', 'B'])).toBe('A%%B.crate')
  })
})

describe('withTracks', () => {
  it('makes a crate whose head is that of Serato', () => {
    const bytes = encodeCrate(withTracks(null, ['a.mp3']))
    expect(decodeRecords(bytes).records.map(({tag}) => tag)).toEqual(['vrsn', 'osrt', ...Array(7).fill('ovct'), 'otrk'])
    expect(decodeCrate(bytes).paths).toEqual(['a.mp3'])
  })
})
