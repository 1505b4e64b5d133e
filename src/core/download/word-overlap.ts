// How many of some words are among others, with the slips of those who type titles.

/** The share of words of `needles` that are among `words`, with one letter wrong allowed in long ones. */
export function coverage(needles: readonly string[], words: readonly string[]): number {
  if (needles.length === 0) return 1
  const known = new Set(words)
  const joined = words.join('')
  const hits = needles.filter(
    (needle) =>
      known.has(needle) ||
      (needle.length >= 5 && (words.some((word) => isNear(needle, word)) || joined.includes(needle))) ||
      (/^\d+\p{L}+$/u.test(needle) && joined.includes(needle)),
  ).length
  if (hits < needles.length && needles.join('').length >= 5 && joined.includes(needles.join(''))) return 1
  return hits / needles.length
}

/** At most one letter added, dropped, changed or swapped with the next. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || Math.min(a.length, b.length) < 5 || /^\d+$/.test(a)) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const [restA, restB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  if (restA.length <= 1 && restB.length <= 1) return true
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0]
}
