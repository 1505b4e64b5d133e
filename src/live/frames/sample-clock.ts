// From a device's clock, or from arrival times that bunch, to sample times on the engine's time line.

export type ClockVerdict =
  | {readonly kind: 'at'; readonly atMs: number}
  | {readonly kind: 'late' | 'duplicate' | 'doubtful'}

/** A clock that jumps further than this is not believed at once. */
const JUMP_MS = 400
/** Consecutive readings on a new clock until it is believed: a source on probation, as in RFC 3550, appendix A.1. */
const PROBATION = 5
/** How fast a device's clock may run off the engine's: 200 ppm. */
const DRIFT = 2e-4
/** Readings that come later than expected by this much begin a new line rather than bending the old one. */
const GAP_MS = 250

/**
 * Sample times rise strictly and are never in the future. A device's own clock is mapped by the smallest delay seen;
 * without one, arrivals are evened out, because a serial driver or Wi-Fi hands several readings over at once.
 */
export class SampleClock {
  #lastSampledMs: number | null = null
  #offsetMs = Number.POSITIVE_INFINITY
  #lastReceivedMs = 0
  #lastAtMs = Number.NEGATIVE_INFINITY
  #periodMs: number | null = null
  #candidates: readonly {readonly lastMs: number; readonly count: number}[] = []

  /** @param sampledMs on the device's clock; null where it tells none */
  place(sampledMs: number | null, receivedMs: number): ClockVerdict {
    return sampledMs === null ? this.#placeArrival(receivedMs) : this.#placeSample(sampledMs, receivedMs)
  }

  /** The device was plugged in again: its clock and rate may be others now. */
  reset(): void {
    this.#lastSampledMs = null
    this.#offsetMs = Number.POSITIVE_INFINITY
    this.#periodMs = null
    this.#candidates = []
  }

  #placeSample(sampledMs: number, receivedMs: number): ClockVerdict {
    const last = this.#lastSampledMs
    if (last !== null) {
      // Silence on the line excuses a gap of the same length on the device's clock.
      const allowedMs = JUMP_MS + Math.max(0, receivedMs - this.#lastReceivedMs) * 1.5
      const stepMs = sampledMs - last
      if (stepMs > allowedMs || stepMs < -JUMP_MS) {
        if (!this.#provesItself(sampledMs)) return {kind: 'doubtful'}
        this.reset()
      } else if (stepMs === 0) return {kind: 'duplicate'}
      else if (stepMs < 0) return {kind: 'late'}
    }
    const drift = this.#lastSampledMs === null ? 0 : (sampledMs - this.#lastSampledMs) * DRIFT
    this.#offsetMs = Math.min(this.#offsetMs + drift, receivedMs - sampledMs)
    this.#lastSampledMs = sampledMs
    return this.#rise(sampledMs + this.#offsetMs, receivedMs)
  }

  /** Several clocks may be on probation: a broken packet between good ones must not make these begin again. */
  #provesItself(sampledMs: number): boolean {
    const isNext = ({lastMs}: {readonly lastMs: number}) => sampledMs > lastMs && sampledMs - lastMs < JUMP_MS
    const candidate = this.#candidates.find(isNext)
    const count = (candidate?.count ?? 0) + 1
    this.#candidates = [{lastMs: sampledMs, count}, ...this.#candidates.filter((other) => other !== candidate)].slice(
      0,
      3,
    )
    return count >= PROBATION
  }

  #placeArrival(receivedMs: number): ClockVerdict {
    if (!Number.isFinite(this.#lastAtMs)) return this.#rise(receivedMs, receivedMs)
    const sinceMs = receivedMs - this.#lastReceivedMs
    if (sinceMs >= 0 && sinceMs < GAP_MS)
      this.#periodMs =
        this.#periodMs === null ? Math.max(sinceMs, 1) : this.#periodMs + 0.02 * (sinceMs - this.#periodMs)
    const expectedMs = this.#lastAtMs + (this.#periodMs ?? 0)
    const errorMs = receivedMs - expectedMs
    return this.#rise(Math.abs(errorMs) > GAP_MS ? receivedMs : expectedMs + 0.1 * errorMs, receivedMs)
  }

  #rise(wantedMs: number, receivedMs: number): ClockVerdict {
    this.#lastReceivedMs = receivedMs
    const grid = 1024
    const earliest = this.#lastAtMs + 1 / grid
    this.#lastAtMs = Math.max(Math.round(Math.min(wantedMs, receivedMs) * grid) / grid, earliest)
    return {kind: 'at', atMs: this.#lastAtMs}
  }
}
