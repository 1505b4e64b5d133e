// Checksums and names of the archive.
import {describe, expect, it} from 'vitest'
import {archiveName, isSafeArchiveName} from '../../../src/core/upload/archive-name.js'
import {crc32c, crc32cText} from '../../../src/core/upload/crc32c.js'

describe('crc32c', () => {
  // RFC 3720, appendix B.4.
  it.each([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 × 0xff', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['0 to 31', Uint8Array.from({length: 32}, (_, n) => n), 0x46dd794e],
    ['31 to 0', Uint8Array.from({length: 32}, (_, n) => 31 - n), 0x113fdb5c],
    ['123456789', new TextEncoder().encode('123456789'), 0xe3069283],
    ['nothing', new Uint8Array(0), 0],
  ])('%s', (_name, bytes, crc) => {
    expect(crc32c(bytes)).toBe(crc)
  })

  it('is the same in pieces', () => {
    const bytes = Uint8Array.from({length: 1000}, (_, n) => (n * 7) % 256)
    for (const cut of [1, 3, 8, 500, 999])
      expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(crc32c(bytes))
  })

  it('is written as Google writes it', () => {
    expect(crc32cText(0xe3069283)).toBe('4waSgw==')
  })
})

describe('archiveName', () => {
  it.each([
    ['/home/me/Music/a/b.mp3', 'Music/a/b.mp3'],
    ['/home/me/Music', 'Music'],
    ['/home/me/Musical/x.mp3', null],
    ['/stick/x.mp3', 'stick/x.mp3'],
  ])('%s', (path, name) => {
    expect(archiveName(path, ['/home/me/Music/', '/stick'])).toBe(name)
  })
})

describe('isSafeArchiveName', () => {
  it.each([
    ['a/b.mp3', true],
    ['../a', false],
    ['a/../../b', false],
    ['/a', false],
    ['a//b', false],
    ['C:/a', false],
    ['a\\..\\b', false],
    ['', false],
  ])('%j', (name, isSafe) => {
    expect(isSafeArchiveName(name)).toBe(isSafe)
  })
})
