// The right version among search results, on hard cases labelled by hand.
import {describe, expect, it} from 'vitest'
import {matchVersion} from '../../../src/core/download/version-match.js'
import {readVersionCases, scoreMatcher} from './version-cases.js'

describe('matchVersion', () => {
  it('fetches nothing wrong of 178 hard cases, and most of what is there', () => {
    const score = scoreMatcher(readVersionCases('versions.txt'))
    expect(score.cases).toBe(178)
    expect(score.wrong).toEqual([])
    expect(score.recall, score.unanswered.join('\n')).toBeGreaterThanOrEqual(0.95)
    expect(score.missed, 'a right one that is there is at least asked about').toBe(0)
  })

  it('does as well on 32 cases that it was not tuned on', () => {
    const score = scoreMatcher(readVersionCases('versions-unseen.txt'))
    expect(score.cases).toBe(32)
    expect(score.wrong).toEqual([])
    expect(score.recall, score.unanswered.join('\n')).toBeGreaterThanOrEqual(0.9)
  })

  it('is needed: the first result is wrong in most of the cases', () => {
    const cases = [...readVersionCases('versions.txt'), ...readVersionCases('versions-unseen.txt')]
    const firstResult = scoreMatcher(cases, (_wanted, candidates) => ({
      kind: 'sure',
      ranked: candidates.slice(0, 1).map((candidate) => ({candidate, score: 1, reasons: []})),
    }))
    expect(firstResult.precision).toBeLessThan(0.6)
  })

  const candidate = (title: string, seconds: number | null, extra: object = {}) => ({
    link: `https://example.org/${title}`,
    title,
    channel: 'someone',
    artist: null,
    track: null,
    durationMs: seconds === null ? null : seconds * 1000,
    viewCount: null,
    isVerified: false,
    isLive: false,
    ...extra,
  })

  it('finds nothing among nothing', () => {
    expect(matchVersion({artist: 'A', title: 'B', durationMs: null}, [])).toEqual({kind: 'none', ranked: []})
  })

  it('asks where two lengths of one title fit, and says so', () => {
    const verdict = matchVersion({artist: 'Artist', title: 'Song', durationMs: null}, [
      candidate('Artist - Song', 200),
      candidate('Artist - Song', 260),
    ])
    expect(verdict.kind).toBe('doubtful')
    expect(verdict.ranked[0]?.reasons.map(({kind}) => kind)).toContain('rivals')
  })

  it('takes any of several uploads of the same length', () => {
    const uploads = [candidate('Artist - Song', 200), candidate('Artist - Song [HQ]', 201)]
    expect(matchVersion({artist: 'Artist', title: 'Song', durationMs: 200_500}, uploads).kind).toBe('sure')
  })

  it('never takes a stream that is live now', () => {
    const live = candidate('Artist - Song', 200, {isLive: true})
    expect(matchVersion({artist: 'Artist', title: 'Song', durationMs: 200_000}, [live]).kind).toBe('none')
  })
})
