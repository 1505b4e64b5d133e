// What crosses between the thread that holds the ports and the one that crate runs in.
import type {DeckTold} from './decks.js'

export type Report =
  | {readonly kind: 'open'}
  /** It cannot be opened at all. */
  | {readonly kind: 'refused'; readonly message: string}
  | {readonly kind: 'note'; readonly level: 'info' | 'warn'; readonly message: string}
  | ({readonly kind: 'deck'} & DeckTold)
