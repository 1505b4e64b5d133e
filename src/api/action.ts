// Actions: what a gesture or a button of a mapping can set off beside MIDI, OSC and crate's own commands.
import type {DeckState} from '../core/deck.js'
import type {Context} from './context.js'
import type {Contribution} from './contribution.js'

export interface ActionMoment {
  /** Milliseconds since 1970: when the movement was recognised. */
  readonly atMs: number
  /** What is heard; null while nothing is known. */
  readonly heard: DeckState | null
}

export interface Action {
  /**
   * Runs beside the stage, never in it: it may take its time, and nothing waits for it.
   *
   * @param argument what the mapping says after `argument:`; empty where it says nothing
   * @throws CrateError that tells the person what is wrong; the show goes on
   */
  perform(argument: string, moment: ActionMoment, context: Context): Promise<void>
}

export type ActionContribution = Contribution<Action>
