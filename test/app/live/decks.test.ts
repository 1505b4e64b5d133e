import {describe, expect, it} from 'vitest'
import {NO_DECKS, SETTLE_MS, settle, withDeck} from '../../../src/app/live/decks.js'
import type {DeckPhase, DeckState} from '../../../src/core/deck.js'

function word(deck: string, title: string, state: DeckPhase, atMs: number): DeckState {
  return {source: 'test', deck, state, atMs, artist: 'A', title, path: null}
}

const titleOf = (decks: ReturnType<typeof settle>) => decks.heard?.deck.title ?? null

describe('settle', () => {
  it('hears nothing of what is only loaded', () => {
    const decks = withDeck(NO_DECKS, word('1', 'x', 'loaded', 0))
    expect(titleOf(settle(decks, 60_000))).toBeNull()
  })

  it('waits until a track has held, and tells it once', () => {
    const decks = withDeck(NO_DECKS, word('1', 'x', 'playing', 0))
    expect(titleOf(settle(decks, SETTLE_MS - 1))).toBeNull()
    const heard = settle(decks, SETTLE_MS)
    expect(titleOf(heard)).toBe('x')
    expect(settle(withDeck(heard, word('1', 'x', 'playing', 9000)), 20_000).heard).toBe(heard.heard)
  })

  it('passes over tracks that are scrolled through', () => {
    let decks = NO_DECKS
    for (let n = 0; n < 20; n++) decks = settle(withDeck(decks, word('1', `track ${n}`, 'playing', n * 500)), n * 500)
    expect(titleOf(decks)).toBeNull()
    expect(titleOf(settle(decks, 19 * 500 + SETTLE_MS))).toBe('track 19')
  })

  it('takes the deck that began last, and what is on air before what plays in the headphones', () => {
    let decks = withDeck(NO_DECKS, word('1', 'first', 'playing', 0))
    decks = withDeck(decks, word('2', 'second', 'playing', 10_000))
    expect(titleOf(settle(decks, 20_000))).toBe('second')
    decks = withDeck(decks, word('1', 'first', 'on-air', 20_000))
    expect(titleOf(settle(decks, 40_000))).toBe('first')
  })

  it('keeps the last track while a program is silent', () => {
    const heard = settle(withDeck(NO_DECKS, word('1', 'x', 'playing', 0)), SETTLE_MS)
    expect(titleOf(settle(withDeck(heard, word('1', 'y', 'loaded', 9000)), 90_000))).toBe('x')
  })
})
