// Engine numbers keys along the open-key wheel: 0 = 1d (C), 1 = 1m (A minor), 2 = 2d … (FORMATS §6).
import type {CoreFunctions, MusicalKey} from 'crate-dj/plugin'

export function keyFromNumber(value: number, {parseKey}: Pick<CoreFunctions, 'parseKey'>): MusicalKey | null {
  if (!Number.isInteger(value) || value < 0 || value > 23) return null
  return parseKey(`${Math.floor(value / 2) + 1}${value % 2 === 0 ? 'd' : 'm'}`)
}

export function numberFromKey(key: MusicalKey, {formatKey}: Pick<CoreFunctions, 'formatKey'>): number {
  const text = formatKey(key, 'open-key')
  return (Number.parseInt(text, 10) - 1) * 2 + (text.endsWith('m') ? 1 : 0)
}
