// How long to wait before asking a service again.

/** What a host may be asked after an answer that passes with time. */
export const MOST_TRIES = 5
const LONGEST_PAUSE_MS = 5 * 60_000

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
