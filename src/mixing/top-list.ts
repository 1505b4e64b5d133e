// The best rows of a long stream, kept in a heap whose root is the worst of them.
import type {CandidateTable} from './candidates.js'

export interface RankedRow {
  readonly row: number
  readonly utility: number
}

/** The largest so many utilities of a stream, ties to the smaller id. */
export class TopList {
  readonly #rows: Int32Array
  readonly #utilities: Float64Array
  readonly #table: Pick<CandidateTable, 'tracks'>
  #count = 0
  /** Nothing below this gets in. */
  floor = Number.NEGATIVE_INFINITY

  constructor(size: number, table: Pick<CandidateTable, 'tracks'>) {
    const capacity = Math.min(size, table.tracks.length)
    this.#rows = new Int32Array(capacity)
    this.#utilities = new Float64Array(capacity)
    this.#table = table
  }

  add(row: number, utility: number): void {
    if (this.#count < this.#rows.length) {
      this.#set(this.#count, row, utility)
      this.#rise(this.#count++)
    } else {
      if (!this.#isWorse(this.#rows[0] ?? 0, this.#utilities[0] ?? 0, row, utility)) return
      this.#set(0, row, utility)
      this.#sink()
    }
    if (this.#count === this.#rows.length) this.floor = this.#utilities[0] ?? this.floor
  }

  sorted(): RankedRow[] {
    const entries = Array.from({length: this.#count}, (_, at) => ({
      row: this.#rows[at] ?? 0,
      utility: this.#utilities[at] ?? 0,
    }))
    return entries.sort((a, b) => (this.#isWorse(a.row, a.utility, b.row, b.utility) ? 1 : -1))
  }

  #set(at: number, row: number, utility: number): void {
    this.#rows[at] = row
    this.#utilities[at] = utility
  }

  #isWorse(rowA: number, utilityA: number, rowB: number, utilityB: number): boolean {
    if (utilityA !== utilityB) return utilityA < utilityB
    const idA = this.#table.tracks[rowA]?.id ?? ''
    const idB = this.#table.tracks[rowB]?.id ?? ''
    return idA === idB ? rowA > rowB : idA > idB
  }

  #isWorseAt(a: number, b: number): boolean {
    return this.#isWorse(this.#rows[a] ?? 0, this.#utilities[a] ?? 0, this.#rows[b] ?? 0, this.#utilities[b] ?? 0)
  }

  #swap(a: number, b: number): void {
    const row = this.#rows[a] ?? 0
    const utility = this.#utilities[a] ?? 0
    this.#set(a, this.#rows[b] ?? 0, this.#utilities[b] ?? 0)
    this.#set(b, row, utility)
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!this.#isWorseAt(at, parent)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  #sink(): void {
    for (let at = 0; ; ) {
      let worst = at
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < this.#count && this.#isWorseAt(child, worst)) worst = child
      if (worst === at) return
      this.#swap(at, worst)
      at = worst
    }
  }
}
