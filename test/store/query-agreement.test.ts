// SQL and the matcher of the core must agree on every query and library: generated ones, thousands of pairs.
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {fold} from '../../src/core/query/fold.js'
import {compareBySorts, matchesQuery} from '../../src/core/query/match.js'
import {parseQuery} from '../../src/core/query/parse.js'
import type {Track, TrackId} from '../../src/core/track.js'
import {NOW_MS, openTemporary} from './sample-library.js'
import {audioFile, findings, tags} from './values.js'

const word = fc.constantFrom(
  'love',
  'Beyoncé',
  'STRAẞE',
  'ß',
  'œuvre',
  'Ｗｉｄｅ',
  '愛',
  'が',
  '😀',
  'ｱ',
  'Don’t',
  'a%b_c',
  '\\',
  '"',
  '\0nul',
  '\ud800',
  'İ',
  'ΟΔΟΣ',
  '\uffee',
)
const text = fc.oneof(
  fc.constant(null),
  fc.constant(''),
  fc.array(word, {minLength: 1, maxLength: 3}).map((words) => words.join(' ')),
)
const number = (values: number[]) => fc.constantFrom(null, ...values)

const madeTrack = fc.record({
  title: text,
  artist: text,
  genre: text,
  label: text,
  catalogNumber: text,
  year: number([1999, 2006, 2020]),
  releaseDate: fc.constantFrom(null, '2020', '2020-05', '2020-05-17', 'rubbish', '2020-13-40'),
  tagTempo: number([120, 127.5, 128, 128.49, 128.5]),
  key: fc.constantFrom(null, '8A', 'Am', 'C', 'off', '9B', 'f#'),
  rating: number([0, 2.5, 3, 5]),
  color: number([0xff0000, 0x0000fe, 0]),
  added: fc.constantFrom(null, '2026-06-15', '2026-06-01T23:59:59Z', '2025-01-01T00:00:00+02:00', 'junk'),
  durationMs: number([0, 299_499, 299_500, 300_000, 330_400]),
  plays: fc.constantFrom(0, 1, 10),
  isMissing: fc.boolean(),
  isAnalyzed: fc.boolean(),
  energy: number([1, 7, 10]),
  isListed: fc.boolean(),
})

const phrase = word.map((w) => `"${w.replaceAll('"', '\\"')}"`)
const FORMS: readonly (readonly [fields: readonly string[], values: fc.Arbitrary<string>])[] = [
  [
    ['any', 'title', 'artist', 'genre', 'label', 'catalog', 'path', 'format', 'color', 'id', 'grid', 'playlist'],
    fc.oneof(
      phrase,
      fc.constantFrom('', 'l', 'o', '.', '^.', 'flac', 'red', '#ff0000', 'id000', 'sets', 'sets/friday', 'analysis'),
    ),
  ],
  [
    ['bpm', 'energy', 'rating', 'plays', 'year', 'lufs', 'cues', 'length'],
    fc.constantFrom(
      '128',
      '127.5',
      '120..128',
      '128..',
      '..128',
      '128.5..',
      '3',
      '2.5',
      '0',
      '1..7',
      '..5',
      'none',
      '1999..2010',
      '-9..',
    ),
  ],
  [['length'], fc.constantFrom('5:00', '4:59..5:30', '5:01..', '300', 'none')],
  [['key'], fc.constantFrom('8A', '8A~', 'Am,9B', '1d', 'none')],
  [
    ['added', 'played', 'released'],
    fc.constantFrom('2020', '2020-05', '2026', '2026-06-01', '-30d..', 'today', '..-1y', 'none'),
  ],
  [['analyzed', 'variable', 'missing'], fc.constantFrom('yes', 'no', 'none')],
]
const fieldName = fc.constantFrom(...FORMS.flatMap(([fields]) => fields))
const term = fc.oneof(
  ...FORMS.map(([fields, values]) =>
    fc
      .tuple(fc.constantFrom('', '^'), fc.constantFrom(...fields), fc.constantFrom(':', ':', ':', ':=', '::'), values)
      .map(([not, field, how, wanted]) => `${not}${field}${how}${wanted}`),
  ),
  fc.tuple(fc.constantFrom('', '^'), phrase).map(([not, wanted]) => `${not}${wanted}`),
)
const queryText = fc
  .array(
    fc.oneof(
      {weight: 6, arbitrary: term},
      {weight: 1, arbitrary: fc.constant(',')},
      {weight: 1, arbitrary: fc.tuple(fieldName, fc.constantFrom('+', '-')).map(([field, way]) => field + way)},
      {weight: 1, arbitrary: fc.constant('limit:3')},
    ),
    {maxLength: 3},
  )
  .map((terms) => terms.join(' '))

function tryParse(query: string) {
  try {
    return parseQuery(query, {nowMs: NOW_MS})
  } catch {
    return null
  }
}

describe('SQL and matcher', () => {
  it('give the same tracks in the same order', () => {
    let compared = 0
    let nonTrivial = 0
    fc.assert(
      fc.property(
        fc.array(madeTrack, {minLength: 1, maxLength: 8}),
        fc.array(queryText, {minLength: 20, maxLength: 40}),
        (made, queries) => {
          const library = openTemporary(undefined)
          try {
            const listed: TrackId[] = []
            const missing = new Set<TrackId>()
            const ids = library.transaction(() =>
              made.map((given, n) => {
                const {title, artist, genre, label, catalogNumber, year, releaseDate, tagTempo, key} = given
                const id = library.tracks.add({
                  file: audioFile(`/m/${fold(artist ?? '')}/${n}.flac`, {durationMs: given.durationMs}),
                  audioHash: `h${n}`,
                  addedAt: given.added,
                  tags: tags({title, artist, genre, label, catalogNumber, year, releaseDate, tempoBpm: tagTempo, key}),
                })
                if (given.isAnalyzed)
                  library.analyses.put(`h${n}`, findings({}, {energy: given.energy, tempoBpm: tagTempo}))
                library.tracks.setRating(id, given.rating)
                library.tracks.setColor(id, given.color)
                library.tracks.setPlayed(id, given.plays, given.added)
                if (given.isMissing) library.tracks.markMissing([id])
                if (given.isMissing) missing.add(id)
                if (given.isListed) listed.push(id)
                return id
              }),
            )
            const folder = library.playlists.create({name: 'Sets', kind: 'folder'})
            library.playlists.create({name: 'Friday', kind: 'list', parentId: folder, tracks: [...listed, ...listed]})
            const tracks = ids.map((id) => library.tracks.get(id))
            const factsOf = ({id}: Track) => ({
              isMissing: missing.has(id),
              playlists: listed.includes(id) ? ['Sets/Friday'] : [],
            })
            for (const queryString of queries) {
              const query = tryParse(queryString)
              if (query === null) continue
              const expected = tracks
                .filter((track) => matchesQuery(query, track, factsOf(track)))
                .sort((a, b) => compareBySorts(query.sorts, a, b, factsOf) || ids.indexOf(a.id) - ids.indexOf(b.id))
              const limited = expected.slice(0, query.limit ?? expected.length).map(({id}) => id)
              expect(library.tracks.ids({query}), queryString).toEqual(limited)
              expect(library.tracks.count(query), queryString).toBe(limited.length)
              compared++
              if (expected.length > 0 && expected.length < tracks.length) nonTrivial++
            }
          } finally {
            library.close()
          }
        },
      ),
      {numRuns: 100},
    )
    expect(compared).toBeGreaterThan(1000)
    expect(nonTrivial).toBeGreaterThan(250)
  })
})
