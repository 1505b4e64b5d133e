// Writes a rehearsal while it happens: a block for each sensor every 100 ms, appended, so that a kill costs no more.
import {closeSync, mkdirSync, openSync, write, writeSync} from 'node:fs'
import {dirname} from 'node:path'
import {
  encodeEvent,
  encodeFrames,
  encodeStart,
  type RecordedEvent,
  type RecordingHeader,
} from '../../../sensors/replay/codec.js'
import type {MotionFrame} from '../../core/motion.js'

const MOST_FRAMES = 4096

export class Recorder {
  readonly #fd: number
  readonly #order: ReadonlyMap<string, number>
  readonly #pending: MotionFrame[][]
  readonly #queue: Uint8Array[] = []
  readonly #failed: (error: Error) => void
  #isWriting = false
  #hasFailed = false
  #isClosed = false
  /** Frames that the disk was too slow for. */
  dropped = 0

  /** @throws what the system says where the file cannot be made; an existing file is never written over */
  constructor(path: string, header: RecordingHeader, failed: (error: Error) => void) {
    mkdirSync(dirname(path), {recursive: true})
    this.#fd = openSync(path, 'wx')
    this.#failed = failed
    this.#order = new Map(header.sensors.map(({id}, index) => [id, index]))
    this.#pending = header.sensors.map(() => [])
    writeSync(this.#fd, encodeStart(header))
  }

  frame(sensor: string, frame: MotionFrame): void {
    const list = this.#pending[this.#order.get(sensor) ?? -1]
    if (list === undefined) return
    if (list.length >= MOST_FRAMES) this.dropped++
    else list.push(frame)
  }

  event(event: RecordedEvent): void {
    if (this.#queue.length < MOST_FRAMES) this.#queue.push(encodeEvent(event))
  }

  /** Every 50 to 100 ms. Never waits for the disk. */
  flush(): void {
    for (const [sensor, frames] of this.#pending.entries()) {
      if (frames.length === 0) continue
      this.#queue.push(encodeFrames(sensor, frames))
      this.#pending[sensor] = []
    }
    if (this.#isWriting || this.#hasFailed || this.#isClosed || this.#queue.length === 0) return
    this.#isWriting = true
    this.#write(Buffer.concat(this.#queue.splice(0)))
  }

  /** All that was given is in the file when it resolves. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.flush()
    this.#isClosed = true
    while (this.#isWriting) await new Promise((resolve) => setTimeout(resolve, 5))
    if (!this.#hasFailed && this.#queue.length > 0) writeSync(this.#fd, Buffer.concat(this.#queue.splice(0)))
    closeSync(this.#fd)
  }

  #write(bytes: Buffer): void {
    write(this.#fd, bytes, 0, bytes.length, null, (error, written) => {
      if (error === null && written < bytes.length) return this.#write(bytes.subarray(written))
      this.#isWriting = false
      if (error === null) return
      this.#hasFailed = true
      this.#failed(error)
    })
  }
}
