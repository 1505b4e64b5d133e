// Cue points: hot cues, memory cues, loops and fade marks, with who made them.

/**
 * Who set a value: `analysis` (crate's own, replaced by a better analysis), `user` (made by hand in crate), or
 * `import:<format>` (made by the DJ in another program). Analysis never overwrites the last two.
 */
export type Origin = 'analysis' | 'user' | `import:${string}`

/** What a cue is for; `hot` and `memory` differ in being on a pad. A loop is a cue of any kind with a `lengthMs`. */
export type CueKind = 'hot' | 'memory' | 'fade-in' | 'fade-out' | 'load'

export interface Cue {
  readonly kind: CueKind
  /** The pad, 0 = A or 1 on the controller; null where it is on none. Always set for `hot`. */
  readonly slot: number | null
  readonly positionMs: number
  /** Length of a loop, greater than 0; null for a point. */
  readonly lengthMs: number | null
  /** Empty where it has none. */
  readonly name: string
  /** 0xRRGGBB; null where the program's default is meant. */
  readonly colorRgb: number | null
  readonly origin: Origin
  /** A loop locked against changes (Serato). */
  readonly isLocked?: boolean
}

export function isMadeByPerson(origin: Origin | null): boolean {
  return origin !== null && origin !== 'analysis'
}

/** Cues in the order in which they are shown and compared: by position, pads first, then by pad. */
export function sortCues(cues: readonly Cue[]): Cue[] {
  const padOrder = (cue: Cue) => cue.slot ?? Number.POSITIVE_INFINITY
  return [...cues].sort(
    (a, b) => a.positionMs - b.positionMs || compareNumbers(padOrder(a), padOrder(b)) || a.kind.localeCompare(b.kind),
  )
}

function compareNumbers(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1
}

/**
 * The cues of a track after a new analysis: what a person made stays; cues of the analysis fill the pads that are free,
 * and are left out where a person's cue of the same kind stands within 50 ms.
 */
export function mergeCues(current: readonly Cue[], analysed: readonly Cue[]): Cue[] {
  const kept = current.filter((cue) => isMadeByPerson(cue.origin))
  const taken = new Set(kept.filter((cue) => cue.slot !== null).map((cue) => cue.slot))
  const fresh = analysed.filter((cue) => {
    if (cue.slot !== null && taken.has(cue.slot)) return false
    return !kept.some((own) => own.kind === cue.kind && Math.abs(own.positionMs - cue.positionMs) < 50)
  })
  return sortCues([...kept, ...fresh])
}
