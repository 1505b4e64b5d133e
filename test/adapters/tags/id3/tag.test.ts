// ID3v2 as older programs left it; expected values come from the specification's layout, built here by hand.
import {copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import fc from 'fast-check'
import {afterAll, describe, expect, it} from 'vitest'
import {editId3, readId3Values} from '../../../../src/adapters/tags/id3/edit.js'
import {applyUnsynchronisation, undoUnsynchronisation} from '../../../../src/adapters/tags/id3/tag.js'
import {readRawTags, writeRawTags} from '../../../../src/adapters/tags/raw-tags.js'
import {hasMutagen, PYTHON, runTool} from '../../tools.js'

const here = dirname(fileURLToPath(import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'crate-id3-'))
afterAll(() => rmSync(folder, {recursive: true, force: true}))

const bytes = (...parts: (string | number[] | Uint8Array)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))))

/** A tag of a version with its frames' bytes: length in four groups of seven bits. */
function tag(version: number, flags: number, body: Uint8Array): Buffer {
  const size = body.length
  return bytes('ID3', [version, 0, flags, (size >> 21) & 127, (size >> 14) & 127, (size >> 7) & 127, size & 127], body)
}

const textOf = (tagBytes: Uint8Array, key: string) => {
  const found = readId3Values(tagBytes).find((value) => value.key === key)
  return found === undefined ? undefined : Buffer.from(found.bytes).toString('utf8')
}

describe('unsynchronisation', () => {
  it('leaves no byte pair that a decoder takes for a frame, and can be undone', () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 300}), (value) => {
        const stuffed = applyUnsynchronisation(value)
        for (const [index, byte] of stuffed.entries())
          if (byte === 0xff) expect(stuffed[index + 1] ?? 1).toBeLessThan(0xe0)
        expect(Buffer.from(undoUnsynchronisation(stuffed)).equals(Buffer.from(value))).toBe(true)
      }),
    )
  })
})

describe('readId3Values', () => {
  it('reads ID3v2.2 under the long names', () => {
    const frames = bytes('TT2', [0, 0, 6], [0], 'Title', 'COM', [0, 0, 10], [0], 'eng', [0], 'Words')
    expect(textOf(tag(2, 0, frames), 'TIT2')).toBe('Title')
    expect(textOf(tag(2, 0, frames), 'COMM')).toBe('Words')
  })

  it('reads an unsynchronised 2.3 tag with an extended header', () => {
    // Extended header: its size (6) not counted, flags, size of padding. The title ends in ÿ: FF, then a stuffed 00.
    const frames = bytes([0, 0, 0, 6, 0, 0, 0, 0, 0, 0], 'TIT2', [0, 0, 0, 3, 0, 0], [0], 'a', [0xff, 0x00])
    expect(textOf(tag(3, 0xc0, frames), 'TIT2')).toBe('aÿ')
  })

  it('reads a 2.4 tag whose frames say their length the 2.3 way, as old iTunes wrote', () => {
    const long = 'x'.repeat(200)
    const frames = bytes('TIT2', [0, 0, 0, 201, 0, 0], [3], long, 'TPE1', [0, 0, 0, 3, 0, 0], [3], 'me')
    expect(textOf(tag(4, 0, frames), 'TIT2')).toBe(long)
    expect(textOf(tag(4, 0, frames), 'TPE1')).toBe('me')
  })

  it('reads UTF-16 of both byte orders', () => {
    const little = bytes('TIT2', [0, 0, 0, 7, 0, 0], [1, 0xff, 0xfe, 0x2f, 0x04, 0x1c, 0x59])
    const big = bytes('TIT2', [0, 0, 0, 7, 0, 0], [1, 0xfe, 0xff, 0x04, 0x2f, 0x59, 0x1c])
    expect(textOf(tag(3, 0, little), 'TIT2')).toBe('Я夜')
    expect(textOf(tag(3, 0, big), 'TIT2')).toBe('Я夜')
  })

  it('takes Cyrillic that claims to be Latin-1 as it stands', () => {
    // cp1251 for "Ночь": nothing in the tag tells it from Latin-1.
    const frames = bytes('TIT2', [0, 0, 0, 5, 0, 0], [0, 0xcd, 0xee, 0xf7, 0xfc])
    expect(textOf(tag(3, 0, frames), 'TIT2')).toBe('Íî÷ü')
  })
})

