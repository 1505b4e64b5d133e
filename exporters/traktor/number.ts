// Numbers as NML holds them.

/** A number in decimal or with an exponent; null for anything else and for what is not finite. */
export function numberFrom(text: string | null): number | null {
  if (text === null || !/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(text)) return null
  const value = Number(text)
  return Number.isFinite(value) ? value : null
}

/**
 * Six decimals, as Traktor 2.11 and later write. Where that would lose digits all of them are kept: Traktor 1 and 2
 * wrote up to 17 themselves, and a trip through crate must not move a cue.
 */
export function formatFloat(value: number): string {
  if (Number.isSafeInteger(value)) return `${value}.000000`
  const fixed = value.toFixed(6)
  const exact = String(value)
  return Number(fixed) === value || exact.includes('e') ? fixed : exact
}
