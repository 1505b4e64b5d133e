// A CDJ on this machine: says that it is there, tells what its deck does, and answers questions for titles, in packets
// that a real CDJ-2000nexus sent, and in answers built from djl-analysis.deepsymmetry.org ("CDJ Status Packets",
// "Track Metadata").
import {createSocket} from 'node:dgram'
import {readFileSync} from 'node:fs'
import {type AddressInfo, createServer, type Server, type Socket} from 'node:net'
import {join} from 'node:path'
import {SHARED} from './crate.js'

const PACKETS = join(SHARED, 'live', 'prolink-packets')
const [ANNOUNCE_PORT, STATUS_PORT, DATABASE_QUESTION_PORT] = [50_000, 50_002, 12_523]

export interface CdjTrack {
  readonly title: string
  readonly artist: string
  readonly path: string
}

export interface CdjStatus {
  readonly trackId: number
  /** Byte 0x7b: 0 empty, 3 plays, 4 loops, 5 paused, 6 at its cue, 8 held by hand. */
  readonly playState: number
  readonly isOnAir: boolean
  /** 1 exported by rekordbox, 2 not analysed. */
  readonly trackType?: number
}

export interface Cdj {
  announce(): void
  status(status: CdjStatus): void
  send(port: number, bytes: Uint8Array): Promise<void>
  /** Questions for titles that it was asked, by track. */
  readonly asked: readonly number[]
  close(): Promise<void>
}

/** @param tracks its USB stick, by the id that rekordbox gave; questions for others hang. */
export async function startCdj(id: number, tracks: Readonly<Record<number, CdjTrack>>): Promise<Cdj> {
  const announce = readFileSync(join(PACKETS, 'announce-cdj-2.dat'))
  announce[0x24] = id
  announce.set([127, 0, 0, 1], 0x2c)
  const template = readFileSync(join(PACKETS, 'status-simple.dat'))
  const socket = createSocket('udp4')
  const send = (port: number, bytes: Uint8Array) =>
    new Promise<void>((settle, reject) =>
      socket.send(bytes, port, '127.0.0.1', (error) => (error === null ? settle() : reject(error))),
    )
  const asked: number[] = []
  const sockets = new Set<Socket>()
  const database = await listen(0, (client) => {
    sockets.add(client)
    serveTitles(client, tracks, asked)
  })
  const {port} = database.address() as AddressInfo
  const question = await listen(DATABASE_QUESTION_PORT, (client) => {
    sockets.add(client)
    client.once('data', () => client.write(Uint8Array.of(port >> 8, port & 0xff)))
  })
  let packetNumber = 0
  return {
    announce: () => void send(ANNOUNCE_PORT, announce),
    send,
    asked,
    status({trackId, playState, isOnAir, trackType = 1}) {
      const packet = Buffer.from(template)
      packet[0x21] = id
      packet.set([trackId === 0 ? 0 : id, trackId === 0 ? 0 : 3, trackId === 0 ? 0 : trackType], 0x28)
      packet.writeUInt32BE(trackId, 0x2c)
      packet[0x7b] = playState
      packet[0x89] = 0x84 | (isOnAir ? 0x08 : 0)
      packet.writeUInt32BE(packetNumber++, 0xc8)
      void send(STATUS_PORT, packet)
    },
    async close() {
      socket.close()
      for (const client of sockets) client.destroy()
      await Promise.all([database, question].map((server) => new Promise((settle) => server.close(settle))))
    },
  }
}

function listen(port: number, onClient: (client: Socket) => void): Promise<Server> {
  return new Promise((settle, reject) => {
    const server = createServer((client) => {
      client.on('error', () => undefined)
      onClient(client)
    })
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => settle(server))
  })
}

// Fields of the database service: a type byte, for texts and bytes a length, then the value.

type Field = number | string | Uint8Array

const u32 = (value: number) => {
  const bytes = Buffer.alloc(5)
  bytes[0] = 0x11
  bytes.writeUInt32BE(value >>> 0, 1)
  return bytes
}

