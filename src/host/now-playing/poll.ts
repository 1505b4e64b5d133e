// Watches by asking again: DJ programs keep their files open, and watching services miss what is written through them.
import type {NowPlayingConnection} from '../../api/now-playing.js'
import type {DeckState} from '../../core/deck.js'

const PAUSE_MS = 1000

export interface PollSink {
  emit(state: DeckState): void
  lost(error: Error): void
}

/** A failure is told once and asked again; the next success tells on. */
export function poll(read: () => Promise<readonly DeckState[]>, sink: PollSink): NowPlayingConnection {
  let timer: NodeJS.Timeout | null = null
  let isClosed = false
  let failure: string | null = null
  const ask = async () => {
    try {
      const states = await read()
      failure = null
      if (!isClosed) for (const state of states) sink.emit(state)
    } catch (error) {
      const {message} = error as Error
      if (message !== failure && !isClosed) sink.lost(error as Error)
      failure = message
    }
    if (!isClosed) timer = setTimeout(ask, PAUSE_MS)
  }
  void ask()
  return {
    async close() {
      isClosed = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}
