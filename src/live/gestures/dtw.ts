// Dynamic time warping of multi-channel curves: how far apart two movements are when their pace does not count.

/** A movement of fixed length: `points` rows of `channels` values. */
export interface Curve {
  readonly points: number
  readonly channels: number
  /** Row after row. */
  readonly values: Float32Array
}

let rowBefore = new Float64Array(64)
let rowNow = new Float64Array(64)

/**
 * Mean squared distance a point along the best warping within a Sakoe-Chiba band; infinite once it must exceed `limit`.
 *
 * @param bandPoints how far the two may run apart
 * @see Sakoe and Chiba, Dynamic programming algorithm optimization for spoken word recognition, 1978
 */
export function warpedDistance(a: Curve, b: Curve, bandPoints: number, limit = Number.POSITIVE_INFINITY): number {
  const {points: rows, channels, values: va} = a
  const {points: columns, values: vb} = b
  if (rowNow.length < columns + 1) {
    rowBefore = new Float64Array(columns + 1)
    rowNow = new Float64Array(columns + 1)
  }
  const band = Math.max(bandPoints, Math.abs(rows - columns))
  const total = limit * rows
  rowBefore.fill(Number.POSITIVE_INFINITY, 0, columns + 1)
  rowBefore[0] = 0
  for (let i = 1; i <= rows; i++) {
    const from = Math.max(1, i - band)
    const to = Math.min(columns, i + band)
    let least = Number.POSITIVE_INFINITY
    rowNow[from - 1] = Number.POSITIVE_INFINITY
    let left = Number.POSITIVE_INFINITY
    for (let j = from; j <= to; j++) {
      let cost = 0
      let pa = (i - 1) * channels
      let pb = (j - 1) * channels
      for (let c = 0; c < channels; c++) {
        const difference = (va[pa++] as number) - (vb[pb++] as number)
        cost += difference * difference
      }
      const diagonal = rowBefore[j - 1] as number
      const above = rowBefore[j] as number
      const best = Math.min(diagonal, left, above)
      left = best + cost
      rowNow[j] = left
      if (left < least) least = left
    }
    if (least > total) return Number.POSITIVE_INFINITY
    if (to < columns) rowNow[to + 1] = Number.POSITIVE_INFINITY
    const swap = rowBefore
    rowBefore = rowNow
    rowNow = swap
  }
  return (rowBefore[columns] as number) / rows
}
