// How long to wait before asking a service again.

/** What a host may be asked after an answer that passes with time. */
export const MOST_TRIES = 5
const LONGEST_PAUSE_MS = 5 * 60_000

/** Answers in a row that pass with time, nothing good between them: then the host is left for another day. */
export const ENOUGH_OF_HOST = {network: 20, rate: 60, server: 60} as const
/** With so many in a row the pauses double once more. */
const IN_A_ROW_PER_DOUBLING = 5

/**
 * How long a host is left alone after `inARow` such answers, of which this piece got `attempt`.
 *
 * @param random 0 to 1
 */
export function pauseOfHost(inARow: number, attempt: number, firstPauseMs: number, random: number): number {
  const step = Math.min(MOST_TRIES, Math.max(attempt, Math.floor(inARow / IN_A_ROW_PER_DOUBLING) + 1))
  return pauseBefore(Math.max(2, step), firstPauseMs, random) ?? 0
}

/**
 * The pause before try `attempt` (2 is the second): doubling, a quarter of it spread by chance so that many do not come
 * back at once. Null where it is enough.
 *
 * @param random 0 to 1
 */
export function pauseBefore(attempt: number, firstPauseMs: number, random: number): number | null {
  if (attempt > MOST_TRIES) return null
  const pauseMs = Math.min(LONGEST_PAUSE_MS, firstPauseMs * 2 ** (attempt - 2))
  return Math.round(pauseMs * (0.875 + 0.25 * random))
}
