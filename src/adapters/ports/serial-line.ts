// A serial port: its bytes as they come, its loss told once, its closing safe while it is being pulled out.
import {CrateError} from '../../core/errors.js'
import type {Closable} from './back-off.js'

export interface SerialLine extends Closable {
  /** False where it was dropped, because the line is further behind than a tenth of a second. */
  write(bytes: Uint8Array): boolean
  /** All that was written has left. */
  drain(): Promise<void>
}

export interface SerialEvents {
  bytes(bytes: Uint8Array): void
  lost(error: Error): void
}

/** 31,250 baud carry 3,125 bytes a second. */
const MOST_WAITING_BYTES = 512

/** @throws DEVICE_MISSING with the ports that there are */
export async function openSerial(path: string, baudRate: number, events: SerialEvents): Promise<SerialLine> {
  const {SerialPort} = await import('serialport')
  const port = new SerialPort({path, baudRate, autoOpen: false, highWaterMark: 4096, hupcl: false})
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error === null || error === undefined ? resolve() : reject(error)))
  }).catch(async (error: Error) => {
    const ports = await listSerialPorts()
    const hints = ports.length === 0 ? ['No serial port is plugged in.'] : [`There are: ${ports.join(', ')}.`]
    if (/permission/i.test(error.message)) hints.push('On Linux your user must be in the group dialout.')
    throw new CrateError('DEVICE_MISSING', `the serial port ${path} cannot be opened: ${error.message}`, {
      hints,
      details: {path, baudRate},
      cause: error,
    })
  })
  let isClosed = false
  const lost = (error: Error | null) => {
    if (!isClosed) events.lost(error ?? new Error(`${path} was unplugged`))
  }
  port.on('data', (bytes: Buffer) => {
    if (!isClosed) events.bytes(bytes)
  })
  port.on('error', lost)
  port.on('close', lost)
  return {
    write(bytes) {
      if (isClosed || !port.isOpen || port.writableLength + bytes.length > MOST_WAITING_BYTES) return false
      port.write(Buffer.from(bytes))
      return true
    },
    drain: () => new Promise((resolve) => (port.isOpen ? port.drain(() => resolve()) : resolve())),
    close: () =>
      new Promise((resolve) => {
        if (isClosed) return resolve()
        isClosed = true
        if (!port.isOpen) return resolve()
        port.close(() => resolve())
      }),
  }
}

/** Paths of the ports that are plugged in; empty where the system cannot list them (no udev). */
export async function listSerialPorts(): Promise<string[]> {
  const {SerialPort} = await import('serialport')
  const ports = await SerialPort.list().catch(() => [])
  return ports.map(({path}) => path)
}
