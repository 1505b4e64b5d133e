// Dates as NML writes them: y/m/d without leading zeros, seconds of the day, and history's packed days.

/** `2019/3/7` as `2019-03-07`; null for anything else. */
export function isoFromNmlDate(text: string | null): string | null {
  const match = /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/.exec(text?.trim() ?? '')
  if (match === null) return null
  const [, year = '', month = '', day = ''] = match
  return isDay(Number(year), Number(month), Number(day))
    ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
    : null
}

/** The day of an ISO date, date and time, or year with or without month (which become the first day); null for others. */
export function nmlDateFromIso(iso: string | null): string | null {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T.*)?$/.exec(iso ?? '')
  if (match === null) return null
  const [year = 0, month = 1, day = 1] = match.slice(1).map((part) => (part === undefined ? 1 : Number(part)))
  return isDay(year, month, day) ? `${year}/${month}/${day}` : null
}

/**
 * When a history entry started, local time without a zone, which NML does not tell: `2013-06-24T18:05:09`.
 *
 * @param startDate year × 65536 + month × 256 + day (FORMATS §4.4)
 * @param startTime second of the day
 */
export function isoFromHistory(startDate: number, startTime: number): string | null {
  const [year, month, day] = [Math.floor(startDate / 65536), (startDate >> 8) & 0xff, startDate & 0xff]
  const seconds = Math.floor(startTime)
  if (year > 9999 || !isDay(year, month, day) || !(seconds >= 0 && seconds < 86_400)) return null
  const two = (value: number) => String(value).padStart(2, '0')
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':')
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${time}`
}

function isDay(year: number, month: number, day: number): boolean {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}
