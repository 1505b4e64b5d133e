// What is on the decks, as DJ programs tell it while a set is played.

export type DeckPhase = 'loaded' | 'playing' | 'on-air'

/** A change on one deck. Loaded is not playing, and playing is not heard until it is on air. */
export interface DeckState {
  /** Id of the now-playing contribution that saw it. */
  readonly source: string
  /** As the program names it: `1`, `A`; null where it does not tell. */
  readonly deck: string | null
  readonly state: DeckPhase
  /** Milliseconds since 1970. */
  readonly atMs: number
  readonly artist: string | null
  readonly title: string | null
  /** The audio file, in the form of the system that it came from. */
  readonly path: string | null
}
