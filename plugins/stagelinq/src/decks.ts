// The decks of one device: from the states that it tells one by one to what a person calls loaded, playing and on air.
import type {DeckPhase} from 'crate-dj/plugin'

export interface DeckTold {
  readonly deck: string
  readonly state: DeckPhase
  readonly artist: string | null
  readonly title: string | null
  readonly path: string | null
}

interface Deck {
  readonly isLoaded: boolean
  readonly isPlaying: boolean
  /** 0 to 1; null where the device has no mixer that tells. */
  readonly fader: number | null
  readonly artist: string | null
  readonly title: string | null
  readonly path: string | null
}

interface Watched {
  readonly deck: Deck
  /** What would be told now, and since when that has not changed. */
  readonly picture: string
  readonly sinceMs: number
  /** What was told last. */
  readonly told: string
}

export interface Device {
  /** The number that the DJ gave the player; null until it tells. */
  readonly player: number | null
  readonly decks: ReadonlyMap<number, Watched>
}

export const NEW_DEVICE: Device = {player: null, decks: new Map()}

/** Title, artist and state of a track come one after another, and a hand on the platter is no end. */
export const HOLD_MS = 600

const EMPTY: Deck = {isLoaded: false, isPlaying: false, fader: null, artist: null, title: null, path: null}

const DECK_STATE = /^\/Engine\/Deck([1-4])\/(.+)$/

/** One state as the device tells it: `/Engine/Deck1/Track/SongName` and the like. What is not needed changes nothing. */
export function stepDevice(device: Device, name: string, value: unknown, atMs: number): Device {
  if (name === '/Client/Preferences/Player') {
    const player = Number.parseInt(String(textOf(value) ?? ''), 10)
    return Number.isNaN(player) ? device : {...device, player}
  }
  const [, number, state] = DECK_STATE.exec(name) ?? []
  if (number === undefined || state === undefined) return device
  const watched = device.decks.get(Number(number))
  const deck = stepDeck(watched?.deck ?? EMPTY, state, value)
  if (watched !== undefined && deck === watched.deck) return device
  const picture = pictureOf(deck)
  const sinceMs = watched?.picture === picture ? watched.sinceMs : atMs
  const decks = new Map(device.decks).set(Number(number), {deck, picture, sinceMs, told: watched?.told ?? ''})
  return {...device, decks}
}

function stepDeck(deck: Deck, state: string, value: unknown): Deck {
  switch (state) {
    case 'Track/SongLoaded':
      // The names of the next track may come before the word that it is loaded: they stay.
      return flagOf(value) ? {...deck, isLoaded: true} : {...EMPTY, fader: deck.fader}
    case 'PlayState':
      return {...deck, isPlaying: flagOf(value)}
    case 'ExternalMixerVolume':
      return {...deck, fader: numberOf(value)}
    case 'Track/SongName':
      return {...deck, title: textOf(value)}
    case 'Track/ArtistName':
      return {...deck, artist: textOf(value)}
    case 'Track/TrackNetworkPath':
      return {...deck, path: pathOnDrive(textOf(value))}
    default:
      return deck
  }
}

/** `net://TOKEN/DRIVE/Engine Library/Music/…` → `/Engine Library/Music/…`. Streamed tracks have no file. */
function pathOnDrive(path: string | null): string | null {
  const match = /^net:\/\/[^/]*\/([^/]+)(\/.+)$/.exec(path ?? '')
  return match === null || match[1]?.includes('(Unknown)') === true ? null : (match[2] ?? null)
}

function phaseOf({isPlaying, fader}: Deck): DeckPhase {
  if (!isPlaying) return 'loaded'
  return fader !== null && fader > 0 ? 'on-air' : 'playing'
}

/** Empty where there is nothing to tell. */
function pictureOf(deck: Deck): string {
  const {isLoaded, artist, title, path} = deck
  return isLoaded && (title !== null || path !== null) ? JSON.stringify([phaseOf(deck), artist, title, path]) : ''
}

/** What has held long enough, each once. */
export function settleDevice(
  device: Device,
  atMs: number,
): {readonly device: Device; readonly told: readonly DeckTold[]} {
  const told: DeckTold[] = []
  const decks = new Map(device.decks)
  for (const [number, watched] of device.decks) {
    const {deck, picture, sinceMs} = watched
    if (picture === watched.told || atMs - sinceMs < HOLD_MS) continue
    decks.set(number, {...watched, told: picture})
    if (picture === '') continue
    const {artist, title, path} = deck
    told.push({deck: deckName(device.player, number), state: phaseOf(deck), artist, title, path})
  }
  return {device: told.length === 0 ? device : {...device, decks}, told}
}

/** A device that is gone plays nothing. */
export function silenced(device: Device, atMs: number): readonly DeckTold[] {
  const decks = [...device.decks].flatMap(([number, watched]) => {
    const deck = {...watched.deck, isPlaying: false}
    return watched.told === '' ? [] : [[number, {...watched, deck, picture: pictureOf(deck)}] as const]
  })
  return settleDevice({...device, decks: new Map(decks)}, atMs + HOLD_MS).told
}

/** `1A`: the player's number and its layer, as on its display. */
function deckName(player: number | null, number: number): string {
  return `${player ?? ''}${'ABCD'[number - 1]}`
}

interface StateValue {
  readonly string?: unknown
  readonly state?: unknown
  readonly value?: unknown
}

const member = (value: unknown, name: keyof StateValue): unknown =>
  typeof value === 'object' && value !== null ? (value as StateValue)[name] : undefined

function textOf(value: unknown): string | null {
  const text = member(value, 'string')
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : null
}

function flagOf(value: unknown): boolean {
  return member(value, 'state') === true
}

function numberOf(value: unknown): number | null {
  const number = member(value, 'value')
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}
