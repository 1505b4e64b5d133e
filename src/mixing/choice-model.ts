// Conditional logit: weights under which the options that were chosen are likely among those that were not.

/** Choices side by side: for each, `options` rows of `features` values, the chosen one first. */
export interface Choices {
  readonly count: number
  readonly options: number
  readonly features: number
  /** count × options × features. */
  readonly values: Float32Array
}

const MAX_STEPS = 30
const CLOSE_ENOUGH = 1e-7

/**
 * The weights that maximise the likelihood of the choices less `strength / 2` times the squared distance from `prior`,
 * by Newton's method with step halving; the problem is concave, so there is one answer.
 *
 * @see McFadden, Conditional Logit Analysis of Qualitative Choice Behavior, 1974 (sampled alternatives: 1978)
 */
export function fitChoices(
  choices: Choices,
  prior: readonly number[],
  strength: number,
  end = choices.count,
): number[] {
  let weights = [...prior]
  let current = evaluate(choices, weights, prior, strength, 0, end)
  for (let step = 0; step < MAX_STEPS; step++) {
    const direction = solve(current.curvature, current.slope)
    let size = 1
    let next = current
    let moved = weights
    for (; size > 1e-4; size /= 2) {
      moved = weights.map((weight, at) => weight + size * (direction[at] ?? 0))
      next = evaluate(choices, moved, prior, strength, 0, end)
      if (next.gain >= current.gain) break
    }
    if (size <= 1e-4) return weights
    const gained = next.gain - current.gain
    weights = moved
    current = next
    if (gained < CLOSE_ENOUGH * Math.max(1, Math.abs(current.gain))) break
  }
  return weights
}

/** Mean of 1 / rank of the chosen option from `start` on; ties stand in the middle of their group. */
export function meanReciprocalRank(
  {count, options, features, values}: Choices,
  weights: readonly number[],
  start: number,
): number {
  let sum = 0
  const utilities = new Float64Array(options)
  for (let choice = start; choice < count; choice++) {
    for (let option = 0; option < options; option++) {
      const row = (choice * options + option) * features
      let utility = 0
      for (let f = 0; f < features; f++) utility += (weights[f] ?? 0) * (values[row + f] ?? 0)
      utilities[option] = utility
    }
    const own = utilities[0] ?? 0
    let better = 0
    let equal = 0
    for (const utility of utilities) {
      if (utility > own) better++
      else if (utility === own) equal++
    }
    sum += 1 / (better + (equal + 1) / 2)
  }
  return sum / Math.max(1, count - start)
}

interface Evaluation {
  readonly gain: number
  readonly slope: Float64Array
  readonly curvature: Float64Array
}

function evaluate(
  {options, features, values}: Choices,
  weights: readonly number[],
  prior: readonly number[],
  strength: number,
  start: number,
  end: number,
): Evaluation {
  const slope = new Float64Array(features)
  const curvature = new Float64Array(features * features)
  let gain = 0
  for (let f = 0; f < features; f++) {
    const off = (weights[f] ?? 0) - (prior[f] ?? 0)
    gain -= (strength / 2) * off * off
    slope[f] = -strength * off
    curvature[f * features + f] = strength
  }
  const shares = new Float64Array(options)
  const mean = new Float64Array(features)
  for (let choice = start; choice < end; choice++) {
    const base = choice * options * features
    gain += softmax(values, base, weights, shares)
    mean.fill(0)
    for (let option = 0; option < options; option++)
      for (let f = 0; f < features; f++)
        mean[f] = (mean[f] ?? 0) + (shares[option] ?? 0) * (values[base + option * features + f] ?? 0)
    for (let f = 0; f < features; f++) slope[f] = (slope[f] ?? 0) + (values[base + f] ?? 0) - (mean[f] ?? 0)
    for (let option = 0; option < options; option++) {
      const share = shares[option] ?? 0
      const row = base + option * features
      for (let f = 0; f < features; f++) {
        const left = share * ((values[row + f] ?? 0) - (mean[f] ?? 0))
        for (let g = 0; g <= f; g++)
          curvature[f * features + g] =
            (curvature[f * features + g] ?? 0) + left * ((values[row + g] ?? 0) - (mean[g] ?? 0))
      }
    }
  }
  for (let f = 0; f < features; f++)
    for (let g = 0; g < f; g++) curvature[g * features + f] = curvature[f * features + g] ?? 0
  return {gain, slope, curvature}
}

/** Fills the shares of the options and gives the log of the first one's. */
function softmax(values: Float32Array, base: number, weights: readonly number[], shares: Float64Array): number {
  let highest = Number.NEGATIVE_INFINITY
  for (let option = 0; option < shares.length; option++) {
    let utility = 0
    for (let f = 0; f < weights.length; f++)
      utility += (weights[f] ?? 0) * (values[base + option * weights.length + f] ?? 0)
    shares[option] = utility
    if (utility > highest) highest = utility
  }
  const first = shares[0] ?? 0
  let sum = 0
  for (let option = 0; option < shares.length; option++) {
    shares[option] = Math.exp((shares[option] ?? 0) - highest)
    sum += shares[option] ?? 0
  }
  for (let option = 0; option < shares.length; option++) shares[option] = (shares[option] ?? 0) / sum
  return first - highest - Math.log(sum)
}

/** The solution of a symmetric positive definite system, by Cholesky's factors. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length
  const lower = new Float64Array(size * size)
  const at = (row: number, column: number) => lower[row * size + column] ?? 0
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column] ?? 0
      for (let k = 0; k < column; k++) sum -= at(row, k) * at(column, k)
      lower[row * size + column] = row === column ? Math.sqrt(Math.max(sum, 1e-9)) : sum / at(column, column)
    }
  const solution = Float64Array.from(right)
  for (let row = 0; row < size; row++) {
    let sum = solution[row] ?? 0
    for (let k = 0; k < row; k++) sum -= at(row, k) * (solution[k] ?? 0)
    solution[row] = sum / at(row, row)
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = solution[row] ?? 0
    for (let k = row + 1; k < size; k++) sum -= at(k, row) * (solution[k] ?? 0)
    solution[row] = sum / at(row, row)
  }
  return solution
}
