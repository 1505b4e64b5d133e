// A player that speaks StageLinq on this machine: announces itself, tells its services, and sends the states of its decks
// to whoever subscribes. Source of the framing: github.com/icedream/go-stagelinq (messages, service "StateMap").
import {createSocket} from 'node:dgram'
import {type AddressInfo, createServer, type Server, type Socket} from 'node:net'

const DISCOVERY_PORT = 51_337
const TOKEN = Uint8Array.from({length: 16}, (_, index) => index + 1)

export interface EnginePlayer {
  /** `DISCOVERER_HOWDY_` as each second, or `DISCOVERER_EXIT_`. */
  announce(action?: 'HOWDY' | 'EXIT'): Promise<void>
  /** `/Engine/Deck1/Track/SongName`, `{string: …}`: kept, and told to subscribers. */
  set(name: string, value: object): void
  /** Bytes to UDP 51337 as they are. */
  send(bytes: Uint8Array): Promise<void>
  /** Bytes to all who subscribed to states, without any frame. */
  tellRaw(bytes: Uint8Array): void
  readonly subscribed: ReadonlySet<string>
  /** Connections end, as when the power goes. */
  close(): Promise<void>
}

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
const u16 = (value: number) => u32(value).subarray(2)
const text = (value: string) => {
  const letters = Buffer.from(value, 'utf16le').swap16()
  return Buffer.concat([u32(letters.length), letters])
}

export async function startEnginePlayer(name = 'JC11'): Promise<EnginePlayer> {
  const values = new Map<string, object>()
  const subscribed = new Set<string>()
  const sockets = new Set<Socket>()
  const subscribers = new Set<Socket>()
  const state = (path: string, value: object) => {
    const body = Buffer.concat([Buffer.from('smaa'), u32(0), text(path), text(JSON.stringify({type: 0, ...value}))])
    return Buffer.concat([u32(body.length), body])
  }
  const serve = (onData: (client: Socket, bytes: Buffer) => void, greet: (client: Socket) => void): Promise<Server> =>
    new Promise((settle) => {
      const server = createServer((client) => {
        sockets.add(client)
        client.on('error', () => undefined)
        client.on('data', (bytes) => onData(client, bytes as Buffer))
        greet(client)
      })
      server.listen(0, '127.0.0.1', () => settle(server))
    })
  const portOf = (server: Server) => (server.address() as AddressInfo).port

  // StateMap: each subscription is answered by the state as it is now.
  const held = new WeakMap<Socket, Buffer>()
  const states = await serve(
    (client, bytes) => {
      let rest = Buffer.concat([held.get(client) ?? Buffer.alloc(0), bytes])
      if (!subscribers.has(client)) {
        // Its greeting: 0, token, name of the service, port.
        const length = rest.length < 24 ? Number.POSITIVE_INFINITY : 24 + rest.readUInt32BE(20) + 2
        if (rest.length < length) {
          held.set(client, rest)
          return
        }
        rest = rest.subarray(length)
        subscribers.add(client)
      }
      while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
        const body = rest.subarray(4, 4 + rest.readUInt32BE(0))
        rest = rest.subarray(4 + body.length)
        const path = Buffer.from(body.subarray(12, 12 + body.readUInt32BE(8)))
          .swap16()
          .toString('utf16le')
        subscribed.add(path)
        const value = values.get(path)
        if (value !== undefined) client.write(state(path, value))
      }
      held.set(client, rest)
    },
    () => undefined,
  )
  const services = {StateMap: portOf(states), BeatInfo: 1, FileTransfer: 2, TimeSynchronization: 3}
  const main = await serve(
    (client, bytes) => {
      if (bytes.readUInt32BE(0) !== 2) return
      for (const [service, port] of Object.entries(services))
        client.write(Buffer.concat([u32(0), TOKEN, text(service), u16(port)]))
    },
    (client) => client.write(Buffer.concat([u32(2), TOKEN])),
  )
  const port = portOf(main)
  const socket = createSocket('udp4')
  const send = (bytes: Uint8Array) =>
    new Promise<void>((settle, reject) =>
      socket.send(bytes, DISCOVERY_PORT, '127.0.0.1', (error) => (error === null ? settle() : reject(error))),
    )
  return {
    announce: (action = 'HOWDY') =>
      send(
        Buffer.concat([
          Buffer.from('airD'),
          TOKEN,
          text('prime4'),
          text(`DISCOVERER_${action}_`),
          text(name),
          text('3.4.0'),
          u16(port),
        ]),
      ),
    set(path, value) {
      values.set(path, value)
      if (subscribed.has(path)) for (const client of subscribers) client.write(state(path, value))
    },
    send,
    tellRaw(bytes) {
      for (const client of subscribers) client.write(bytes)
    },
    subscribed,
    async close() {
      for (const client of sockets) client.destroy()
      await Promise.all([main, states].map((server) => new Promise((settle) => server.close(settle))))
      socket.close()
    },
  }
}
