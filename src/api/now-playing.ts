// Now playing: what DJ programs and players say is on their decks.
import type {DeckState} from '../core/deck.js'
import type {Context} from './context.js'
import type {Contribution} from './contribution.js'

export interface NowPlayingConnection {
  /** Safe to call twice. Nothing is emitted after it was called. */
  close(): Promise<void>
}

export interface NowPlaying {
  /**
   * Starts to watch. States are emitted as the program tells them; the host drops repetitions and debounces.
   *
   * @param target a path, port or address; null for the usual place of the program
   * @throws FILE_NOT_FOUND, NETWORK_FAILED where there is nothing to watch
   */
  open(
    target: string | null,
    sink: {emit(state: DeckState): void; lost(error: Error): void},
    context: Context,
  ): Promise<NowPlayingConnection>
}

export interface NowPlayingContribution extends Contribution<NowPlaying> {
  /** Shown to people: `Traktor (broadcast)`. */
  readonly name: string
}
