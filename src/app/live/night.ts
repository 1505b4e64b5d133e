// The night: what plays, what comes next, what was taken; told to everyone who looks (terminal, dashboard, phone).
import type {DeckState} from '../../core/deck.js'
import type {Environment} from '../../core/environment.js'
import {formatKey, type KeyNotation} from '../../core/key.js'
import {type Track, type TrackId, trackName} from '../../core/track.js'
import type {EnergyDirection} from '../../mixing/features.js'
import type {Library} from '../../store/library.js'
import {playMatcher} from '../history/play-matcher.js'
import {findTrack} from '../library/show.js'
import {type Decks, type HeardTrack, NO_DECKS, settle, withDeck} from './decks.js'
import {openSetList, type SetList} from './set-list.js'
import {createSuggester, type LiveSuggestion} from './suggester.js'

export interface NightOptions {
  readonly environment: Environment
  readonly library: Library
  readonly notation: KeyNotation
  readonly playlist: string
  readonly exports: readonly string[]
  notice(level: 'info' | 'warn', message: string): void
  /** Something that is shown has changed. */
  changed(): void
  /** A new track is heard. */
  heard(deck: DeckState): void
}

/** A track as the screens show it. */
export interface ShownTrack {
  readonly id: string
  readonly name: string
  readonly tempoBpm: number | null
  readonly key: string | null
  readonly energy: number | null
  readonly durationMs: number | null
}

export interface NightView {
  readonly playing: {
    readonly name: string
    readonly source: string
    readonly deck: string | null
    readonly sinceMs: number
    /** Null where the library does not hold it. */
    readonly track: ShownTrack | null
  } | null
  readonly decks: readonly {readonly deck: string; readonly state: string; readonly name: string}[]
  readonly energy: EnergyDirection | null
  readonly suggestions: readonly {
    readonly track: ShownTrack
    readonly score: number
    readonly reasons: readonly {readonly text: string; readonly score: number}[]
  }[]
  readonly playlist: {readonly name: string; readonly tracks: readonly ShownTrack[]}
}

/** How long it must be heard to count as played. */
const PLAYED_MS = 15_000
const SHOWN = 6
const ENERGIES: readonly EnergyDirection[] = ['down', 'hold', 'up']

export class Night {
  readonly #options: NightOptions
  readonly #session: string
  readonly #setList: SetList
  readonly #suggester
  readonly #rejected = new Set<TrackId>()
  #match: ReturnType<typeof playMatcher> | null = null
  #decks: Decks = NO_DECKS
  #playing: Track | null = null
  #heardSinceMs = 0
  #isRecorded = false
  #recent: TrackId[] = []
  #energy: EnergyDirection | null = null
  #suggestions: readonly LiveSuggestion[] = []

  constructor(options: NightOptions) {
    const {environment, library, playlist, exports, notice} = options
    this.#options = options
    this.#session = new Date(environment.nowMs()).toISOString()
    this.#setList = openSetList({environment, library, path: playlist, exports, notice})
    this.#suggester = createSuggester(library, environment.nowMs)
  }

  /** What is heard now. */
  get heard(): DeckState | null {
    return this.#decks.heard?.deck ?? null
  }

  hear(deck: DeckState): void {
    this.#decks = withDeck(this.#decks, deck)
    this.tick()
  }

