// One piece, one link.
import {describe, expect, it} from 'vitest'
import {canonicalLink, hostOfLink, parseSearchLink} from '../../../src/core/download/link.js'

const VIDEO = 'https://www.youtube.com/watch?v=dQw4w9WgXcQ'

describe('canonicalLink', () => {
  it.each([
    ['https://youtu.be/dQw4w9WgXcQ?si=abc&t=30', VIDEO],
    ['http://m.youtube.com/watch?v=dQw4w9WgXcQ&list=PL123&index=4', VIDEO],
    ['https://music.youtube.com/watch?v=dQw4w9WgXcQ&feature=share', VIDEO],
    ['https://www.youtube.com/shorts/dQw4w9WgXcQ', VIDEO],
    ['https://youtube.com/playlist?list=PL9&si=x', 'https://www.youtube.com/playlist?list=PL9'],
    ['https://m.soundcloud.com/artist/song/?utm_source=mobi&si=1', 'https://soundcloud.com/artist/song'],
    ['https://soundcloud.com/artist/song?in=someone/sets/list', 'https://soundcloud.com/artist/song'],
    ['https://soundcloud.com/artist/song/s-SecretToken', 'https://soundcloud.com/artist/song/s-SecretToken'],
    ['https://example.org/Track.mp3?Token=A%2Fb#part', 'https://example.org/Track.mp3?Token=A%2Fb'],
    [' https://example.org/a ', 'https://example.org/a'],
  ])('%s', (text, link) => {
    expect(canonicalLink(text)).toBe(link)
  })

  it.each([
    'file:///etc/passwd',
    'ftp://a/b',
    '--exec=x',
    'javascript:alert(1)',
    'https://user:pass@host/',
    'https://',
    'http://a b',
    'https://a/\nb',
    '',
  ])('refuses %j', (text) => {
    expect(canonicalLink(text)).toBeNull()
  })
})

describe('parseSearchLink', () => {
  it.each([
    ['ytsearch:Bicep - Glue', {service: 'ytsearch', count: null, words: 'Bicep - Glue'}],
    ['scsearch5: two  words', {service: 'scsearch', count: 5, words: 'two words'}],
    ['ytsearch:--exec\nrm', {service: 'ytsearch', count: null, words: '--exec rm'}],
    ['ytsearch:', null],
    ['https://a/ytsearch:x', null],
  ])('%j', (text, search) => {
    expect(parseSearchLink(text)).toEqual(search)
  })
})

describe('hostOfLink', () => {
  it.each([
    ['https://www.youtube.com/watch?v=1', 'youtube.com'],
    ['scsearch:a', 'soundcloud.com'],
    ['http://127.0.0.1:80/a', '127.0.0.1'],
    ['nothing', ''],
  ])('%s', (link, host) => {
    expect(hostOfLink(link)).toBe(host)
  })
})
