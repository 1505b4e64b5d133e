// What a list asks for, what a search offered, and a reason why the two fit.
export interface WantedPiece {
  readonly artist: string | null
  /** With its version, as written: "Glue (Bicep Remix)". */
  readonly title: string
  readonly durationMs: number | null
}

/** A search result, as services tell it without opening its page. */
export interface Candidate {
  readonly link: string
  readonly title: string
  readonly channel: string | null
  /** Of services that know music. */
  readonly artist: string | null
  readonly track: string | null
  readonly durationMs: number | null
  readonly viewCount: number | null
  readonly isVerified: boolean
  readonly isLive: boolean
}

export interface MatchReason {
  readonly kind: 'title' | 'artist' | 'version' | 'duration' | 'channel' | 'rivals'
  readonly text: string
  /** 0 (excludes it) to 1 (speaks for it). */
  readonly score: number
}

/** Two uploads of one recording differ by silence alone. */
const SAME_LENGTH_MS = 4000

export function isSameLength(aMs: number | null, bMs: number | null): boolean {
  return aMs !== null && bMs !== null && Math.abs(aMs - bMs) <= SAME_LENGTH_MS
}
