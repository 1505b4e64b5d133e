// Network MIDI as an output: calls a session of macOS, rtpMIDI or a box, or waits to be called.
import {randomBytes} from 'node:crypto'
import {createSocket, type RemoteInfo, type Socket} from 'node:dgram'
import {lookup} from 'node:dns/promises'
import type {Output, OutputPort} from '../../../api/output.js'
import {CrateError} from '../../../core/errors.js'
import {parseAddress} from '../udp-socket.js'
import {decodeControl, encodeMidi, encodeSession, encodeSync} from './packets.js'

const USUAL_PORT = 5004
const NAME = 'crate'
const INVITE_MS = 1000
const INVITATIONS = 4
/** Every ten seconds, oftener at the start, as Apple's driver asks; a peer that hears nothing for a minute hangs up. */
const SYNC_MS = 10_000
const FIRST_SYNCS_MS = 1500
const FIRST_SYNCS = 6
const SILENT_MS = 60_000
/** A second off, reset or pedal-up costs nothing and mends a lost packet, in place of RFC 6295's journal. */
const AGAIN_MS = 25

export const rtpMidiOutput: Output = {
  targets: async () => [],
  async open(target, {lost}): Promise<OutputPort> {
    const isListening = target === 'listen' || target.startsWith('listen:')
    const place = isListening ? target.slice('listen:'.length) : target
    const address = parseAddress(place, {host: isListening ? '0.0.0.0' : '', port: USUAL_PORT})
    if (address === null || address.host === '')
      throw new CrateError('DEVICE_MISSING', `"${target}" is no network MIDI session`, {
        hints: ['Write host:port of the session, or listen:5004 to be called.'],
      })
    return isListening ? listen(address.port, address.host, lost) : call(address.host, address.port, lost)
  },
}

interface Peer {
  readonly ssrc: number
  readonly host: string
  readonly controlPort: number
  readonly dataPort: number
  readonly token: number
  heardMs: number
}

/** Two sockets, side by side: sessions on the even port, MIDI on the odd one. */
class Session {
  readonly ssrc = randomBytes(4).readUInt32BE(0)
  readonly #startedMs = performance.now()
  readonly peers = new Map<number, Peer>()
  readonly control: Socket
  readonly data: Socket
  #sequence = randomBytes(2).readUInt16BE(0)
  #isClosed = false
  readonly #repeats = new Map<string, {readonly message: readonly number[]; readonly timer: NodeJS.Timeout}>()

