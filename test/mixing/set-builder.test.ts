import {describe, expect, it} from 'vitest'
import {isCrateError} from '../../src/core/errors.js'
import {keyFromIndex} from '../../src/core/key.js'
import {prepareCandidates} from '../../src/mixing/candidates.js'
import {curvePoints, energyAt} from '../../src/mixing/energy-curve.js'
import {blankTrack, type MixTrack} from '../../src/mixing/mix-track.js'
import {buildSet} from '../../src/mixing/set-builder.js'
import type {SetRequest} from '../../src/mixing/set-request.js'

const MINUTE = 60_000

function library(count: number, values: (n: number) => Partial<MixTrack> = () => ({})): MixTrack[] {
  return Array.from({length: count}, (_, n) => ({
    ...blankTrack(`t${n}`),
    artist: `artist ${n % 40}`,
    title: `title ${n}`,
    tempoBpm: 118 + ((n * 7) % 20),
    key: keyFromIndex((n * 5) % 24),
    energy: 1 + ((n * 3) % 10),
    durationMs: (4 + (n % 5)) * MINUTE,
    ...values(n),
  }))
}

const TABLE = prepareCandidates(library(300))
const hour = (rest: Partial<SetRequest> = {}): SetRequest => ({durationMs: 60 * MINUTE, energy: 'journey', ...rest})

function constraintOf(request: SetRequest, table = TABLE): unknown {
  try {
    buildSet(table, request)
  } catch (error) {
    if (isCrateError(error)) return error.details['constraint']
    throw error
  }
  return null
}

describe('buildSet', () => {
  it.each([
    ['duration', hour({durationMs: 0})],
    ['duration', hour({durationMs: Number.NaN})],
    ['duration', hour({durationMs: 1000 * 3_600_000})],
    ['duration', hour({durationMs: 5000})],
    ['must', hour({must: ['nobody']})],
    ['must', hour({must: ['t1'], without: ['t1']})],
    ['must', hour({must: TABLE.tracks.slice(0, 60).map((one) => one.id)})],
    ['start', hour({start: 't1', without: ['t1']})],
    ['end', hour({start: 't1', end: 't1'})],
    ['locked', hour({locked: [{position: 0, id: 't1'}]})],
    [
      'locked',
      hour({
        locked: [
          {position: 2, id: 't1'},
          {position: 2, id: 't2'},
        ],
      }),
    ],
    [
      'locked',
      hour({
        locked: [
          {position: 2, id: 't1'},
          {position: 4, id: 't1'},
        ],
      }),
    ],
    ['locked', hour({locked: [{position: 900, id: 't1'}]})],
    ['without', hour({without: TABLE.tracks.map((one) => one.id)})],
  ])('says that %s cannot be had', (constraint, request) => {
    expect(constraintOf(request)).toBe(constraint)
  })

  it('says that an empty library has no sets, and one artist alone none without a repeat', () => {
    expect(constraintOf(hour(), prepareCandidates([]))).toBe('library')
    expect(constraintOf(hour(), prepareCandidates(library(50, () => ({artist: 'One'}))))).toBe('artist')
  })

  it.each([20, 60, 137, 360])('fills %i minutes to within half a track', (minutes) => {
    const {durationMs} = buildSet(TABLE, hour({durationMs: minutes * MINUTE}))
    expect(Math.abs(durationMs - minutes * MINUTE)).toBeLessThan(4 * MINUTE)
  })

  it('repeats no track, and no artist twice in a row', () => {
    const {entries} = buildSet(TABLE, hour({durationMs: 360 * MINUTE}))
    expect(new Set(entries.map((one) => one.track.id)).size).toBe(entries.length)
    for (const [at, entry] of entries.entries()) expect(entry.track.artist).not.toBe(entries[at - 1]?.track.artist)
  })

  it('keeps start, end, locked places, what must come and what must not', () => {
    const {entries} = buildSet(
      TABLE,
      hour({start: 't7', end: 't11', locked: [{position: 4, id: 't20'}], must: ['t33', 't44'], without: ['t1', 't2']}),
    )
    const ids = entries.map((one) => one.track.id)
    expect(ids[0]).toBe('t7')
    expect(ids.at(-1)).toBe('t11')
    expect(ids[3]).toBe('t20')
    expect(ids).toEqual(expect.arrayContaining(['t33', 't44']))
    expect(ids).not.toContain('t1')
  })

  it('follows the curve: a warm-up starts low and ends higher', () => {
    const {entries} = buildSet(TABLE, hour({energy: 'warm-up'}))
    const mean = (part: typeof entries) => part.reduce((sum, one) => sum + (one.track.energy ?? 0), 0) / part.length
    expect(mean(entries.slice(-3))).toBeGreaterThan(mean(entries.slice(0, 3)) + 1.5)
  })

  it('counts what overlaps only once', () => {
    const table = prepareCandidates(
      library(100, () => ({durationMs: 6 * MINUTE, mixInMs: MINUTE, mixOutMs: 5 * MINUTE})),
    )
    const {entries, durationMs} = buildSet(table, hour())
    expect(durationMs).toBe(entries.length * 4 * MINUTE + MINUTE)
  })

  it('builds from tracks of which nothing is known', () => {
    const table = prepareCandidates(Array.from({length: 40}, (_, n) => blankTrack(`x${n}`)))
    expect(buildSet(table, hour()).entries.length).toBeGreaterThan(8)
  })

  it('gives the same set each time, and a better one than a greedy walk', () => {
    const built = buildSet(TABLE, hour())
    expect(buildSet(TABLE, hour())).toEqual(built)
    expect(built.meanCost).toBeLessThan(buildSet(TABLE, hour(), {beamWidth: 1}).meanCost + 1e-9)
  })
})

describe('energyAt', () => {
  it('draws straight lines between points in any order, and holds the ends', () => {
    const points = curvePoints([
      {at: 1, energy: 9},
      {at: 0.5, energy: 5},
    ])
    expect([0, 0.5, 0.75, 1, 1.2].map((at) => energyAt(points, at))).toEqual([5, 5, 7, 9, 9])
  })

  it.each([[[]], [[{at: 2, energy: 5}]], [[{at: 0, energy: 11}]], [[{at: Number.NaN, energy: 5}]]])(
    'refuses %j',
    (points) => {
      expect(() => curvePoints(points)).toThrow(expect.objectContaining({code: 'USAGE'}))
    },
  )
})
