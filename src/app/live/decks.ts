// From what programs say of their decks to the one track that is heard: held for a moment, told once.
import type {DeckState} from '../../core/deck.js'

export interface HeardTrack {
  readonly deck: DeckState
  /** When it began. */
  readonly sinceMs: number
}

export interface Decks {
  /** Latest word of each deck, by source and deck. */
  readonly byDeck: ReadonlyMap<string, HeardTrack>
  readonly heard: HeardTrack | null
}

export const NO_DECKS: Decks = {byDeck: new Map(), heard: null}

/** Scrolling through a deck or a short listen in the headphones is not yet the next track. */
export const SETTLE_MS = 1500

function isSameTrack(a: DeckState, b: DeckState): boolean {
  return a.artist === b.artist && a.title === b.title && a.path === b.path
}

/** One word of a program; what it repeats changes nothing. */
export function withDeck(decks: Decks, deck: DeckState): Decks {
  const key = `${deck.source} ${deck.deck ?? ''}`
  const known = decks.byDeck.get(key)
  if (known !== undefined && isSameTrack(known.deck, deck) && known.deck.state === deck.state) return decks
  const goesOn = known !== undefined && isSameTrack(known.deck, deck) && known.deck.state !== 'loaded'
  const sinceMs = goesOn ? known.sinceMs : deck.atMs
  return {...decks, byDeck: new Map(decks.byDeck).set(key, {deck, sinceMs})}
}

/**
 * What is heard at a moment: on air before playing, the one that began last, and only once it has held for SETTLE_MS.
 * A track that is replaced by nothing stays: the music goes on while a program is silent.
 */
export function settle(decks: Decks, nowMs: number): Decks {
  const sounding = [...decks.byDeck.values()].filter(
    ({deck, sinceMs}) => deck.state !== 'loaded' && nowMs - sinceMs >= SETTLE_MS,
  )
  const rank = ({deck}: HeardTrack) => (deck.state === 'on-air' ? 1 : 0)
  const [best] = sounding.sort((a, b) => rank(b) - rank(a) || b.sinceMs - a.sinceMs)
  if (best === undefined || (decks.heard !== null && isSameTrack(decks.heard.deck, best.deck))) return decks
  return {...decks, heard: best}
}