describe('editId3', () => {
  it('leaves every other frame byte for byte, also what it does not know', () => {
    const picture = bytes('APIC', [0, 0, 0, 20, 0, 0], [0], 'image/png', [0, 3, 0], Buffer.alloc(7, 0xe5))
    const unknown = bytes('XYZQ', [0, 0, 0, 4, 0x40, 0], [1, 2, 3, 4])
    const before = tag(3, 0, bytes(picture, 'TIT2', [0, 0, 0, 4, 0, 0], [0], 'old', unknown, Buffer.alloc(100)))
    const after = editId3(before, [{key: 'TIT2', values: [Buffer.from('new')]}])
    expect(after.length).toBe(before.length)
    expect(Buffer.from(after).equals(Buffer.from(before.toString('latin1').replace('\0old', '\0new'), 'latin1'))).toBe(
      true,
    )
  })

  it('keeps language and description of a comment, media type and file name of an object', () => {
    const comment = bytes('COMM', [0, 0, 0, 8, 0, 0], [0], 'deu', [0], 'alt')
    const object = bytes('GEOB', [0, 0, 0, 18, 0, 0], [0], 'a/b', [0], 'f.bin', [0], 'Desc', [0], [9, 9])
    const before = tag(3, 0, bytes(comment, object))
    const after = Buffer.from(
      editId3(before, [
        {key: 'COMM', values: [Buffer.from('neu')]},
        {key: 'GEOB:Desc', values: [Buffer.from([7])]},
      ]),
    )
    expect(after.includes(bytes([0], 'deu', [0], 'neu'))).toBe(true)
    expect(after.includes(bytes('a/b', [0], 'f.bin', [0], 'Desc', [0, 7]))).toBe(true)
  })
})

describe.skipIf(!hasMutagen())('old tags on disk (python3-mutagen)', () => {
  const music = join(here, '../../../../fixtures/music/Kessel & Rohr - Schichtwechsel.mp3')

  it.each([
    ['2.2', tag(2, 0, bytes('TT2', [0, 0, 4], [0], 'old', 'TP1', [0, 0, 4], [0], 'who'))],
    [
      '2.3, unsynchronised',
      tag(3, 0x80, bytes('TIT2', [0, 0, 0, 4, 0, 0], [0], 'old', 'TPE1', [0, 0, 0, 4, 0, 0], [0], 'who')),
    ],
    [
      '2.4, unsynchronised',
      tag(4, 0x80, bytes('TIT2', [0, 0, 0, 4, 0, 2], [0], 'old', 'TPE1', [0, 0, 0, 4, 0, 2], [0], 'who')),
    ],
  ])('of version %s take a Serato object that mutagen reads', async (version, old) => {
    const path = join(folder, `${version}.mp3`)
    copyFileSync(music, path)
    const whole = readFileSync(path)
    const audio = whole.subarray(whole.indexOf(Buffer.from([0xff, 0xfb])))
    writeFileSync(path, bytes(old, audio))
    const object = Uint8Array.of(1, 0xff, 0, 0xff, 0xe3, 0xff, 0xff, 0)
    await writeRawTags(path, [
      {key: 'GEOB:Serato Markers2', bytes: object},
      {key: 'TIT2', bytes: Buffer.from('Žena')},
    ])
    const {tags} = JSON.parse(runTool(PYTHON, join(here, '../mutagen-dump.py'), path)) as {
      tags: Record<string, string[]>
    }
    expect(tags['GEOB:Serato Markers2']).toEqual([Buffer.from(object).toString('hex')])
    expect(tags['TIT2']).toEqual([Buffer.from('Žena').toString('hex')])
    expect(tags['TPE1']).toEqual([Buffer.from('who').toString('hex')])
    const readBack = (await readRawTags(path))?.tags.find(({key}) => key === 'GEOB:Serato Markers2')
    expect([...(readBack?.bytes ?? [])]).toEqual([...object])
  })
})