  constructor(control: Socket, data: Socket) {
    this.control = control
    this.data = data
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  ticks(): bigint {
    return BigInt(Math.round((performance.now() - this.#startedMs) * 10))
  }

  send(message: readonly number[]): boolean {
    if (this.#isClosed || this.peers.size === 0 || message.length > 15) return false
    this.#broadcast(message)
    if (isEnding(message)) this.#again(message)
    else if (startsNote(message)) this.#keepNote(message)
    return true
  }

  #again(message: readonly number[]): void {
    const key = message.slice(0, 2).join(' ')
    clearTimeout(this.#repeats.get(key)?.timer)
    const timer = setTimeout(() => {
      this.#repeats.delete(key)
      this.#broadcast(message)
    }, AGAIN_MS)
    this.#repeats.set(key, {message, timer})
  }

  /** A note that begins again must not be ended by the second copy of its last off. */
  #keepNote([status = 0, note = 0]: readonly number[]): void {
    for (const [key, {message, timer}] of this.#repeats) {
      const [other = 0, first = 0] = message
      if ((other & 0xf) !== (status & 0xf) || (other >> 4 === 0x8 && first !== note)) continue
      clearTimeout(timer)
      this.#repeats.delete(key)
    }
  }

  #broadcast(message: readonly number[]): void {
    if (this.#isClosed) return
    this.#sequence = (this.#sequence + 1) & 0xffff
    const packet = encodeMidi(message, this.#sequence, Number(this.ticks() & 0xffffffffn), this.ssrc)
    for (const {host, dataPort} of this.peers.values()) this.data.send(packet, dataPort, host, () => undefined)
  }

  /** Answers a clock exchange; the one who called starts them. */
  sync(bytes: Buffer, from: RemoteInfo): void {
    const packet = decodeControl(bytes)
    if (packet === null) return
    const peer = this.peers.get(packet.ssrc)
    if (peer !== undefined) peer.heardMs = performance.now()
    if (packet.kind !== 'sync' || packet.count === 2) return
    const [first, second] = packet.times
    const now = this.ticks()
    const times = packet.count === 0 ? ([first, now, 0n] as const) : ([first, second, now] as const)
    const answer = encodeSync({kind: 'sync', ssrc: this.ssrc, count: packet.count === 0 ? 1 : 2, times})
    this.data.send(answer, from.port, from.address, () => undefined)
  }

  startSync({host, dataPort}: Peer): void {
    const times = [this.ticks(), 0n, 0n] as const
    this.data.send(encodeSync({kind: 'sync', ssrc: this.ssrc, count: 0, times}), dataPort, host, () => undefined)
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    // Offs that go out a second time are still to come.
    if (this.#repeats.size > 0 && this.peers.size > 0)
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS + 10))
    this.#isClosed = true
    for (const {host, controlPort, token} of this.peers.values()) {
      const bye = encodeSession({kind: 'end', token, ssrc: this.ssrc, name: ''})
      await new Promise((resolve) => this.control.send(bye, controlPort, host, resolve))
    }
    await Promise.all([this.control, this.data].map((socket) => new Promise<void>((resolve) => socket.close(resolve))))
  }
}

function isEnding([status = 0, first = 0]: readonly number[]): boolean {
  return status >> 4 === 0x8 || (status >> 4 === 0xb && first >= 120)
}

function startsNote([status = 0, , velocity = 0]: readonly number[]): boolean {
  return status >> 4 === 0x9 && velocity > 0
}

function portOf(session: Session, timers: readonly NodeJS.Timeout[]): OutputPort {
  return {
    send: (message) => message.kind === 'midi' && session.send(message.bytes),
    async close() {
      for (const timer of timers) clearInterval(timer)
      await session.close()
    },
  }
}

async function bindPair(port: number, host: string): Promise<[Socket, Socket]> {
  for (let attempt = 0; ; attempt++) {
    const first = port === 0 ? 20_000 + 2 * Math.floor(Math.random() * 20_000) : port
    try {
      const control = await bound(first, host)
      try {
        return [control, await bound(first + 1, host)]
      } catch (error) {
        control.close()
        throw error
      }
    } catch (error) {
      if (port === 0 && attempt < 20) continue
      throw new CrateError(
        'DEVICE_MISSING',
        `network MIDI needs the ports ${first} and ${first + 1}, and one is taken`,
        {
          cause: error,
        },
      )
    }
  }
}

function bound(port: number, host: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    socket.once('error', (error) => {
      socket.close()
      reject(error)
    })
    socket.bind(port, host, () => {
      socket.removeAllListeners('error')
      resolve(socket)
    })
  })
}

// Calling

async function call(hostName: string, port: number, lost: (error: Error) => void): Promise<OutputPort> {
  const found = await lookup(hostName, 4).catch(() => {
    throw new CrateError('DEVICE_MISSING', `there is no host ${hostName} for network MIDI`)
  })
  const host = found.address
  const [control, data] = await bindPair(0, '0.0.0.0')
  const session = new Session(control, data)
  for (const socket of [control, data]) socket.on('error', lost)
  const token = randomBytes(4).readUInt32BE(0)
  try {
    await invite(session, control, host, port, token)
    const ssrc = await invite(session, data, host, port + 1, token)
    session.peers.set(ssrc, {
      ssrc,
      host,
      controlPort: port,
      dataPort: port + 1,
      token,
      heardMs: performance.now(),
    })
  } catch (error) {
    await session.close()
    throw error
  }
  const gone = (reason: string) => {
    if (session.isClosed || session.peers.size === 0) return
    session.peers.clear()
    lost(new Error(`the network MIDI session at ${hostName}:${port} ${reason}`))
  }
  data.on('message', (bytes, from) => session.sync(bytes, from))
  control.on('message', (bytes) => {
    if (decodeControl(bytes)?.kind === 'end') gone('hung up')
  })
  const sync = () => {
    for (const peer of session.peers.values()) {
      session.startSync(peer)
      if (performance.now() - peer.heardMs > SILENT_MS) gone('is silent')
    }
  }
  sync()
  let early = 0
  const first = setInterval(() => {
    sync()
    if (++early >= FIRST_SYNCS) clearInterval(first)
  }, FIRST_SYNCS_MS)
  return portOf(session, [first, setInterval(sync, SYNC_MS)])
}

/** Asks up to four times, a second apart; gives the peer's SSRC. */
function invite(session: Session, socket: Socket, host: string, port: number, token: number): Promise<number> {
  const packet = encodeSession({kind: 'invitation', token, ssrc: session.ssrc, name: NAME})
  return new Promise((resolve, reject) => {
    let asked = 0
    const fail = (reason: string) => {
      finish()
      reject(
        new CrateError('DEVICE_MISSING', `the network MIDI session at ${host}:${port} ${reason}`, {
          hints: ['On macOS: Audio MIDI Setup › MIDI Studio › Network, a session must be switched on.'],
        }),
      )
    }
    const ask = () => {
      if (asked++ >= INVITATIONS) return fail('does not answer')
      socket.send(packet, port, host, () => undefined)
    }
    const hear = (bytes: Buffer) => {
      const answer = decodeControl(bytes)
      if (answer === null || !('token' in answer) || answer.token !== token) return
      if (answer.kind === 'rejected') return fail('refused')
      if (answer.kind !== 'accepted') return
      finish()
      resolve(answer.ssrc)
    }
    const timer = setInterval(ask, INVITE_MS)
    const finish = () => {
      clearInterval(timer)
      socket.off('message', hear)
    }
    socket.on('message', hear)
    ask()
  })
}

// Being called

const MOST_PEERS = 8

async function listen(port: number, host: string, lost: (error: Error) => void): Promise<OutputPort> {
  const [control, data] = await bindPair(port, host)
  const session = new Session(control, data)
  const callers = new Map<number, {readonly host: string; readonly port: number; readonly token: number}>()
  const accept = (socket: Socket, token: number, from: RemoteInfo) => {
    const answer = encodeSession({kind: 'accepted', token, ssrc: session.ssrc, name: NAME})
    socket.send(answer, from.port, from.address, () => undefined)
  }
  control.on('message', (bytes: Buffer, from: RemoteInfo) => {
    const packet = decodeControl(bytes)
    if (packet?.kind === 'invitation') {
      const isFull = callers.size >= MOST_PEERS && !callers.has(packet.ssrc)
      if (isFull) {
        const refusal = encodeSession({kind: 'rejected', token: packet.token, ssrc: session.ssrc, name: ''})
        control.send(refusal, from.port, from.address, () => undefined)
        return
      }
      callers.set(packet.ssrc, {host: from.address, port: from.port, token: packet.token})
      accept(control, packet.token, from)
    } else if (packet?.kind === 'end') {
      callers.delete(packet.ssrc)
      session.peers.delete(packet.ssrc)
    }
  })
  data.on('message', (bytes: Buffer, from: RemoteInfo) => {
    const packet = decodeControl(bytes)
    const caller = packet?.kind === 'invitation' ? callers.get(packet.ssrc) : undefined
    if (packet?.kind === 'invitation' && caller !== undefined) {
      const {host: address, port: controlPort, token} = caller
      const heardMs = performance.now()
      session.peers.set(packet.ssrc, {
        ssrc: packet.ssrc,
        host: address,
        controlPort,
        dataPort: from.port,
        token,
        heardMs,
      })
      accept(data, packet.token, from)
    } else session.sync(bytes, from)
  })
  for (const socket of [control, data]) socket.on('error', lost)
  const watch = setInterval(() => {
    for (const peer of session.peers.values())
      if (performance.now() - peer.heardMs > SILENT_MS * 2) {
        session.peers.delete(peer.ssrc)
        callers.delete(peer.ssrc)
      }
  }, SYNC_MS)
  return portOf(session, [watch])
}
