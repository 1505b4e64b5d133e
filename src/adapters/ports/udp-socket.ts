// A UDP port that hears many senders, and lets none of them drown the others.
import {createSocket, type RemoteInfo, type Socket} from 'node:dgram'
import {CrateError} from '../../core/errors.js'
import type {Closable} from './back-off.js'

export interface UdpCounts {
  readonly received: number
  /** Of senders that sent more than any sensor does. */
  readonly flooded: number
}

export interface UdpPort extends Closable {
  readonly port: number
  counts(): UdpCounts
}

export interface UdpEvents {
  datagram(bytes: Uint8Array, sender: string): void
  lost(error: Error): void
}

/** Four sensors of 400 Hz with four packets each come to 6,400; a flood is ten times that. */
const MOST_PER_SENDER_A_SECOND = 8000
const WINDOW_MS = 100
const MOST_SENDERS = 64
/** Room in the system for half a second of a busy stage while this process waits for the processor. */
const RECEIVE_BUFFER_BYTES = 1 << 20

/** @throws DEVICE_MISSING where the port is taken or the address is not of this machine */
export async function openUdp(port: number, host: string, events: UdpEvents): Promise<UdpPort> {
  const socket = createSocket({type: host.includes(':') ? 'udp6' : 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES})
  await bind(socket, port, host)
  let received = 0
  let flooded = 0
  let isClosed = false
  let windowEndMs = 0
  const shares = new Map<string, number>()
  socket.on('message', (bytes: Buffer, {address, port: from}: RemoteInfo) => {
    if (isClosed) return
    received++
    const nowMs = performance.now()
    if (nowMs >= windowEndMs) {
      windowEndMs = nowMs + WINDOW_MS
      shares.clear()
    }
    const sender = `${address}:${from}`
    const share = (shares.get(sender) ?? 0) + 1
    if (share > (MOST_PER_SENDER_A_SECOND * WINDOW_MS) / 1000 || (share === 1 && shares.size >= MOST_SENDERS)) {
      flooded++
      return
    }
    shares.set(sender, share)
    events.datagram(bytes, sender)
  })
  socket.on('error', (error) => events.lost(error))
  return {
    port: socket.address().port,
    counts: () => ({received, flooded}),
    close: () =>
      new Promise((resolve) => {
        if (isClosed) return resolve()
        isClosed = true
        socket.close(() => resolve())
      }),
  }
}

function bind(socket: Socket, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close()
      const reason = error.code === 'EADDRINUSE' ? 'another program listens there already' : error.message
      reject(
        new CrateError('DEVICE_MISSING', `UDP port ${port} of ${host} cannot be opened: ${reason}`, {
          hints: ['Close the other program, or use another port and set it in the sending app too.'],
          details: {port, host},
          cause: error,
        }),
      )
    })
    socket.bind({port, address: host, exclusive: true}, () => {
      socket.removeAllListeners('error')
      resolve()
    })
  })
}

/** `9000`, `0.0.0.0:9000`, `[::1]:9000`, `host:9000`; null where it is none of these. */
export function parseAddress(text: string, usual: {host: string; port: number}): {host: string; port: number} | null {
  const match = /^(?:(?:\[([^\]]+)\]|([^:]*)):)?(\d{1,5})$/.exec(text.trim())
  if (text.trim() === '') return usual
  if (match === null) return /^[\w.-]+$/.test(text) ? {host: text, port: usual.port} : null
  const port = Number(match[3])
  return port > 65_535 ? null : {host: match[1] ?? (match[2] || usual.host), port}
}
