// The votes of few examples, against what can be worked out by hand and by leaving examples out for real.
import {describe, expect, it} from 'vitest'
import {fitRidge} from '../../src/live/gestures/kernel-ridge.js'

/** Likeness by distance on a line, which is positive definite. */
function likenessOf(points: readonly number[]): Float64Array[] {
  return points.map((a) => Float64Array.from(points, (b) => Math.exp(-Math.abs(a - b))))
}

describe('fitRidge', () => {
  it('shrinks examples that are not alike by the penalty alone', () => {
    const apart = [Float64Array.of(1, 0), Float64Array.of(0, 1)]
    const {votes, leftOut} = fitRidge(
      apart,
      [
        [0.5, -0.5],
        [-0.5, 0.5],
      ],
      0.25,
    )
    expect([...(votes[0] ?? [])]).toEqual([0.4, -0.4])
    expect([...(votes[1] ?? [])]).toEqual([-0.4, 0.4])
    // Nothing else is like them, so nothing is known of them without themselves.
    for (const scores of leftOut) for (const score of scores) expect(score).toBeCloseTo(0, 12)
  })

  it('solves two that are alike as by hand', () => {
    // (K + λ) = [[2, 1], [1, 2]], whose inverse is [[2, −1], [−1, 2]] / 3.
    const {votes} = fitRidge([Float64Array.of(1, 1), Float64Array.of(1, 1)], [[1], [0]], 1)
    expect(votes[0]?.[0]).toBeCloseTo(2 / 3, 12)
    expect(votes[1]?.[0]).toBeCloseTo(-1 / 3, 12)
  })

  it('knows what would be said of each example without it', () => {
    const points = [0, 0.4, 1.1, 1.5, 3, 3.3]
    const targets = points.map((point) => (point < 1.3 ? [1, -1] : [-1, 1]))
    const {leftOut} = fitRidge(likenessOf(points), targets, 0.5)
    for (const [out, point] of points.entries()) {
      const rest = points.filter((_, index) => index !== out)
      const {votes} = fitRidge(
        likenessOf(rest),
        targets.filter((_, index) => index !== out),
        0.5,
      )
      for (const entry of [0, 1]) {
        const said = rest.reduce(
          (sum, other, at) => sum + Math.exp(-Math.abs(point - other)) * (votes[at]?.[entry] ?? 0),
          0,
        )
        expect(leftOut[out]?.[entry]).toBeCloseTo(said, 10)
      }
    }
  })

  it('raises the penalty where examples are alike as no distances can be', () => {
    // Eigenvalues 1 + 2 × 1.5 and 1 − 1.5, twice: not positive definite.
    const impossible = [0, 1, 2].map((row) => Float64Array.from([0, 1, 2], (column) => (row === column ? 1 : 1.5)))
    const targets = [[1], [0], [-1]]
    const {votes} = fitRidge(impossible, targets, 0.1)
    // 0.8 is the first that serves: (K + 0.8)⁻¹ of a vector whose sum is 0 divides it by 1 − 1.5 + 0.8.
    expect(votes.map((vote) => vote[0])).toEqual([
      expect.closeTo(1 / 0.3, 9),
      expect.closeTo(0, 9),
      expect.closeTo(-1 / 0.3, 9),
    ])
  })
})
