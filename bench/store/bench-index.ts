// The vector index alone, at sizes for which making a whole library takes too long: recall and time of each search.
import {createVectorIndex, type IndexedVector} from '../../src/store/vector-index.js'
import {nearestInMatrix} from '../../src/store/vector-matrix.js'
import {randomFrom, syntheticVectors} from './synthetic-library.js'

const DIMENSION = 64
const QUERIES = 300
const BATCH = 50_000

export async function benchIndex(folder: string, count: number): Promise<void> {
  const draw = syntheticVectors(DIMENSION, 2)
  const random = randomFrom(5)
  const numbers = new Float32Array(count * DIMENSION)
  for (let row = 0; row < count; row++) numbers.set(draw(random), row * DIMENSION)
  const rows = Int32Array.from({length: count}, (_, row) => row)
  const tempoOf = (row: number) => 80 + (row % 100)

  const shape = {dimension: DIMENSION, filterNames: ['f_bpm']}
  const index = await createVectorIndex(folder, 'bench', shape, null)
  const start = performance.now()
  for (let from = 0; from < count; from += BATCH) {
    const batch: IndexedVector[] = []
    for (let row = from; row < Math.min(from + BATCH, count); row++)
      batch.push({
        row,
        stamp: row,
        vector: numbers.subarray(row * DIMENSION, (row + 1) * DIMENSION),
        filters: [tempoOf(row)],
      })
    await index.put(batch)
  }
  const filled = performance.now()
  await index.arrange(true)
  const trained = performance.now()
  console.log(
    `${count} vectors: filled in ${((filled - start) / 1000).toFixed(1)} s, trained in ${((trained - filled) / 1000).toFixed(1)} s`,
  )

  const queries = Array.from({length: QUERIES}, () => draw(random))
  const matrix = {sequence: 0, rows, numbers, dimension: DIMENSION}
  const kinds: readonly (readonly [name: string, where: string | null, isWanted: (row: number) => boolean])[] = [
    ['all', null, () => true],
    ['one in eleven by tempo', 'f_bpm >= 120 AND f_bpm < 129', (row) => tempoOf(row) >= 120 && tempoOf(row) < 129],
  ]
  for (const [name, where, isWanted] of kinds) {
    for (const query of queries.slice(0, 20)) await index.search(query, 10, where)
    const times: number[] = []
    let hits = 0
    let loopMs = 0
    let cpuMs = 0
    for (const [number, query] of queries.entries()) {
      const searchStart = performance.now()
      const cpu = process.cpuUsage()
      const found = await index.search(query, 10, where)
      times.push(performance.now() - searchStart)
      const {user, system} = process.cpuUsage(cpu)
      cpuMs += (user + system) / 1000 / QUERIES
      if (number >= 50) continue
      const loopStart = performance.now()
      const nearest = new Set(nearestInMatrix(matrix, query, 10, isWanted).map(({row}) => row))
      loopMs += (performance.now() - loopStart) / 50
      hits += found.filter((row) => nearest.has(row)).length
    }
    times.sort((a, b) => a - b)
    const at = (share: number) => (times[Math.floor(share * times.length)] ?? 0).toFixed(2)
    const p50 = times[Math.floor(times.length / 2)] ?? 1
    console.log(
      `${name}: recall@10 ${(hits / 500).toFixed(3)}, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, processor ${cpuMs.toFixed(1)} ms; ` +
        `a loop over Float32Array ${loopMs.toFixed(1)} ms, ${(loopMs / p50).toFixed(1)}×`,
    )
  }
  index.close()
}
