// One player: from what it says of itself five times a second to what a person calls loaded, playing and on air.
import type {DeckPhase} from 'crate-dj/plugin'

/** What a player tells of itself; the library's CDJStatus.State. */
export interface PlayerStatus {
  readonly deviceId: number
  /** 0 where nothing is loaded. */
  readonly trackId: number
  /** The player whose medium holds the track. */
  readonly trackDeviceId: number
  readonly trackSlot: number
  readonly trackType: number
  readonly playState: number
  /** Told by a mixer of the same network whose fader is up. */
  readonly isOnAir: boolean
}

/** A track as the players name it: by the medium that it is on. */
export interface TrackPlace {
  readonly playerId: number
  readonly slot: number
  readonly type: number
  readonly trackId: number
}

export interface Deck {
  /** Null where nothing is loaded. */
  readonly place: TrackPlace | null
  readonly phase: DeckPhase
  /** A phase that has not held yet, and since when. */
  readonly next: {readonly phase: DeckPhase; readonly sinceMs: number} | null
}

export const EMPTY_DECK: Deck = {place: null, phase: 'loaded', next: null}

/**
 * Byte 0x7b of a status packet: 3 plays, 4 plays in a loop.
 *
 * @see djl-analysis.deepsymmetry.org, "CDJ Status Packets"
 */
const SOUNDING = new Set([3, 4])

/** A hand on the platter, a search or a fader that flickers is no end and no beginning. */
export const HOLD_MS = 600

function phaseOf({playState, isOnAir}: PlayerStatus): DeckPhase {
  if (!SOUNDING.has(playState)) return 'loaded'
  return isOnAir ? 'on-air' : 'playing'
}

export function isSamePlace(a: TrackPlace | null, b: TrackPlace | null): boolean {
  if (a === null || b === null) return a === b
  return a.playerId === b.playerId && a.slot === b.slot && a.type === b.type && a.trackId === b.trackId
}

/** Another track counts at once; another phase of the same track once it has held for HOLD_MS. */
export function stepDeck(deck: Deck, status: PlayerStatus, atMs: number): Deck {
  const {trackId, trackDeviceId, trackSlot, trackType} = status
  if (trackId === 0) return EMPTY_DECK
  const phase = phaseOf(status)
  const place = {playerId: trackDeviceId, slot: trackSlot, type: trackType, trackId}
  if (!isSamePlace(deck.place, place))
    return {place, phase: 'loaded', next: phase === 'loaded' ? null : {phase, sinceMs: atMs}}
  if (phase === deck.phase) return deck.next === null ? deck : {...deck, next: null}
  if (deck.next?.phase !== phase) return {...deck, next: {phase, sinceMs: atMs}}
  return atMs - deck.next.sinceMs < HOLD_MS ? deck : {...deck, phase, next: null}
}
