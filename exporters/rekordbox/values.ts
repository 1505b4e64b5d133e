// Values as Rekordbox writes them in attributes: whole numbers, seconds, ratings, dates, colours.
import {hexFromRgb, rgbFromHex} from '../../src/core/color.js'

/** A whole number from 0 to `max`; null for anything else. */
export function parseWhole(text: string, max: number): number | null {
  if (!/^\s*\d{1,16}\s*$/.test(text)) return null
  const value = Number(text)
  return value <= max ? value : null
}

/** Seconds, also with a comma, as milliseconds to the microsecond; null outside of −1 h to 7 days. */
export function parseSeconds(text: string): number | null {
  const value = parseDecimal(text)
  return value === null || value < -3600 || value > 7 * 86_400 ? null : Math.round(value * 1e6) / 1e3
}

export function formatSeconds(positionMs: number): string {
  return (Math.round(positionMs) / 1000).toFixed(3)
}

/** Above 0 and up to 1000, so that no broken number makes a grid of millions of beats; null else. */
export function parseTempo(text: string): number | null {
  const value = parseDecimal(text)
  return value === null || !(value > 0) || value > 1000 ? null : value
}

function parseDecimal(text: string): number | null {
  return /^\s*-?\d{1,12}(?:[.,]\d{0,20})?\s*$/.test(text) ? Number(text.replace(',', '.')) : null
}

/** `yyyy-mm-dd` of a day that exists; null for anything else. Rekordbox takes a bad one and damages its database. */
export function parseDay(text: string): string | null {
  const match = /^\s*(\d{4})-(\d{2})-(\d{2})(?:$|[T ])/.exec(text)
  if (match === null) return null
  const [, year = '', month = '', day = ''] = match
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  const isReal = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && Number(year) > 0
  return isReal ? `${year}-${month}-${day}` : null
}

const STEP_PER_STAR = 51

/** Stars of 0–255; null for 0, which is "not rated" there. */
export function parseRating(text: string): number | null {
  const value = parseWhole(text, 255)
  return value === null || value === 0 ? null : value / STEP_PER_STAR
}

export function formatRating(stars: number | null): string {
  return String(Math.round(Math.min(5, Math.max(0, stars ?? 0)) * STEP_PER_STAR))
}

/** `0xRRGGBB`, as the published list of the format has it. */
export function formatTrackColor(colorRgb: number): string {
  return hexFromRgb(colorRgb).replace('#', '0x')
}

export const parseTrackColor = rgbFromHex
