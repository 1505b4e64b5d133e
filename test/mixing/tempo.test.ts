import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {describeTempo, tempoMove, tempoScore, tightTempoScore} from '../../src/mixing/tempo.js'

const anyTempo = fc.double({min: 30, max: 300, noNaN: true})

describe('tempoMove', () => {
  it.each([
    [0, 128],
    [128, 0],
    [Number.NaN, 128],
    [-120, 128],
    [Number.POSITIVE_INFINITY, 128],
    [null, 128],
    [128, null],
  ])('knows nothing of %s to %s', (from, to) => {
    expect(tempoMove(from, to)).toBeNull()
  })

  it.each([
    [128, 128, 1, 0],
    [126, 128, 1, -1.5625],
    [128, 126, 1, 1.5873],
    [87, 174, 2, 0],
    [174, 87, 0.5, 0],
    [170, 86, 0.5, -1.1628],
    [70, 128, 2, 9.375],
  ])('from %f to %f BPM folds by %f and pitches by %f %%', (from, to, fold, pitchPercent) => {
    const move = tempoMove(from, to)
    expect(move?.fold).toBe(fold)
    expect(move?.pitchPercent).toBeCloseTo(pitchPercent, 3)
  })

  it('lands on the beat: the pitched tempo is the playing one at the fold', () => {
    fc.assert(
      fc.property(anyTempo, anyTempo, (from, to) => {
        const move = tempoMove(from, to)
        expect(move).not.toBeNull()
        if (move !== null) expect(to * (1 + move.pitchPercent / 100)).toBeCloseTo(from * move.fold, 6)
      }),
    )
  })

  it('is as far back as it was there', () => {
    fc.assert(
      fc.property(anyTempo, anyTempo, (from, to) => {
        expect(tempoMove(from, to)?.octaves).toBeCloseTo(tempoMove(to, from)?.octaves ?? Number.NaN, 9)
      }),
    )
  })
})

describe('tempoScore', () => {
  it('is 1 for no move, half at 6 % (tight: 1.5 %), and falls all the way', () => {
    expect(tempoScore(0, false)).toBe(1)
    expect(tempoScore(Math.log2(1.06), false)).toBeCloseTo(0.5)
    expect(tightTempoScore(Math.log2(1.015), false)).toBeCloseTo(0.5)
    expect(tempoScore(0.2, false)).toBeGreaterThan(tempoScore(0.3, false))
    expect(tempoScore(0, true)).toBeLessThan(1)
  })
})

describe('describeTempo', () => {
  it('says what the fader does', () => {
    const words = (from: number, to: number) => {
      const move = tempoMove(from, to)
      return move === null ? '' : describeTempo(from, to, move)
    }
    expect(words(126, 128)).toBe('126 → 128 BPM, pitch −1.6 %')
    expect(words(87, 174)).toBe('87 → 174 BPM, its beat counted half, no pitching')
    expect(words(174, 87)).toBe('174 → 87 BPM, its beat counted double, no pitching')
  })
})
