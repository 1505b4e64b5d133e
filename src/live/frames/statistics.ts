// How well a sensor arrives: rate, jitter and what was lost, for the person and for the log.

export interface SensorStatistics {
  readonly frames: number
  /** Told by running numbers only; null where the device sends none. */
  readonly lost: number | null
  readonly late: number
  readonly duplicates: number
  /** Values that no hand makes, or times that do not fit: thrown away. */
  readonly implausible: number
  /** Frames a second over the last arrivals; null before two arrived. */
  readonly rateHz: number | null
  /** 99th percentile of the pauses between arrivals, less the median, over the last arrivals. */
  readonly jitterMs: number | null
}

const KEPT = 256

/** The last pauses between arrivals, in a ring. */
export class ArrivalStatistics {
  readonly #pausesMs = new Float64Array(KEPT)
  #count = 0
  #lastMs: number | null = null

  push(receivedMs: number): void {
    if (this.#lastMs !== null) this.#pausesMs[this.#count++ % KEPT] = Math.max(0, receivedMs - this.#lastMs)
    this.#lastMs = receivedMs
  }

  summary(): {rateHz: number | null; jitterMs: number | null} {
    const kept = this.#pausesMs.slice(0, Math.min(this.#count, KEPT)).sort()
    if (kept.length === 0) return {rateHz: null, jitterMs: null}
    const total = kept.reduce((sum, pause) => sum + pause, 0)
    const at = (share: number) => kept[Math.min(kept.length - 1, Math.floor(share * kept.length))] ?? 0
    return {rateHz: total > 0 ? (1000 * kept.length) / total : null, jitterMs: at(0.99) - at(0.5)}
  }
}
