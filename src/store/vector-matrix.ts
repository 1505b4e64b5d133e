// All vectors of a small library side by side in memory: comparing every one of them is exact and fast enough.
import type {SqliteFile} from './sqlite.js'

export interface VectorMatrix {
  /** The change (`vector_seq`) up to which it is complete, and how many vectors there were. */
  readonly sequence: number
  readonly rows: Int32Array
  /** Row by row, unit-scaled. */
  readonly numbers: Float32Array
  readonly dimension: number
}

export function loadMatrix(db: SqliteFile, version: number, dimension: number, sequence: number): VectorMatrix {
  const count =
    db.prepare<{count: number}>('SELECT count(*) AS count FROM track_index WHERE vector_version = ?').get(version)
      ?.count ?? 0
  const rows = new Int32Array(count)
  const numbers = new Float32Array(count * dimension)
  const bytes = new Uint8Array(numbers.buffer)
  let filled = 0
  const found = db
    .prepareRaw<[number, Uint8Array]>(
      `SELECT t.row, e.vector FROM tracks t JOIN embeddings e ON e.audio_hash = t.audio_hash
       WHERE e.version = ? AND length(e.vector) = ?`,
    )
    .iterate(version, dimension * 4)
  for (const [row, blob] of found) {
    if (filled === count) break
    rows[filled] = row
    bytes.set(blob, filled * dimension * 4)
    scaleToUnit(numbers.subarray(filled * dimension, (filled + 1) * dimension))
    filled++
  }
  return {sequence, rows: rows.subarray(0, filled), numbers: numbers.subarray(0, filled * dimension), dimension}
}

export function scaleToUnit(vector: Float32Array): void {
  let square = 0
  for (const value of vector) square += value * value
  const factor = square === 0 ? 0 : 1 / Math.sqrt(square)
  for (let index = 0; index < vector.length; index++) vector[index] = (vector[index] ?? 0) * factor
}

/** Rows by falling similarity to a unit vector, at most `limit`; equal ones in order of addition. */
export function nearestInMatrix(
  {rows, numbers, dimension}: VectorMatrix,
  unit: Float32Array,
  limit: number,
  isWanted: (row: number) => boolean,
): {row: number; similarity: number}[] {
  const best: {row: number; similarity: number}[] = []
  let worst = Number.NEGATIVE_INFINITY
  for (let index = 0, offset = 0; index < rows.length; index++, offset += dimension) {
    let similarity = 0
    for (let at = 0; at < dimension; at++) similarity += (numbers[offset + at] as number) * (unit[at] as number)
    if (best.length >= limit && similarity <= worst) continue
    const row = rows[index] as number
    if (!isWanted(row)) continue
    let place = best.length
    while (place > 0 && (best[place - 1]?.similarity ?? 0) < similarity) place--
    best.splice(place, 0, {row, similarity})
    if (best.length > limit) best.pop()
    worst = best.at(-1)?.similarity ?? worst
  }
  return best
}
