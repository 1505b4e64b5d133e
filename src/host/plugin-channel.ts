// Calls between crate and the thread that a plugin runs in: questions, answers, streams that are pulled, and notes.
import {CrateError, type ErrorCode, isCrateError} from '../core/errors.js'

interface Port {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: unknown) => void): unknown
}

interface WireError {
  readonly code: ErrorCode | null
  readonly message: string
  readonly hints: readonly string[]
}

type Message =
  | {readonly type: 'call'; readonly id: number; readonly name: string; readonly args: readonly unknown[]}
  | {readonly type: 'answer'; readonly id: number; readonly value?: unknown; readonly error?: WireError}
  | {readonly type: 'note'; readonly name: string; readonly args: readonly unknown[]}

/** Functions that the other side may call; an AsyncIterator is handed over by `channel.offer`. */
export type Handlers = Readonly<Record<string, (...args: never[]) => unknown>>

export interface Batch {
  readonly items: readonly unknown[]
  readonly isDone: boolean
}

/** A stream so long is sent in one message, so that neither side waits for each item. */
const BATCH_ITEMS = 64
const BATCH_MS = 20

export class Channel {
  readonly #port: Port
  readonly #handlers: Handlers
  readonly #onMessage: () => void
  readonly #waiting = new Map<number, {resolve(value: unknown): void; reject(error: Error): void}>()
  readonly #streams = new Map<number, AsyncIterator<unknown> | Iterator<unknown>>()
  #nextId = 1
  #closed: Error | null = null

  /** @param onMessage called for every sign of life of the other side */
  constructor(port: Port, handlers: Handlers, onMessage: () => void = () => {}) {
    this.#port = port
    this.#handlers = handlers
    this.#onMessage = onMessage
    port.on('message', (message) => this.#receive(message as Message))
  }

  call<T>(name: string, ...args: readonly unknown[]): Promise<T> {
    if (this.#closed !== null) return Promise.reject(this.#closed)
    const id = this.#nextId++
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, {resolve: resolve as (value: unknown) => void, reject})
      try {
        this.#port.postMessage({type: 'call', id, name, args} satisfies Message)
      } catch (error) {
        this.#waiting.delete(id)
        reject(error as Error)
      }
    })
  }

  note(name: string, ...args: readonly unknown[]): void {
    if (this.#closed === null) this.#port.postMessage({type: 'note', name, args} satisfies Message)
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0
  }

  /** Every open call fails with this error, and all later ones. */
  close(error: Error): void {
    if (this.#closed !== null) return
    this.#closed = error
    for (const {reject} of this.#waiting.values()) reject(error)
    this.#waiting.clear()
    this.#streams.clear()
  }

  /** A handle by which the other side pulls the items with `pull`. */
  offer(items: AsyncIterable<unknown> | Iterable<unknown>): number {
    const id = this.#nextId++
    this.#streams.set(id, Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]())
    return id
  }

  /** The items behind a handle of the other side; ending early ends them there. */
  async *pull<T>(handle: number, batchItems = BATCH_ITEMS): AsyncGenerator<T> {
    let isOver = false
    try {
      while (!isOver) {
        const {items, isDone} = await this.call<Batch>('#pull', handle, batchItems)
        isOver = isDone
        yield* items as readonly T[]
      }
    } catch (error) {
      isOver = true
      throw error
    } finally {
      if (!isOver) await this.call('#end', handle).catch(() => undefined)
    }
  }

  async #pullHere(handle: number, batchItems: number): Promise<Batch> {
    const iterator = this.#streams.get(handle)
    if (iterator === undefined) return {items: [], isDone: true}
    const items: unknown[] = []
    const startMs = performance.now()
    while (items.length < batchItems && (items.length === 0 || performance.now() - startMs < BATCH_MS)) {
      const next = await iterator.next()
      if (next.done === true) {
        this.#streams.delete(handle)
        return {items, isDone: true}
      }
      items.push(next.value)
    }
    return {items, isDone: false}
  }

  async #endHere(handle: number): Promise<void> {
    const iterator = this.#streams.get(handle)
    this.#streams.delete(handle)
    await iterator?.return?.()
  }

  #receive(message: Message): void {
    this.#onMessage()
    if (message.type === 'answer') {
      const waiting = this.#waiting.get(message.id)
      this.#waiting.delete(message.id)
      if (message.error === undefined) waiting?.resolve(message.value)
      else waiting?.reject(errorFromWire(message.error))
    } else if (message.type === 'note') this.#handle(message.name, message.args)
    else
      Promise.resolve()
        .then(() => this.#dispatch(message.name, message.args))
        .then((value) => this.#port.postMessage({type: 'answer', id: message.id, value} satisfies Message))
        .catch((error: unknown) =>
          this.#port.postMessage({type: 'answer', id: message.id, error: wireError(error)} satisfies Message),
        )
  }

  #dispatch(name: string, args: readonly unknown[]): unknown {
    if (name === '#pull') return this.#pullHere(...(args as [number, number]))
    if (name === '#end') return this.#endHere(...(args as [number]))
    return this.#handle(name, args)
  }

  #handle(name: string, args: readonly unknown[]): unknown {
    if (!Object.hasOwn(this.#handlers, name)) throw new Error(`there is no "${name}" on this side`)
    return this.#handlers[name]?.(...(args as never[]))
  }
}

/** The code is null for what is not one of crate's own errors. */
function wireError(error: unknown): WireError {
  if (isCrateError(error)) return {code: error.code, message: error.message, hints: error.hints}
  const name = error instanceof Error ? error.name : ''
  const message = error instanceof Error ? error.message : String(error)
  return {code: name === 'AbortError' ? 'ABORTED' : null, message: message.slice(0, 2000), hints: []}
}

function errorFromWire({code, message, hints}: WireError): Error {
  return code === null ? new Error(message) : new CrateError(code, message, {hints})
}
