// Messages → lines of a file. send() never waits: where the disk is too slow, it drops and says so.
import {createWriteStream, type WriteStream} from 'node:fs'
import {open} from 'node:fs/promises'
import type {Output, OutputMessage, OutputPort} from 'crate-dj/plugin'

const MOST_PENDING_BYTES = 1 << 20

export const output: Output = {
  async targets() {
    return []
  },
  async open(target, listener, context) {
    try {
      await (await open(target, 'a')).close()
    } catch (error) {
      throw context.error('DEVICE_MISSING', `${JSON.stringify(target)} cannot be written: ${(error as Error).message}`)
    }
    return new FilePort(createWriteStream(target, {flags: 'a'}), listener.lost)
  },
}

class FilePort implements OutputPort {
  readonly #stream: WriteStream
  #closing: Promise<void> | null = null

  constructor(stream: WriteStream, lost: (error: Error) => void) {
    this.#stream = stream
    stream.on('error', lost)
  }

  send(message: OutputMessage): boolean {
    if (this.#closing !== null || this.#stream.writableLength > MOST_PENDING_BYTES) return false
    this.#stream.write(`${JSON.stringify(message)}\n`)
    return true
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((settle) => this.#stream.end(() => settle()))
    return this.#closing
  }
}
