// A device that went away is tried again and again, with pauses that grow, until it is back or nobody wants it any more.

export interface Closable {
  /** Safe to call twice. */
  close(): Promise<void>
}

export interface Kept extends Closable {
  readonly isOpen: boolean
}

export interface KeepOpenEvents<Port> {
  opened(port: Port, attempt: number): void
  /** Could not be opened, or was lost; it is tried again after the pause. Told once for a row of equal failures. */
  away(error: Error, retryInMs: number): void
}

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 5000

/** @param open gives the port, and calls `lost` when it goes away later */
export function keepOpen<Port extends Closable>(
  open: (lost: (error: Error) => void) => Promise<Port>,
  events: KeepOpenEvents<Port>,
): Kept {
  let state: 'opening' | 'open' | 'waiting' | 'closed' = 'opening'
  let port: Port | null = null
  let timer: NodeJS.Timeout | null = null
  let pauseMs = FIRST_PAUSE_MS
  let attempt = 0
  let lastMessage: string | null = null

  const away = (error: Error) => {
    if (state === 'closed' || state === 'waiting') return
    state = 'waiting'
    port?.close().catch(() => undefined)
    port = null
    if (error.message !== lastMessage) events.away(error, pauseMs)
    lastMessage = error.message
    timer = setTimeout(tryOpen, pauseMs)
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)
  }
  const tryOpen = () => {
    state = 'opening'
    const own = ++attempt
    open((error) => own === attempt && away(error)).then(
      (opened) => {
        if (state !== 'opening' || own !== attempt) {
          void opened.close()
          return
        }
        state = 'open'
        port = opened
        pauseMs = FIRST_PAUSE_MS
        lastMessage = null
        events.opened(opened, own)
      },
      (error: Error) => own === attempt && away(error),
    )
  }
  tryOpen()
  return {
    get isOpen() {
      return state === 'open'
    },
    async close() {
      state = 'closed'
      if (timer !== null) clearTimeout(timer)
      const last = port
      port = null
      await last?.close()
    },
  }
}
