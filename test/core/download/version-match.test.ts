// The right version among search results, on hard cases labelled by hand.
import {describe, expect, it} from 'vitest'
import {matchVersion} from '../../../src/core/download/version-match.js'
import {readVersionCases, scoreMatcher, VERSION_LISTS} from './version-cases.js'

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

  it('does as well on 108 cases by another hand', () => {
    const score = scoreMatcher(readVersionCases('versions-wild.txt'))
    expect(score.cases).toBe(108)
    expect(score.wrong).toEqual([])
    expect(score.recall, score.unanswered.join('\n')).toBeGreaterThanOrEqual(0.9)
  })

  it('fetches nothing wrong of 35 traps', () => {
    const score = scoreMatcher(readVersionCases('versions-last.txt'))
    expect(score.cases).toBe(35)
    expect(score.wrong).toEqual([])
    expect(score.recall, score.unanswered.join('\n')).toBeGreaterThanOrEqual(0.8)
  })

  it('is needed: the first result is wrong in most of the cases', () => {
    const cases = VERSION_LISTS.flatMap((name) => readVersionCases(name))
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

  it("asks about a bare title without artist and length, which is anybody's", () => {
    const bare = {artist: null, title: 'Strobe', durationMs: null}
    expect(matchVersion(bare, [candidate('Artist - Strobe', 200)]).kind).toBe('doubtful')
    expect(matchVersion({...bare, title: 'Artist Strobe'}, [candidate('Artist - Strobe', 200)]).kind).toBe('sure')
  })

  it('reads version words of other scripts, and letters for show', () => {
    const kinds = ['歌ってみた', '伴奏', '𝙨𝙡𝙤𝙬𝙚𝙙', 's l o w e d', '1時間耐久', 'караоке'].map(
      (words) =>
        matchVersion({artist: 'Artist', title: 'Song', durationMs: 200_000}, [
          candidate(`Artist - Song (${words})`, 200),
        ]).kind,
    )
    expect(new Set(kinds)).toEqual(new Set(['none']))
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
