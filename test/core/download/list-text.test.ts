// Lists as people keep them.
import {describe, expect, it} from 'vitest'
import {decodeListText, parseCsvList, parseLength, parseTextList} from '../../../src/core/download/list-text.js'

describe('parseTextList', () => {
  it('reads titles, links, searches and notes', () => {
    const text =
      '# wants\r\n1. Bicep - Glue [4:29]\rhttps://youtu.be/dQw4w9WgXcQ?si=1\n\nscsearch:a b\nfile:///etc/passwd\n???\nKölsch - Grey - https://example.org/k.mp3'
    expect(parseTextList(text)).toMatchObject([
      {kind: 'wanted', line: 2, wanted: {artist: 'Bicep', title: 'Glue', durationMs: 269_000}},
      {kind: 'link', link: 'https://www.youtube.com/watch?v=dQw4w9WgXcQ', about: {}},
      {kind: 'search', text: 'scsearch:a b'},
      {kind: 'bad'},
      {kind: 'bad'},
      {kind: 'link', link: 'https://example.org/k.mp3', about: {artist: 'Kölsch', title: 'Grey'}},
    ])
  })

  it('reads many lines in time that grows with the lines alone', () => {
    // Of this process's own time, so that a busy machine does not decide.
    const cpuMs = (count: number) => {
      const lines = Array.from({length: count}, (_, n) => `Artist ${n} - Song ${n} (Someone Remix) 3:45`)
      const before = process.cpuUsage()
      expect(parseTextList(lines.join('\n'))).toHaveLength(count)
      return process.cpuUsage(before).user / 1e3
    }
    cpuMs(1000)
    expect(cpuMs(16_000)).toBeLessThan(4 * cpuMs(4000) * 2.5)
  })
})

describe('parseCsvList', () => {
  it.each([
    ['semicolons and German names', 'Künstler;Titel;Dauer\nRöyksopp;Eple;3:35\n'],
    ['bars', 'artist|title|length\nRöyksopp|Eple|215\n'],
    ['a told separator', 'sep=;\r\nArtist;Title;Time\r\nRöyksopp;Eple;3:35\r\n'],
    [
      'a line about itself, and links that lead to no music',
      'Shazam Library\nIndex,Title,Artist,URL,Time\n1,Eple,Röyksopp,https://www.shazam.com/track/1,3:35\n',
    ],
    ['tabs and many columns', '#\tArtwork\tTrack Title\tArtist\tBPM\tTime\n1\t\tEple\tRöyksopp\t120\t03:35\n'],
  ])('reads %s', (_what, text) => {
    expect(parseCsvList(text)).toMatchObject([
      {kind: 'wanted', wanted: {artist: 'Röyksopp', title: 'Eple', durationMs: 215_000}},
    ])
  })

  it('finds columns by their names, in any order and with quotes', () => {
    const text =
      'Track Name,"Artist Name(s)",Album,Duration (ms),Track URL\r\n"Glue, ""live""",Bicep,Bicep,269000,\r\n,,,,https://example.org/a.mp3\r\n,Someone,,,\r\n'
    expect(parseCsvList(text)).toMatchObject([
      {kind: 'wanted', line: 2, wanted: {artist: 'Bicep', title: 'Glue, "live"', durationMs: 269_000}},
      {kind: 'link', line: 3, link: 'https://example.org/a.mp3'},
      {kind: 'bad', line: 4},
    ])
  })

  it('reads rows without a heading as lines', () => {
    expect(parseCsvList('Bicep;Glue\nKölsch;Grey\n')).toMatchObject([
      {kind: 'wanted', wanted: {artist: 'Bicep', title: 'Glue'}},
      {kind: 'wanted', wanted: {artist: 'Kölsch', title: 'Grey'}},
    ])
  })
})

describe('decodeListText', () => {
  it('reads UTF-16 with and without its mark, UTF-8 with one, and Latin-1', () => {
    const text = 'Artist,Title\nRöyksopp,Eple\n'
    const bytes = [
      Buffer.from(text, 'utf16le'),
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      Buffer.from(text, 'utf16le').swap16(),
      Buffer.from(`\ufeff${text}`, 'utf8'),
      Buffer.from(text, 'latin1'),
    ]
    for (const one of bytes) expect(decodeListText(one, 'list.csv').replace('\ufeff', '')).toBe(text)
  })

  it('refuses what is no text', () => {
    expect(() => decodeListText(Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), 'a')).toThrow(
      expect.objectContaining({code: 'FORMAT_INVALID'}),
    )
  })
})

describe('parseLength', () => {
  it.each([
    ['3:45', 225_000],
    ['1:02:03', 3_723_000],
    ['225', 225_000],
    ['225000', 225_000],
    ['0', null],
    ['abc', null],
    ['', null],
  ])('%s', (text, ms) => {
    expect(parseLength(text)).toBe(ms)
  })
})
