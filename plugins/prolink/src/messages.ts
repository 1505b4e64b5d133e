// What crosses between the thread that holds the ports and the one that crate runs in.
import type {DeckPhase} from 'crate-dj/plugin'

export interface WatchOptions {
  /** Name or address of the network interface; null for the one that the first player is on. */
  readonly interfaceName: string | null
  /** Null for the highest free one of 4 to 1. */
  readonly playerNumber: number | null
  /** Tracks that are not asked for again, as `unanswered` told them. */
  readonly unanswered: readonly string[]
}

export type Report =
  | {readonly kind: 'open'}
  /** It cannot be opened at all. */
  | {readonly kind: 'refused'; readonly message: string; readonly hint: string}
  | {readonly kind: 'note'; readonly level: 'info' | 'warn'; readonly message: string}
  /** A question that a player left open, and that the library would wait on for ever. */
  | {readonly kind: 'unanswered'; readonly place: string}
  | {
      readonly kind: 'deck'
      readonly deck: string
      readonly state: DeckPhase
      readonly artist: string | null
      readonly title: string | null
      readonly path: string | null
    }
