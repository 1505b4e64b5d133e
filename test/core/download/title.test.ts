// Titles as people write them.
import {describe, expect, it} from 'vitest'
import {parseTitle} from '../../../src/core/download/title.js'

describe('parseTitle', () => {
  it.each([
    ['Bicep - Glue', 'Bicep', 'Glue', null],
    ['Bicep - Glue (Official Video) [HD]', 'Bicep', 'Glue', null],
    ['BICEP | GLUE (Official Video)', 'BICEP', 'GLUE', null],
    ['Premiere: Kölsch – Grey (Extended Mix) [IPSO004]', 'Kölsch', 'Grey', 'Extended Mix'],
    ['01. Moderat - A New Error', 'Moderat', 'A New Error', null],
    ['A1 DJ Koze - Pick Up', 'DJ Koze', 'Pick Up', null],
    ['50 Cent - In Da Club', '50 Cent', 'In Da Club', null],
    ['Disclosure - Latch feat. Sam Smith (Official Video)', 'Disclosure', 'Latch', null],
    [
      'Storm Queen - Look Right Through (MK Vocal Remix) | Defected',
      'Storm Queen',
      'Look Right Through',
      'MK Vocal Remix',
    ],
    ['Donna Summer - I Feel Love (12" Version)', 'Donna Summer', 'I Feel Love', '12" Version'],
    ["M83 'Midnight City' Official video", 'M83', 'Midnight City', null],
    ['【MV】YOASOBI「夜に駆ける」', null, 'YOASOBI (夜に駆ける)', null],
    ['Robyn - Dancing On My Own // FREE DOWNLOAD', 'Robyn', 'Dancing On My Own', null],
    ['Strobe - Extended Mix', null, 'Strobe', 'Extended Mix'],
    ['Oasis - Live Forever', 'Oasis', 'Live Forever', null],
    ['Nirvana - About A Girl (Live At MTV Unplugged)', 'Nirvana', 'About A Girl', 'Live At MTV Unplugged'],
    ['just words', null, 'just words', null],
    ['', null, '', null],
    [' - ', null, '-', null],
  ])('%s', (text, artist, title, mix) => {
    expect(parseTitle(text)).toMatchObject({artist, title, mix})
  })

  it('takes the artist of a topic channel, whose titles are plain', () => {
    expect(parseTitle('Cola (Club Mix)', {channel: 'CamelPhat, Elderbrook - Topic'})).toMatchObject({
      artist: 'CamelPhat, Elderbrook',
      title: 'Cola',
      mix: 'Club Mix',
    })
  })

  it('ends soon on any text', () => {
    for (const text of [
      '('.repeat(5000),
      '- '.repeat(5000),
      '[a'.repeat(3000),
      ' feat. '.repeat(2000),
      '\u0000'.repeat(9999),
    ])
      expect(() => parseTitle(text)).not.toThrow()
  })
})
