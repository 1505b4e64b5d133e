// The word that a person probably meant.

/** The nearest of the names within so many changed, added or missing letters; null where none is near. */
export function closest(name: string, names: Iterable<string>, mostChanges = 2): string | null {
  let best: {name: string; distance: number} | null = null
  for (const candidate of names) {
    const distance = editDistance(name, candidate)
    if (distance <= mostChanges && (best === null || distance < best.distance)) best = {name: candidate, distance}
  }
  return best?.name ?? null
}

function editDistance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
