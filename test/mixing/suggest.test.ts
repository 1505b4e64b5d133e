import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {keyFromIndex, keyIndex, parseKey, transposeKey} from '../../src/core/key.js'
import {prepareCandidates} from '../../src/mixing/candidates.js'
import {contextOf, featureOf, momentOf} from '../../src/mixing/features.js'
import {emptyHistory, summariseHistory} from '../../src/mixing/history.js'
import {blankTrack, type MixTrack} from '../../src/mixing/mix-track.js'
import {DEFAULT_MODEL, DEFAULT_WEIGHTS, FEATURES, NEUTRAL} from '../../src/mixing/model.js'
import {prepareRanker, type SuggestRequest, suggest, weightsAt} from '../../src/mixing/suggest.js'

function track(id: string, values: Partial<Omit<MixTrack, 'key'>> & {key?: string} = {}): MixTrack {
  const {key, ...rest} = values
  return {...blankTrack(id), artist: `artist ${id}`, title: `title ${id}`, ...rest, key: parseKey(key ?? '')}
}

const PLAYING = track('playing', {key: '8A', tempoBpm: 126, energy: 6, genre: 'Techno'})

function ids(tracks: readonly MixTrack[], request: Partial<SuggestRequest> = {}, playing = PLAYING): string[] {
  const ranker = prepareRanker(prepareCandidates(tracks))
  return suggest(ranker, {context: contextOf(playing), diversity: 0, ...request}).map((entry) => entry.track.id)
}

const anyTrack = fc.record({
  id: fc.string({minLength: 1, maxLength: 8}),
  artist: fc.option(fc.constantFrom('A', 'B', 'C', 'D & A')),
  title: fc.option(fc.constantFrom('One', 'One (Remix)', 'Two', 'Three', 'Four', 'Five')),
  tempoBpm: fc.option(fc.double({min: -1, max: 250})),
  key: fc.option(fc.integer({min: 0, max: 23}).map(keyFromIndex)),
  energy: fc.option(fc.double({min: -2, max: 14})),
  genre: fc.option(fc.constantFrom('House', 'Deep House', 'Techno', '')),
  mixability: fc.option(fc.double({min: 0, max: 1, noNaN: true})),
  lastPlayedAtMs: fc.option(fc.integer({min: 0, max: 2_000_000_000_000})),
  vector: fc.option(
    fc.array(fc.float({min: -1, max: 1, noNaN: true}), {minLength: 4, maxLength: 4}).map((v) => Float32Array.from(v)),
  ),
})
const anyLibrary = fc.uniqueArray(
  anyTrack.map((values): MixTrack => ({...blankTrack(values.id), ...values})),
  {selector: (one) => one.id, minLength: 1, maxLength: 60},
)

