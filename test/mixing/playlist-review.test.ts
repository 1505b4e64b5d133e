import {execFileSync} from 'node:child_process'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {keyFromIndex, parseKey} from '../../src/core/key.js'
import {prepareCandidates} from '../../src/mixing/candidates.js'
import {blankTrack, type MixTrack} from '../../src/mixing/mix-track.js'
import {proposeOrder, reviewPlaylist} from '../../src/mixing/playlist-review.js'
import {buildSet} from '../../src/mixing/set-builder.js'
import {drawSet} from '../../src/mixing/set-picture.js'

function track(id: string, key: string, tempoBpm: number, energy: number, artist = id): MixTrack {
  return {...blankTrack(id), key: parseKey(key), tempoBpm, energy, artist, title: id, durationMs: 300_000}
}

function randomTable(count: number) {
  return prepareCandidates(
    Array.from({length: count}, (_, n) => ({
      ...blankTrack(`t${n}`),
      key: keyFromIndex((n * 7919) % 24),
      tempoBpm: 110 + ((n * 104_729) % 40),
      energy: 1 + ((n * 31) % 10),
      artist: `a${n % 97}`,
    })),
  )
}

describe('reviewPlaylist', () => {
  it('has nothing against an empty list or a single track', () => {
    const table = prepareCandidates([track('a', '8A', 126, 6)])
    expect(reviewPlaylist(table, []).meanCost).toBe(0)
    expect(reviewPlaylist(table, [0]).problems).toEqual([])
  })

  it('names each problem where it stands', () => {
    const table = prepareCandidates([
      track('a', '8A', 126, 8),
      track('b', '2A', 126, 8),
      track('c', '2A', 150, 8),
      track('d', '2A', 150, 3),
      track('e', '2A', 150, 3, 'd'),
    ])
    const {problems} = reviewPlaylist(table, [0, 1, 2, 3, 4, 0])
    expect(problems.map(({kind, position}) => [kind, position])).toEqual([
      ['key-clash', 2],
      ['tempo-leap', 3],
      ['energy-dip', 4],
      ['same-artist', 5],
      ['repeated-track', 6],
      ['key-clash', 6],
      ['tempo-leap', 6],
    ])
  })

  it('takes half time for no leap', () => {
    const table = prepareCandidates([track('a', '8A', 174, 6), track('b', '8A', 87, 6)])
    expect(reviewPlaylist(table, [0, 1]).problems).toEqual([])
  })
})

describe('proposeOrder', () => {
  it('refuses a locked place outside the list', () => {
    expect(() => proposeOrder(randomTable(5), [0, 1, 2], {locked: [4]})).toThrow(
      expect.objectContaining({code: 'USAGE'}),
    )
  })

  it('keeps every track and every locked place, and is never worse', () => {
    const table = randomTable(60)
    fc.assert(
      fc.property(
        fc.array(fc.nat({max: 59}), {minLength: 1, maxLength: 40}),
        fc.array(fc.nat(), {maxLength: 5}),
        (rows, picks) => {
          const locked = picks.map((pick) => (pick % rows.length) + 1)
          const {rows: order, before, after} = proposeOrder(table, rows, {locked})
          expect([...order].sort((a, b) => a - b)).toEqual([...rows].sort((a, b) => a - b))
          for (const place of locked) expect(order[place - 1]).toBe(rows[place - 1])
          expect(after.meanCost).toBeLessThanOrEqual(before.meanCost + 1e-12)
        },
      ),
      {numRuns: 40},
    )
  })

  it('finds the order round the wheel that was shuffled', () => {
    const table = prepareCandidates([1, 5, 3, 2, 6, 4].map((number) => track(`k${number}`, `${number}A`, 126, 6)))
    const names = proposeOrder(table, [0, 1, 2, 3, 4, 5]).rows.map((row) => table.tracks[row]?.id)
    expect([names.join(), [...names].reverse().join()]).toContain('k1,k2,k3,k4,k5,k6')
  })

  it('improves ten thousand tracks without hanging', () => {
    const table = randomTable(10_000)
    const {before, after} = proposeOrder(table, [...table.tracks.keys()])
    expect(after.meanCost).toBeLessThan(before.meanCost * 0.9)
  }, 60_000)
})

describe('drawSet', () => {
  it('is well-formed XML with every track, whatever their names hold', () => {
    const names = ['<b>&"', 'Ørsted – 戦場 🎧', 'ctrl\u0001char', 'long '.repeat(100)]
    const table = prepareCandidates(names.map((name, n) => ({...track(`t${n}`, `${n + 1}A`, 126, n + 3), name})))
    const svg = drawSet(buildSet(table, {durationMs: 18 * 60_000, energy: 'warm-up'}), 'A & B')
    expect(svg.match(/<circle/g)?.length).toBeGreaterThanOrEqual(3)
    let parsed = ''
    try {
      parsed = execFileSync('xmllint', ['--noout', '--xpath', 'count(//*[local-name()="text"])', '-'], {
        input: svg,
      }).toString()
    } catch (error) {
      if (process.env['CI'] === undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') return
      throw error
    }
    expect(Number(parsed)).toBeGreaterThan(10)
  })

  it('draws an empty set', () => {
    expect(drawSet({entries: [], durationMs: 0, meanCost: 0}, 'Nothing')).toContain('0 tracks')
  })
})