  /** The person says what plays: at once, without waiting for it to hold. @throws TRACK_NOT_FOUND, USAGE */
  play(text: string): void {
    const track = findTrack(this.#options.library, text)
    const {artist, title} = track.tags
    const atMs = this.#options.environment.nowMs()
    const deck: DeckState = {source: 'manual', deck: null, state: 'on-air', atMs, artist, title, path: track.file.path}
    this.#decks = withDeck(this.#decks, deck)
    const heard = {deck, sinceMs: atMs}
    this.#decks = {...this.#decks, heard}
    this.#begin(heard)
  }

  /** Once a second is enough. */
  tick(): void {
    const nowMs = this.#options.environment.nowMs()
    const before = this.#decks.heard
    this.#decks = settle(this.#decks, nowMs)
    const {heard} = this.#decks
    if (heard !== null && heard !== before) this.#begin(heard)
    if (heard !== null && !this.#isRecorded && nowMs - this.#heardSinceMs >= PLAYED_MS) this.#record(heard)
  }

  command(command: string, argument = ''): void {
    const {notice, changed} = this.#options
    switch (command) {
      case 'suggest':
        this.#suggest()
        break
      case 'accept': {
        const chosen = this.#chosen(argument)
        if (chosen === undefined) notice('warn', 'there is no suggestion to accept')
        else this.#take(chosen.libraryTrack)
        break
      }
      case 'reject': {
        const chosen = this.#chosen(argument)
        if (chosen === undefined) break
        this.#rejected.add(chosen.libraryTrack.id)
        this.#suggest()
        break
      }
      case 'energy-up':
      case 'energy-down': {
        const step = command === 'energy-up' ? 1 : -1
        const index = ENERGIES.indexOf(this.#energy ?? 'hold') + step
        this.#energy = ENERGIES[Math.min(2, Math.max(0, index))] ?? null
        notice('info', `energy: ${this.#energy}`)
        this.#suggest()
        break
      }
      case 'cue-to-playlist':
        if (this.#playing === null) notice('warn', 'what plays is not in the library')
        else this.#take(this.#playing)
        break
      case 'mark':
        notice('info', 'marked')
        break
    }
    changed()
  }

  view(): NightView {
    const {heard, byDeck} = this.#decks
    const playing = this.#playing
    return {
      playing:
        heard === null
          ? null
          : {
              name: playing === null ? nameOf(heard.deck) : trackName(playing),
              source: heard.deck.source,
              deck: heard.deck.deck,
              sinceMs: this.#heardSinceMs,
              track: playing === null ? null : this.#shown(playing),
            },
      decks: [...byDeck.values()].slice(-8).map(({deck}) => ({
        deck: deck.deck ?? deck.source,
        state: deck.state,
        name: nameOf(deck),
      })),
      energy: this.#energy,
      suggestions: this.#suggestions.map(({libraryTrack, score, reasons}) => ({
        track: this.#shown(libraryTrack),
        score,
        reasons: reasons.slice(0, 4).map(({text, score: weight}) => ({text, score: weight})),
      })),
      playlist: {
        name: this.#setList.path,
        tracks: this.#setList
          .tracks()
          .slice(-50)
          .map((id) => this.#shown(this.#options.library.tracks.get(id))),
      },
    }
  }

  async close(): Promise<void> {
    this.tick()
    await this.#setList.close()
  }

  #begin({deck, sinceMs}: HeardTrack): void {
    const {library, notice, heard, changed} = this.#options
    if (this.#playing !== null) this.#recent = [this.#playing.id, ...this.#recent].slice(0, 200)
    this.#playing = this.#find(deck)
    this.#heardSinceMs = sinceMs
    this.#isRecorded = false
    this.#energy = null
    if (this.#playing === null) notice('info', `${nameOf(deck)} is not in the library (${library.folder})`)
    heard(deck)
    this.#suggest()
    changed()
  }

  #find({path, artist, title}: DeckState): Track | null {
    const {library} = this.#options
    const exact = path === null ? null : library.tracks.byPath(path)
    if (exact !== null) return exact
    this.#match ??= playMatcher(library, [])
    const id = this.#match({path, artist, title})
    // A sync beside it may have brought it since.
    if (id === null) this.#match = null
    return id === null ? null : library.tracks.get(id)
  }

  #record({deck}: HeardTrack): void {
    this.#isRecorded = true
    const {library, notice} = this.#options
    const number = Number(deck.deck)
    try {
      library.plays.add([
        {
          source: 'live',
          session: this.#session,
          atMs: this.#heardSinceMs,
          trackId: this.#playing?.id ?? null,
          artist: deck.artist,
          title: deck.title,
          path: this.#playing?.file.path ?? deck.path,
          deck: Number.isInteger(number) && number > 0 ? number : null,
          durationMs: null,
        },
      ])
    } catch (error) {
      notice('warn', `the play could not be kept: ${(error as Error).message}`)
    }
  }

  #suggest(): void {
    const seed = this.#playing
    if (seed === null) {
      this.#suggestions = []
      return
    }
    const without = new Set<string>([...this.#setList.tracks(), ...this.#rejected, ...this.#recent])
    const {notation, notice} = this.#options
    try {
      const request = {seed, recent: this.#recent, without, energy: this.#energy, limit: SHOWN, notation}
      this.#suggestions = this.#suggester.suggest(request)
    } catch (error) {
      notice('warn', `no suggestions: ${(error as Error).message}`)
    }
  }

  /** By number from 1, or by id; the first where nothing is said. */
  #chosen(argument: string): LiveSuggestion | undefined {
    const number = argument === '' ? 1 : Number(argument)
    return Number.isInteger(number)
      ? this.#suggestions[number - 1]
      : this.#suggestions.find(({libraryTrack}) => libraryTrack.id === argument)
  }

  #take(track: Track): void {
    const {notice} = this.#options
    try {
      this.#setList.add(track.id)
      notice('info', `taken: ${trackName(track)}`)
    } catch (error) {
      notice('warn', `could not be taken: ${(error as Error).message}`)
    }
    this.#suggest()
  }

  #shown(track: Track): ShownTrack {
    return {
      id: track.id,
      name: trackName(track),
      tempoBpm: track.tempoBpm,
      key: track.key === null ? null : formatKey(track.key, this.#options.notation),
      energy: track.analysis?.energy ?? null,
      durationMs: track.file.durationMs,
    }
  }
}

function nameOf({artist, title, path}: DeckState): string {
  const name = [artist, title].filter((part) => part !== null && part !== '').join(' – ')
  return name === '' ? (path?.split(/[/\\]/).at(-1) ?? 'unknown') : name
}
