// MIDI bytes as they are, to a file, a FIFO or a serial line at MIDI's own speed.
import {closeSync, constants, fstatSync, openSync, statSync, writeSync} from 'node:fs'
import type {Output, OutputPort} from '../../api/output.js'
import {CrateError} from '../../core/errors.js'
import type {OutputMessage} from '../../core/message.js'
import {openSerial} from './serial-line.js'

/** MIDI 1.0 Detailed Specification, hardware: 31.25 kbaud. */
const MIDI_BAUD = 31_250
/** A FIFO whose reader sleeps may hold back so much; more is dropped. */
const MOST_WAITING_BYTES = 4096

export const rawOutput: Output = {
  targets: async () => [],
  open: (target, {lost}) => openRawOutput(target, lost),
}

/** @param target a path; for serial lines `path@BAUD` sets another speed. @throws DEVICE_MISSING, FILE_UNWRITABLE */
export async function openRawOutput(target: string, lost: (error: Error) => void): Promise<OutputPort> {
  const [, path = target, baud] = /^(.+?)(?:@(\d+))?$/.exec(target) ?? []
  return isSerial(path) ? openLine(path, baud === undefined ? MIDI_BAUD : Number(baud), lost) : openFile(path, lost)
}

function isSerial(path: string): boolean {
  try {
    return statSync(path).isCharacterDevice() && path !== '/dev/null'
  } catch {
    return /^COM\d+$/i.test(path)
  }
}

function bytesOf(message: OutputMessage): Uint8Array | null {
  if (message.kind === 'osc') return null
  return message.kind === 'raw' ? message.bytes : Uint8Array.from(message.bytes)
}

async function openLine(path: string, baudRate: number, lost: (error: Error) => void): Promise<OutputPort> {
  const line = await openSerial(path, baudRate, {bytes: () => undefined, lost})
  return {
    send(message) {
      const bytes = bytesOf(message)
      return bytes !== null && line.write(bytes)
    },
    async close() {
      // A line that is blocked must not hold up the way out.
      await Promise.race([line.drain(), new Promise((resolve) => setTimeout(resolve, 300).unref())])
      await line.close()
    },
  }
}

/** Written at once, without a thread in between: a page cache or FIFO takes three bytes in microseconds. */
function openFile(path: string, lost: (error: Error) => void): OutputPort {
  const {O_WRONLY, O_CREAT, O_APPEND, O_NONBLOCK} = constants
  let fd: number
  try {
    fd = openSync(path, O_WRONLY | O_CREAT | O_APPEND | (O_NONBLOCK ?? 0), 0o644)
  } catch (error) {
    const isUnread = (error as NodeJS.ErrnoException).code === 'ENXIO'
    throw new CrateError(
      isUnread ? 'DEVICE_MISSING' : 'FILE_UNWRITABLE',
      isUnread ? `nobody reads the FIFO ${path} yet` : `${path} cannot be written: ${(error as Error).message}`,
      {details: {path}, cause: error},
    )
  }
  const isFile = fstatSync(fd).isFile()
  let waiting: Buffer = Buffer.alloc(0)
  let isClosed = false
  /** False where the other side is gone. */
  const flush = (): boolean => {
    while (waiting.length > 0) {
      try {
        waiting = waiting.subarray(writeSync(fd, waiting))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return true
        waiting = Buffer.alloc(0)
        if (!isClosed) lost(error as Error)
        return false
      }
    }
    return true
  }
  return {
    send(message) {
      const bytes = bytesOf(message)
      if (isClosed || bytes === null || waiting.length + bytes.length > MOST_WAITING_BYTES) return false
      waiting = waiting.length === 0 ? Buffer.from(bytes) : Buffer.concat([waiting, bytes])
      return flush()
    },
    async close() {
      if (isClosed) return
      isClosed = true
      for (let attempt = 0; attempt < 10 && waiting.length > 0 && !isFile; attempt++) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        if (!flush()) break
      }
      closeSync(fd)
    },
  }
}
