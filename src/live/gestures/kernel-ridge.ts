// Kernel ridge regression: from a few examples and how alike they are, a vote for each class, learnt all at once.

export interface RidgeFit {
  /** For each example a row of one vote per class, to be weighted by its likeness to what is judged. */
  readonly votes: readonly Float64Array[]
  /** The scores of each example as if it had not been among those learnt from. */
  readonly leftOut: readonly Float64Array[]
}

/**
 * @param likeness symmetric; where it is far from positive definite, as warping may make it, the penalty is doubled
 * @param targets for each example one value per class
 * @param penalty added to the diagonal: how much an example may be wrong
 * @see Saunders, Gammerman and Vovk, Ridge regression learning algorithm in dual variables, 1998; the scores left out
 *   follow from the inverse, as in Allen's PRESS
 */
export function fitRidge(
  likeness: readonly Float64Array[],
  targets: readonly (readonly number[])[],
  penalty: number,
): RidgeFit {
  const size = likeness.length
  const classes = targets[0]?.length ?? 0
  const inverse = invertPositive(likeness, penalty)
  if (inverse === null) return fitRidge(likeness, targets, 2 * penalty)
  const votes = inverse.map((row) => {
    const vote = new Float64Array(classes)
    for (let index = 0; index < size; index++) {
      const weight = row[index] as number
      const target = targets[index] as readonly number[]
      for (let entry = 0; entry < classes; entry++)
        vote[entry] = (vote[entry] as number) + weight * (target[entry] as number)
    }
    return vote
  })
  const leftOut = votes.map((vote, index) => {
    const own = inverse[index]?.[index] as number
    return vote.map((value, entry) => (targets[index]?.[entry] as number) - value / own)
  })
  return {votes, leftOut}
}

/** Smaller pivots would make votes of noise. */
const LEAST_PIVOT = 0.02

/** By Gauss-Jordan elimination, which a positive definite matrix needs no exchange of rows for; null where it is not. */
function invertPositive(matrix: readonly Float64Array[], diagonal: number): Float64Array[] | null {
  const size = matrix.length
  const left = matrix.map((row, index) => row.map((value, at) => (at === index ? value + diagonal : value)))
  const right = matrix.map((_, index) => {
    const row = new Float64Array(size)
    row[index] = 1
    return row
  })
  for (let column = 0; column < size; column++) {
    const [pivotLeft, pivotRight] = [left[column] as Float64Array, right[column] as Float64Array]
    const pivot = pivotLeft[column] as number
    if (!(pivot > LEAST_PIVOT)) return null
    const scale = 1 / pivot
    for (let at = 0; at < size; at++) {
      pivotLeft[at] = (pivotLeft[at] as number) * scale
      pivotRight[at] = (pivotRight[at] as number) * scale
    }
    for (let row = 0; row < size; row++) {
      if (row === column) continue
      const [rowLeft, rowRight] = [left[row] as Float64Array, right[row] as Float64Array]
      const factor = rowLeft[column] as number
      if (factor === 0) continue
      for (let at = 0; at < size; at++) {
        rowLeft[at] = (rowLeft[at] as number) - factor * (pivotLeft[at] as number)
        rowRight[at] = (rowRight[at] as number) - factor * (pivotRight[at] as number)
      }
    }
  }
  return right
}
