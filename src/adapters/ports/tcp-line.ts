// A board that prints its lines to a TCP connection in place of a serial port: x-IMU3 over Wi-Fi, ESP32 sketches, ser2net.
import {connect} from 'node:net'
import {CrateError} from '../../core/errors.js'
import type {Closable} from './back-off.js'

export interface TcpLineEvents {
  bytes(bytes: Uint8Array): void
  lost(error: Error): void
}

const CONNECT_MS = 5000
/** A board that went away without a word is asked for by the system. */
const KEEP_ALIVE_MS = 5000

/** @throws DEVICE_MISSING where nobody answers */
export async function openTcpLine(host: string, port: number, events: TcpLineEvents): Promise<Closable> {
  const socket = connect({host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS})
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: Error) => {
      socket.destroy()
      reject(
        new CrateError('DEVICE_MISSING', `${host}:${port} does not answer: ${error.message}`, {
          hints: ['Is the board on, and on the same network?'],
          details: {host, port},
          cause: error,
        }),
      )
    }
    socket.setTimeout(CONNECT_MS, () => refuse(new Error('no connection within five seconds')))
    socket.once('error', refuse)
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.removeAllListeners('error')
      resolve()
    })
  })
  let isClosed = false
  const lost = (error: Error | null) => {
    if (!isClosed) events.lost(error ?? new Error(`${host}:${port} closed the connection`))
  }
  socket.on('data', (bytes) => {
    if (!isClosed) events.bytes(bytes)
  })
  socket.on('error', lost)
  socket.on('close', () => lost(null))
  return {
    async close() {
      isClosed = true
      socket.destroy()
    },
  }
}