function textField(text: string): Buffer {
  const letters = Buffer.from(`${text}\0`, 'utf16le').swap16()
  const head = Buffer.alloc(5)
  head[0] = 0x26
  head.writeUInt32BE(letters.length / 2, 1)
  return Buffer.concat([head, letters])
}

function message(transaction: number, type: number, fields: readonly Field[]): Buffer {
  const kinds = Buffer.alloc(12)
  fields.forEach((field, index) => {
    kinds[index] = typeof field === 'number' ? 6 : 2
  })
  return Buffer.concat([
    u32(0x872349ae),
    u32(transaction),
    Uint8Array.of(0x10, type >> 8, type & 0xff),
    Uint8Array.of(0x0f, fields.length),
    Uint8Array.of(0x14, 0, 0, 0, 12),
    kinds,
    ...fields.map((field) => (typeof field === 'number' ? u32(field) : textField(String(field)))),
  ])
}

const ITEM = {
  path: 0,
  album: 2,
  title: 4,
  genre: 6,
  artist: 7,
  rating: 10,
  seconds: 11,
  tempo: 13,
  label: 14,
  key: 15,
  bitRate: 16,
  comment: 0x23,
  noColor: 0x13,
}

function items(kind: number, {title, artist, path}: CdjTrack): (readonly [number, number, string])[] {
  if (kind === 0x2102)
    return [
      [ITEM.title, 1, title],
      [ITEM.path, 1, path],
    ] // prettier
  return [
    [ITEM.title, 1, title],
    [ITEM.artist, 1, artist],
    [ITEM.album, 1, 'Album'],
    [ITEM.seconds, 301, ''],
    [ITEM.tempo, 12_800, ''],
    [ITEM.comment, 1, ''],
    [ITEM.key, 1, 'Am'],
    [ITEM.rating, 0, ''],
    [ITEM.genre, 1, 'Techno'],
    [ITEM.bitRate, 320, ''],
    [ITEM.noColor, 0, ''],
  ]
}

function serveTitles(client: Socket, tracks: Readonly<Record<number, CdjTrack>>, asked: number[]): void {
  let held: Buffer<ArrayBufferLike> = Buffer.alloc(0)
  let hasGreeted = false
  let menu: readonly (readonly [number, number, string])[] = []
  client.on('data', (bytes) => {
    held = Buffer.concat([held, bytes as Buffer])
    if (!hasGreeted && held.length >= 5) {
      hasGreeted = true
      held = held.subarray(5)
      client.write(u32(1))
    }
    for (;;) {
      const request = takeRequest(held)
      if (request === null) return
      held = held.subarray(request.length)
      const {transaction, type, numbers} = request
      if (type === 0x0000) client.write(message(transaction, 0x4000, [0, id(numbers)]))
      else if (type === 0x0100) client.end()
      else if (type === 0x3000) {
        client.write(message(transaction, 0x4001, [1, 0]))
        for (const [item, number, text] of menu)
          client.write(message(transaction, 0x4101, [0, number, text.length * 2 + 2, text, 2, '', item, 0, 0, 0, 0, 0]))
        client.write(message(transaction, 0x4201, []))
      } else {
        const trackId = numbers[1] ?? 0
        if (type !== 0x2102) asked.push(trackId)
        const track = tracks[trackId]
        if (track === undefined) return
        menu = items(type, track)
        client.write(message(transaction, 0x4000, [type, menu.length]))
      }
    }
  })
}

const id = (numbers: readonly number[]) => numbers[0] ?? 0

interface DatabaseRequest {
  readonly transaction: number
  readonly type: number
  readonly numbers: readonly number[]
  readonly length: number
}

/** One whole request of numbers only; null until it is there. */
function takeRequest(bytes: Buffer): DatabaseRequest | null {
  if (bytes.length < 32) return null
  const count = bytes[14] ?? 0
  const length = 32 + count * 5
  if (bytes.length < length) return null
  const numbers = Array.from({length: count}, (_, index) => bytes.readUInt32BE(32 + index * 5 + 1))
  return {transaction: bytes.readUInt32BE(6), type: bytes.readUInt16BE(11), numbers, length}
}
