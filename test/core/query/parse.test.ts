// The query language: wrong queries with their column first, then what each form means on a track.
import {describe, expect, it} from 'vitest'
import type {CrateError} from '../../../src/core/errors.js'
import {matchesQuery} from '../../../src/core/query/match.js'
import {parseQuery, queryFromArguments} from '../../../src/core/query/parse.js'
import {EMPTY_TAGS, type Track, type TrackId} from '../../../src/core/track.js'

/** Monday 15 June 2026, 12:00 UTC. */
const clock = {nowMs: Date.UTC(2026, 5, 15, 12)}

const track: Track = {
  id: 'k3x' as TrackId,
  file: {
    path: '/music/House/Beyoncé - Déjà Vu.flac',
    sizeBytes: 1,
    modifiedAtMs: 0,
    format: 'flac',
    durationMs: 330_000,
    sampleRateHz: 44_100,
    channels: 2,
    bitDepth: 16,
    bitRateKbps: 900,
    mp3HeaderCase: null,
  },
  audioHash: null,
  tags: {...EMPTY_TAGS, title: 'Déjà Vu (feat. Jay-Z)', artist: 'Beyoncé', genre: 'Deep House', year: 2006},
  tempoBpm: 127.6,
  key: {tonic: 'A', mode: 'minor'},
  beatGrid: [],
  gridOrigin: null,
  isGridLocked: false,
  cues: [],
  analysis: null,
  ratingStars: 4,
  colorRgb: 0xee1111,
  playCount: 3,
  lastPlayedAt: null,
  addedAt: '2026-06-01T08:00:00Z',
  extras: {},
}

const matches = (text: string) =>
  matchesQuery(parseQuery(text, clock), track, {isMissing: false, playlists: ['Gigs/Friday']})

describe('parseQuery', () => {
  it.each([
    ['bpm:fast', 5],
    ['artist:x bpm:120..fast', 19],
    ['bpm:130..120', 5],
    ['bpm:', 5],
    ['bpm:..', 5],
    ['key:X', 5],
    ['key:8A,13A', 8],
    ['genre:techno "open', 14],
    ['title::(', 8],
    ['bpm::12.', 1],
    ['gnre:techno', 1],
    ['added:soon', 7],
    ['added:2026-13', 7],
    ['missing:maybe', 9],
    ['limit:ten', 7],
    ['^limit:3', 8],
    ['playlist+', 1],
    ['title:é bpm:x', 13],
    ['😀 bpm:x', 7],
  ])('refuses %s at column %i, with a hint', (text, column) => {
    try {
      parseQuery(text, clock)
      expect.unreachable()
    } catch (error) {
      const {code, details, hints} = error as CrateError
      expect(code).toBe('QUERY_INVALID')
      expect(details).toMatchObject({column})
      expect(hints.length).toBeGreaterThan(0)
    }
  })

  it('suggests the field that was meant', () => {
    try {
      parseQuery('gnre:techno', clock)
      expect.unreachable()
    } catch (error) {
      expect((error as CrateError).hints[0]).toBe('Did you mean genre:techno?')
    }
  })

  it.each([
    // Words
    ['', true],
    ['   ', true],
    ['beyonce', true],
    ['BEYONCÉ "deja vu"', true],
    ['"vu deja"', false],
    ['deep ^techno', true],
    ['-house', false],
    ['jay-z', true],
    ['/music/House', true],
    ['/music/Techno', false],
    ['^/music/Techno', true],
    // Text
    ['artist:yonc', true],
    ['artist:"beyoncé"', true],
    ['genre:=house', false],
    ['genre:="deep house"', true],
    ['label:=', true],
    ['genre:=', false],
    ['title::^d.j.', true],
    ['title::vu$', false],
    ['id:k3', true],
    ['format:flac', true],
    ['color:red', true],
    ['color:#EE1111', true],
    ['color:blue', false],
    ['playlist:friday', true],
    ['playlist:=gigs/friday', true],
    ['playlist:=friday', false],
    // Numbers: as shown
    ['bpm:128', true],
    ['bpm:127', false],
    ['bpm:127.6', true],
    ['bpm:127.5', false],
    ['bpm:128..130', true],
    ['bpm:128.0..130', false],
    ['bpm:..127', false],
    ['bpm:..128', true],
    ['bpm:100..', true],
    ['energy:1..', false],
    ['energy:none', true],
    ['bpm:none', false],
    ['rating:4..', true],
    ['plays:3', true],
    ['length:5:30', true],
    ['length:5:00..5:29', false],
    ['length:330', true],
    ['year:2000..2009', true],
    // Keys
    ['key:8A', true],
    ['key:am', true],
    ['key:1m', true],
    ['key:8B', false],
    ['key:8B~', true],
    ['key:9A~', true],
    ['key:10A~', false],
    ['key:1A,8a', true],
    ['^key:none', true],
    // Dates
    ['added:2026', true],
    ['added:2026-06', true],
    ['added:2026-06-01', true],
    ['added:2026-05', false],
    ['added:-30d..', true],
    ['added:-14d..', false],
    ['added:-2w..', false],
    ['added:..-1m', false],
    ['added:2026-05..2026-07', true],
    ['added:2026-06-01T08:00', true],
    ['played:none', true],
    ['played:..today', false],
    // Flags
    ['analyzed:no', true],
    ['missing:yes', false],
    ['variable:no', false],
    // Alternatives
    ['techno , genre:house', true],
    ['techno, genre:house', true],
    ['techno genre:house', false],
    ['techno , genre:house bpm:90', false],
    [',', true],
    ['techno ,', false],
    // Order and limit play no part in matching
    ['bpm+ artist- limit:5 house', true],
  ])('%s is %s', (text, expected) => {
    expect(matches(text)).toBe(expected)
  })

  it('counts days in the zone of the person', () => {
    const lateEvening = {...track, addedAt: '2026-06-01T22:30:00Z'}
    const on = (day: string, utcOffsetMinutes: number) =>
      matchesQuery(parseQuery(`added:${day}`, {...clock, utcOffsetMinutes}), lateEvening)
    expect([on('2026-06-01', 0), on('2026-06-01', 120), on('2026-06-02', 120)]).toEqual([true, false, true])
  })

  it('takes order and limit from anywhere in the query', () => {
    const {sorts, limit} = parseQuery('bpm- house limit:7 , artist+ techno', clock)
    expect(sorts.map(({field, isDescending}) => [field.name, isDescending])).toEqual([
      ['bpm', true],
      ['artist', false],
    ])
    expect(limit).toBe(7)
  })
})

describe('queryFromArguments', () => {
  it.each([
    [['bpm:120..128 key:8A'], 'bpm:120..128 key:8A'],
    [['artist:Daft Punk', 'bpm+'], 'artist:"Daft Punk" bpm+'],
    [['^artist:Daft Punk', 'around the world'], '^artist:"Daft Punk" "around the world"'],
    [['artist:="Daft Punk"', 'x'], 'artist:="Daft Punk" x'],
    [[], ''],
  ])('%j becomes %s', (args, expected) => {
    expect(queryFromArguments(args)).toBe(expected)
  })
})