describe('suggest', () => {
  it('has nothing to say about an empty library, or when nothing is asked for', () => {
    expect(ids([])).toEqual([])
    expect(ids([track('a')], {limit: 0})).toEqual([])
  })

  it('never gives the playing track, what is excluded, or what was played tonight', () => {
    fc.assert(
      fc.property(anyLibrary, fc.nat(), fc.nat(), fc.nat(), (library, a, b, c) => {
        const at = (n: number) => library[n % library.length] ?? PLAYING
        const request = {
          context: contextOf(at(a), {tonight: new Set([at(b).id])}),
          exclude: new Set([at(c).id]),
          limit: 100,
        }
        const found = suggest(prepareRanker(prepareCandidates(library)), request)
        for (const {track: one, score} of found) {
          expect([at(a).id, at(b).id, at(c).id]).not.toContain(one.id)
          expect(score).toBeGreaterThanOrEqual(0)
          expect(score).toBeLessThanOrEqual(1)
        }
        expect(found.map((one) => one.score)).toEqual(found.map((one) => one.score).sort((x, y) => y - x))
      }),
    )
  })

  it('gives every song that is left, whatever is unknown', () => {
    const library = [
      track('nothing'),
      track('key only', {key: '9A'}),
      track('tempo only', {tempoBpm: 127}),
      track('broken', {tempoBpm: Number.NaN, energy: 99, vector: new Float32Array([Number.NaN])}),
    ]
    expect(ids(library).sort()).toEqual(['broken', 'key only', 'nothing', 'tempo only'])
    expect(ids(library, {}, track('blank')).sort()).toEqual(['broken', 'key only', 'nothing', 'tempo only'])
    expect(ids(library, {mustKnow: ['key']})).toEqual(['key only'])
    expect(ids(library, {mustKnow: ['tempo']})).toEqual(['tempo only'])
  })

  it('ranks what is unknown between what fits and what clashes', () => {
    expect(ids([track('clash', {key: '2A'}), track('unknown'), track('fits', {key: '8A'})])).toEqual([
      'fits',
      'unknown',
      'clash',
    ])
    expect(ids([track('far', {tempoBpm: 90}), track('unknown'), track('fits', {tempoBpm: 126})])).toEqual([
      'fits',
      'unknown',
      'far',
    ])
  })

  it('gives the same answer in whatever order the library comes', () => {
    fc.assert(
      fc.property(anyLibrary, (library) => {
        expect(ids([...library].reverse(), {limit: 20, diversity: 0.2})).toEqual(
          ids(library, {limit: 20, diversity: 0.2}),
        )
      }),
      {numRuns: 50},
    )
  })

  it('does not depend on the pitch of everything: a semitone up changes no score', () => {
    const transposed = (one: MixTrack): MixTrack => ({...one, key: one.key === null ? null : transposeKey(one.key, 1)})
    fc.assert(
      fc.property(anyLibrary, (library) => {
        const scores = (tracks: readonly MixTrack[], playing: MixTrack) =>
          suggest(prepareRanker(prepareCandidates(tracks)), {context: contextOf(playing), limit: 60}).map(
            ({track: one, score}) => [one.id, score],
          )
        expect(scores(library.map(transposed), transposed(PLAYING))).toEqual(scores(library, PLAYING))
      }),
      {numRuns: 50},
    )
  })

  it('lifts, holds and lets go as asked', () => {
    const library = [3, 5, 6, 7, 9].map((energy) => track(`e${energy}`, {energy}))
    expect(ids(library, {context: contextOf(PLAYING, {energy: 'up'})})[0]).toBe('e7')
    expect(ids(library, {context: contextOf(PLAYING, {energy: 'hold'})})[0]).toBe('e6')
    expect(ids(library, {context: contextOf(PLAYING, {energy: 'down'})})[0]).toBe('e5')
  })

  it('prefers near sound, from vectors or from distances that are handed in', () => {
    const playing = track('playing', {vector: Float32Array.of(1, 0, 0)})
    const library = [
      track('near', {vector: Float32Array.of(0.98, 0.2, 0)}),
      track('other', {vector: Float32Array.of(0, 1, 0)}),
      track('far', {vector: Float32Array.of(-1, 0, 0)}),
    ]
    expect(ids(library, {}, playing)[0]).toBe('near')
    const soundDistances = new Map([
      ['far', 0.01],
      ['near', 5],
    ])
    expect(ids(library, {context: contextOf(playing, {soundDistances})})[0]).toBe('far')
  })

  it('lets tracks rest that were played lately', () => {
    const day = 86_400_000
    const table = prepareCandidates([
      track('a yesterday', {lastPlayedAtMs: 99 * day}),
      track('b long ago', {lastPlayedAtMs: 2 * day}),
    ])
    const found = suggest(prepareRanker(table, {nowMs: 100 * day}), {context: contextOf(PLAYING, {nowMs: 100 * day})})
    expect(found.map((one) => one.track.id)).toEqual(['b long ago', 'a yesterday'])
    expect(found[1]?.reasons.find((one) => one.kind === 'fresh')?.text).toBe('last played 1 day ago')
  })

  it('gives one version of a song, and none of the one that plays', () => {
    const versions = Array.from({length: 400}, (_, n) =>
      track(`v${n}`, {artist: 'New Order', title: `Blue Monday (Remix ${n})`, key: '8A', tempoBpm: 126}),
    )
    const library = [
      ...versions,
      track('x', {key: '2A'}),
      track('y'),
      track('z', {artist: 'New Order', title: 'True Faith'}),
    ]
    const found = ids(library, {limit: 3})
    expect(found.filter((id) => id.startsWith('v'))).toHaveLength(1)
    expect(found).toHaveLength(3)
    const playing = track('p', {artist: 'New Order', title: 'Blue Monday'})
    expect(ids(library, {}, playing).some((id) => id.startsWith('v'))).toBe(false)
  })

  it('spreads artists when asked for variety', () => {
    const library = [
      ...Array.from({length: 10}, (_, n) => track(`same${n}`, {artist: 'One', key: '8A', tempoBpm: 126})),
      ...Array.from({length: 10}, (_, n) => track(`other${n}`, {key: '9A', tempoBpm: 126.5})),
    ]
    expect(ids(library, {limit: 5}).every((id) => id.startsWith('same'))).toBe(true)
    expect(ids(library, {limit: 5, diversity: 0.3}).filter((id) => id.startsWith('same')).length).toBeLessThan(3)
  })

  it('without key lock judges the key that is heard', () => {
    const library = [
      track('down', {key: '8A', tempoBpm: 126 * 1.0595}),
      track('up', {key: '3A', tempoBpm: 126 * 1.0595}),
    ]
    expect(ids(library)[0]).toBe('down')
    expect(ids(library, {context: contextOf(PLAYING, {isKeyLocked: false})})[0]).toBe('up')
  })

  it('says why, in words', () => {
    const table = prepareCandidates([track('a', {key: '9A', tempoBpm: 128, energy: 7, genre: 'Techno'})])
    const [found] = suggest(prepareRanker(table), {context: contextOf(PLAYING)})
    expect(found?.reasons.map(({kind, text}) => [kind, text])).toEqual([
      ['key', '8A → 9A, up a fifth'],
      ['tempo', '126 → 128 BPM, pitch −1.6 %'],
      ['energy', 'energy 6 → 7, lifts'],
      ['genre', 'same genre, Techno'],
    ])
  })

  it('scores a row as the weighted sum of its features', () => {
    const history = summariseHistory(
      [
        ['a', 'b', 'c'],
        ['b', 'd', 'a'],
      ],
      () => 'Techno',
    )
    fc.assert(
      fc.property(anyLibrary, fc.nat(), fc.boolean(), (library, at, isKeyLocked) => {
        const named = library.map((one, n) => (n < 4 ? {...one, id: 'abcd'[n] ?? one.id} : {...one, id: `x${one.id}`}))
        const table = prepareCandidates(named)
        const context = contextOf(named[at % named.length] ?? PLAYING, {isKeyLocked})
        const ranker = prepareRanker(table, {history})
        const moment = momentOf(table, context, history)
        const weights = weightsAt(ranker, moment, true)
        const range = FEATURES.reduce((sum, feature) => sum + weights[feature], 0)
        for (const {track: one, score} of suggest(ranker, {context, areRepeatsAllowed: true, limit: 100})) {
          const row = table.indexById.get(one.id) ?? -1
          const utility = FEATURES.reduce(
            (sum, feature) => sum + weights[feature] * (featureOf(table, moment, feature, row) ?? NEUTRAL[feature]),
            0,
          )
          expect(score).toBeCloseTo(utility / range, 3)
        }
      }),
      {numRuns: 100},
    )
  })
})

describe('weightsAt', () => {
  it('leaves out what the moment cannot tell', () => {
    const table = prepareCandidates([track('a')])
    const ranker = prepareRanker(table, {model: DEFAULT_MODEL})
    const weights = weightsAt(ranker, momentOf(table, contextOf(track('p')), emptyHistory()), false)
    expect(weights.key).toBe(0)
    expect(weights.tempo).toBe(0)
    expect(weights.sound).toBe(0)
    expect(weights.mixIn).toBe(DEFAULT_WEIGHTS.mixIn)
    expect(keyIndex({tonic: 'A', mode: 'minor'})).toBe(21)
  })
})
