// Takes the broadcast of a DJ program as an Icecast server would, and listens for track names only; the sound is dropped.
import {createServer, type Socket} from 'node:net'
import {CrateError} from '../../core/errors.js'
import type {Closable} from './back-off.js'
import {OggComments, type StreamComments} from './ogg-comments.js'

export interface IcecastEvents {
  connected(): void
  disconnected(): void
  track(comments: StreamComments): void
}

export interface IcecastPort extends Closable {
  readonly port: number
}

const LONGEST_HEAD = 16_384
const MOST_CLIENTS = 4
const SILENT_MS = 60_000

/**
 * Not on Node's own HTTP server: `SOURCE` bodies have neither a length nor chunks.
 *
 * @param password null takes any; the broadcast never leaves this machine
 * @throws DEVICE_MISSING where the port is taken
 */
export async function listenIcecast(
  port: number,
  password: string | null,
  events: IcecastEvents,
): Promise<IcecastPort> {
  const clients = new Set<Socket>()
  const server = createServer((socket) => {
    if (clients.size >= MOST_CLIENTS) return void socket.destroy()
    clients.add(socket)
    socket.setTimeout(SILENT_MS, () => socket.destroy())
    socket.on('error', () => socket.destroy())
    let head: Buffer | null = Buffer.alloc(0)
    let comments: OggComments | null = null
    const body = (bytes: Buffer) => {
      for (const found of comments?.push(bytes) ?? []) events.track(found)
    }
    socket.on('data', (bytes: Buffer) => {
      if (head === null) return body(bytes)
      head = Buffer.concat([head, bytes])
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) {
        if (head.length > LONGEST_HEAD) socket.destroy()
        return
      }
      const rest = head.subarray(end + 4)
      const request = parseHead(head.subarray(0, end).toString('latin1'))
      head = null
      if (!isAuthorised(request.authorization, password)) {
        socket.end('HTTP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic realm="crate"\r\n\r\n')
        return
      }
      if (request.method === 'GET') {
        const song = request.query.get('song')
        if (song !== null) events.track(splitSong(song))
        socket.end(`HTTP/1.0 ${song === null ? '404 Not Found' : '200 OK'}\r\nContent-Length: 0\r\n\r\n`)
        return
      }
      if (request.method !== 'SOURCE' && request.method !== 'PUT') {
        socket.end('HTTP/1.0 405 Method Not Allowed\r\n\r\n')
        return
      }
      socket.write(request.expectsContinue ? 'HTTP/1.1 100 Continue\r\n\r\n' : 'HTTP/1.0 200 OK\r\n\r\n')
      comments = new OggComments()
      events.connected()
      body(rest)
    })
    socket.on('close', () => {
      clients.delete(socket)
      if (comments !== null) events.disconnected()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new CrateError('DEVICE_MISSING', `port ${port} for the broadcast cannot be opened: ${error.message}`, {
          hints: ['Another server uses it: choose another port here and in the program.'],
          cause: error,
        }),
      ),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  let isClosed = false
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        if (isClosed) return resolve()
        isClosed = true
        for (const client of clients) client.destroy()
        server.close(() => resolve())
      }),
  }
}

function parseHead(text: string) {
  const [first = '', ...lines] = text.split('\r\n')
  const [method = '', target = '/'] = first.split(' ')
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const question = target.indexOf('?')
  return {
    method: method.toUpperCase(),
    query: new URLSearchParams(question < 0 ? '' : target.slice(question + 1)),
    authorization: headers.get('authorization') ?? '',
    expectsContinue: headers.get('expect')?.toLowerCase() === '100-continue',
  }
}

function isAuthorised(header: string, password: string | null): boolean {
  if (password === null) return true
  const [, given = ''] = /^Basic\s+(\S+)$/i.exec(header) ?? []
  const text = Buffer.from(given, 'base64').toString('utf8')
  return text.slice(text.indexOf(':') + 1) === password
}

function splitSong(song: string): StreamComments {
  const [artist, ...title] = song.split(' - ')
  return title.length === 0 ? {artist: null, title: song} : {artist: artist ?? null, title: title.join(' - ')}
}
