// Dates in queries: absolute ones of any precision, and ones counted from now.

/** From `startMs` up to but without `endMs`; equal for an instant. */
export interface Period {
  readonly startMs: number
  readonly endMs: number
}

/** What a date in a query is relative to: the moment, and the person's zone (minutes east of UTC). */
export interface QueryClock {
  readonly nowMs: number
  readonly utcOffsetMinutes?: number
}

/**
 * The period that a text names, or null: `2024`, `2024-03`, `2024-03-05`, `2024-03-05T21:30`, `today`, `yesterday`, or
 * an instant counted from now in days, weeks, months or years: `-30d`, `-2w`, `-6m`, `-1y`.
 */
export function parsePeriod(text: string, clock: QueryClock): Period | null {
  const offsetMs = (clock.utcOffsetMinutes ?? 0) * 60_000
  const local = new Date(clock.nowMs + offsetMs)
  const at = (year: number, month = 0, day = 1, hour = 0, minute = 0) => {
    const date = new Date(0)
    date.setUTCFullYear(year, month, day)
    date.setUTCHours(hour, minute)
    return date.getTime() - offsetMs
  }
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()]
  if (text === 'today') return {startMs: at(year, month, day), endMs: at(year, month, day + 1)}
  if (text === 'yesterday') return {startMs: at(year, month, day - 1), endMs: at(year, month, day)}

  const relative = /^([+-])(\d{1,5})([dwmy])$/i.exec(text)
  if (relative) {
    const [, sign, digits, unit = ''] = relative
    const count = Number(digits) * (sign === '-' ? -1 : 1)
    const timeMs = clock.nowMs + offsetMs - (at(year, month, day) + offsetMs)
    const startMs =
      unit === 'y'
        ? at(year + count, month, day) + timeMs
        : unit === 'm'
          ? at(year, month + count, day) + timeMs
          : clock.nowMs + count * (unit === 'w' ? 7 : 1) * 86_400_000
    return {startMs, endMs: startMs}
  }

  const absolute = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:T(\d{1,2}):(\d{2}))?)?)?$/i.exec(text)
  if (!absolute) return null
  const [y, m, d, h, min] = absolute.slice(1).map((part) => (part === undefined ? undefined : Number(part)))
  if (y === undefined || (m !== undefined && (m < 1 || m > 12)) || (d !== undefined && (d < 1 || d > 31))) return null
  if ((h ?? 0) > 23 || (min ?? 0) > 59) return null
  if (m === undefined) return {startMs: at(y), endMs: at(y + 1)}
  if (d === undefined) return {startMs: at(y, m - 1), endMs: at(y, m)}
  if (h === undefined) return {startMs: at(y, m - 1, d), endMs: at(y, m - 1, d + 1)}
  return {startMs: at(y, m - 1, d, h, min), endMs: at(y, m - 1, d, h, (min ?? 0) + 1)}
}
