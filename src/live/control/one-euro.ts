// The 1€ filter: smooth while the hand is slow, quick while it is fast.

export interface OneEuroSettings {
  /** Cut-off at rest, Hz: lower is smoother. */
  readonly minCutoffHz: number
  /** How much speed raises the cut-off: higher lags less. */
  readonly beta: number
}

export interface OneEuroState {
  readonly atMs: number
  readonly value: number
  readonly slope: number
}

const SLOPE_CUTOFF_HZ = 1

function share(cutoffHz: number, elapsedMs: number): number {
  const tauMs = 1000 / (2 * Math.PI * cutoffHz)
  return 1 / (1 + tauMs / elapsedMs)
}

/**
 * The state after one more value; its `value` is the smoothed one. Begins anew where time does not go on.
 *
 * @see Casiez, Roussel and Vogel, 1€ Filter, CHI 2012
 */
export function oneEuro(
  settings: OneEuroSettings,
  state: OneEuroState | null,
  value: number,
  atMs: number,
): OneEuroState {
  if (state === null || atMs <= state.atMs || atMs - state.atMs > 1000) return {atMs, value, slope: 0}
  const elapsedMs = atMs - state.atMs
  const rawSlope = ((value - state.value) * 1000) / elapsedMs
  const slope = state.slope + share(SLOPE_CUTOFF_HZ, elapsedMs) * (rawSlope - state.slope)
  const cutoffHz = settings.minCutoffHz + settings.beta * Math.abs(slope)
  return {atMs, value: state.value + share(cutoffHz, elapsedMs) * (value - state.value), slope}
}
