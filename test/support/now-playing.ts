// Watching a now-playing source of a plugin in a test, whose ports the protocol fixes.
import {setTimeout as wait} from 'node:timers/promises'
import {onTestFinished} from 'vitest'
import type {CratePlugin, DeckState, NowPlayingConnection} from '../../src/api/index.js'
import {isCrateError} from '../../src/core/errors.js'
import {kitContext} from '../../src/testing/stage.js'

export interface WatchedDecks {
  readonly states: DeckState[]
  readonly lost: Error[]
  readonly connection: NowPlayingConnection
}

/** Opens the first source; another program of this machine may hold its ports for a moment. */
export async function watchDecks(
  plugin: CratePlugin,
  target: string | null,
  signal = new AbortController().signal,
): Promise<WatchedDecks> {
  const [contribution] = plugin.nowPlaying ?? []
  if (contribution === undefined) throw new Error('the plugin brings no now-playing source')
  const states: DeckState[] = []
  const lost: Error[] = []
  const sink = {emit: (state: DeckState) => void states.push(state), lost: (error: Error) => void lost.push(error)}
  for (let attempt = 0; ; attempt++)
    try {
      const context = kitContext(contribution.settings, signal)
      const connection = await (await contribution.load()).open(target, sink, context)
      onTestFinished(() => connection.close())
      return {states, lost, connection}
    } catch (error) {
      if (attempt === 20 || !isCrateError(error) || error.code !== 'NETWORK_FAILED') throw error
      await wait(500)
    }
}

export async function until(isTrue: () => boolean, what: string, withinMs = 30_000): Promise<void> {
  const endMs = performance.now() + withinMs
  while (!isTrue()) {
    if (performance.now() > endMs) throw new Error(`not in time: ${what}`)
    await wait(25)
  }
}

export const shortState = ({deck, state, artist, title, path}: DeckState) => [deck, state, artist, title, path]
