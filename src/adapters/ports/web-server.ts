// A small web server for the phone page and the dashboard: files, one handler for questions, WebSockets behind a token.
import {timingSafeEqual} from 'node:crypto'
import {createServer as createHttp, type IncomingMessage, type ServerResponse} from 'node:http'
import {createServer as createHttps} from 'node:https'
import {type AddressInfo, isIP} from 'node:net'
import type {Duplex} from 'node:stream'
import {CrateError} from '../../core/errors.js'
import type {Closable} from './back-off.js'

export interface WebFile {
  readonly type: string
  readonly bytes: Uint8Array
}

export interface WebClient {
  /** What the page said about itself in its address. */
  readonly query: URLSearchParams
  /** Dropped and false where the page is behind: old news helps nobody. */
  send(text: string): boolean
  onMessage(listener: (bytes: Uint8Array) => void): void
  onClose(listener: () => void): void
  close(): void
}

export interface WebServerOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly tls: {readonly cert: string; readonly key: string} | null
  /** Asked of everyone; null only for this machine itself, whose pages are then told by their Host and Origin. */
  readonly token: string | null
  /** By path, `/` too. */
  readonly files: ReadonlyMap<string, WebFile>
  /** Answers what no file does; null is "not found". */
  readonly answer?: (path: string, query: URLSearchParams) => Promise<WebFile | null>
  readonly sockets: Readonly<Record<string, (client: WebClient) => void>>
  /** Pages of other servers may connect: of any with the token, and of this machine's own where none is asked. */
  readonly isForOtherPages?: boolean
}

export interface WebCounts {
  readonly clients: number
  /** Without the token, from another site, or too many. */
  readonly refused: number
  /** Messages beyond the size that any page sends. */
  readonly oversized: number
}

export interface WebServer extends Closable {
  readonly port: number
  counts(): WebCounts
}

const LONGEST_MESSAGE_BYTES = 16_384
const MOST_CLIENTS = 32
const MOST_WAITING_BYTES = 1 << 20

/** Nothing from elsewhere, no frames, no guessing of types: the page needs only itself. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const

/** @throws DEVICE_MISSING where the port is taken */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const {WebSocketServer} = await import('ws')
  const {tls} = options
  const respond = (request: IncomingMessage, response: ServerResponse) => {
    reply(options, request, response, () => {
      refused++
    }).catch(() => response.destroy())
  }
  const server = tls === null ? createHttp(respond) : createHttps({...tls}, respond)
  server.headersTimeout = 10_000
  server.requestTimeout = 20_000
  server.maxConnections = MOST_CLIENTS * 4
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LONGEST_MESSAGE_BYTES,
    perMessageDeflate: false,
    clientTracking: true,
  })
  let refused = 0
  let oversized = 0
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const url = addressOf(request)
    const open = Object.hasOwn(options.sockets, url.pathname) ? options.sockets[url.pathname] : undefined
    if (open === undefined || sockets.clients.size >= MOST_CLIENTS || !isAllowed(options, request, url)) {
      refused++
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', ({code}: NodeJS.ErrnoException) => {
        if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') oversized++
        client.terminate()
      })
      open({
        query: url.searchParams,
        send(text) {
          if (client.readyState !== client.OPEN || client.bufferedAmount > MOST_WAITING_BYTES) return false
          client.send(text)
          return true
        },
        onMessage: (listener) => client.on('message', (data) => listener(data as Buffer)),
        onClose: (listener) => client.on('close', listener),
        close: () => client.close(),
      })
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new CrateError('DEVICE_MISSING', `port ${options.port} cannot be opened: ${error.message}`, {
          hints: ['Another program uses it: choose another port.'],
          cause: error,
        }),
      ),
    )
    server.listen(options.port, options.host, resolve)
  })
  let isClosed = false
  return {
    port: (server.address() as AddressInfo).port,
    counts: () => ({clients: sockets.clients.size, refused, oversized}),
    close: () =>
      new Promise((resolve) => {
        if (isClosed) return resolve()
        isClosed = true
        for (const client of sockets.clients) client.terminate()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function reply(
  options: WebServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  refuse: () => void,
): Promise<void> {
  const url = addressOf(request)
  if (request.method !== 'GET' || !isAllowed(options, request, url)) {
    refuse()
    response.writeHead(request.method === 'GET' ? 403 : 405, {'Content-Type': 'text/plain; charset=utf-8', ...HEADERS})
    response.end('This page needs the whole address that crate showed.\n')
    return
  }
  const file = options.files.get(url.pathname) ?? (await options.answer?.(url.pathname, url.searchParams)) ?? null
  if (file === null) {
    response.writeHead(404, HEADERS).end()
    return
  }
  // The token came in the page's address; its scripts and styles bring it as a cookie.
  const cookie =
    options.token !== null && url.searchParams.has('t')
      ? {'Set-Cookie': `crate=${options.token}; HttpOnly; SameSite=Strict; Path=/${options.tls ? '; Secure' : ''}`}
      : {}
  response.writeHead(200, {'Content-Type': file.type, ...HEADERS, ...cookie}).end(file.bytes)
}

function addressOf(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? '/', 'http://crate')
  } catch {
    return new URL('http://crate/not-an-address')
  }
}

function isAllowed({token, isForOtherPages}: WebServerOptions, request: IncomingMessage, url: URL): boolean {
  const {host = '', origin} = request.headers
  if (isForOtherPages && token !== null) return isSame(url.searchParams.get('t') ?? '', token)
  // A page of another site may send requests here; its origin gives it away.
  const page = origin?.replace(/^https?:\/\//, '')
  if (page !== undefined && page !== host && !(isForOtherPages && isThisMachine(page))) return false
  if (token === null) return isThisMachine(host)
  const cookie = /(?:^|;\s*)crate=([^;]*)/.exec(request.headers.cookie ?? '')?.[1]
  return isSame(url.searchParams.get('t') ?? '', token) || isSame(cookie ?? '', token)
}

/** @param host as in a Host header, with or without its port */
function isThisMachine(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  return name === 'localhost' || (isIP(name) !== 0 && (name === '::1' || name.startsWith('127.')))
}

/** In a time that tells nothing of how much was right. */
function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}
