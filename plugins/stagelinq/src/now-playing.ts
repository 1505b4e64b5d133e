// Watches the devices through a thread of its own, and starts it again where it falls.
import {Worker} from 'node:worker_threads'
import type {Context, NowPlaying} from 'crate-dj/plugin'
import type {Report} from './messages.js'

const OPEN_WITHIN_MS = 10_000
const CLOSE_WITHIN_MS = 600
const AGAIN_AFTER_MS = 5000

type Sink = Parameters<NowPlaying['open']>[1]

export const nowPlaying: NowPlaying = {
  async open(target, sink, context) {
    if (target !== null && target !== '')
      throw context.error('USAGE', `StageLinq takes no target, and "${target}" is one`, {
        hints: ['Players are found by themselves: --now-playing stagelinq'],
      })
    const watch = new DeviceWatch(sink, context)
    await watch.open()
    return {close: () => watch.close()}
  },
}

class DeviceWatch {
  readonly #sink: Sink
  readonly #context: Context
  #worker: Worker | null = null
  #timer: NodeJS.Timeout | null = null
  #isClosed = false

  constructor(sink: Sink, context: Context) {
    this.#sink = sink
    this.#context = context
  }

  /** @throws NETWORK_FAILED, ABORTED */
  async open(): Promise<void> {
    const {signal, error} = this.#context
    signal.throwIfAborted()
    const isAborted = new Promise<Error>((settle) =>
      signal.addEventListener('abort', () => settle(error('ABORTED', 'stopped before the port was open')), {
        once: true,
      }),
    )
    const failure = await Promise.race([this.#start(), isAborted])
    if (failure !== null) {
      await this.close()
      throw failure
    }
    signal.addEventListener('abort', () => void this.close(), {once: true})
  }

  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    const worker = this.#worker
    this.#worker = null
    if (worker === null) return
    const gone = new Promise<void>((settle) => worker.once('exit', () => settle()))
    worker.postMessage('close')
    const tooLong = setTimeout(() => void worker.terminate(), CLOSE_WITHIN_MS)
    await gone
    clearTimeout(tooLong)
  }

  /** @returns what is wrong, null once the port is open */
  #start(): Promise<Error | null> {
    const {error, log, nowMs} = this.#context
    const worker = new Worker(new URL('./worker.cjs', import.meta.url), {stdout: true, stderr: true})
    this.#worker = worker
    return new Promise((settle) => {
      const failed = (reason: string) =>
        settle(error('NETWORK_FAILED', reason, {hints: ['Close other programs that speak to the players.']}))
      const tooLong = setTimeout(() => failed('the network does not answer'), OPEN_WITHIN_MS)
      worker.on('message', (message: Report) => {
        if (this.#isClosed) return
        if (message.kind === 'open') settle(null)
        else if (message.kind === 'refused') failed(message.message)
        else if (message.kind === 'note') log[message.level](message.message)
        else {
          const {deck, state, artist, title, path} = message
          this.#sink.emit({source: 'stagelinq', deck, state, atMs: nowMs(), artist, title, path})
        }
      })
      worker.on('error', (thrown: Error) => failed(thrown.message))
      worker.on('exit', () => {
        clearTimeout(tooLong)
        failed('the watch ended')
        if (this.#worker !== worker) return
        this.#worker = null
        this.#again()
      })
    })
  }

  #again(): void {
    if (this.#isClosed) return
    this.#timer = setTimeout(async () => {
      const failure = await this.#start()
      if (failure === null || this.#isClosed) return
      this.#sink.lost(failure)
      void this.#worker?.terminate()
    }, AGAIN_AFTER_MS)
  }
}
