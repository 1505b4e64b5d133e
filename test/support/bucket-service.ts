// A bucket on this machine that speaks Google Cloud Storage's JSON API, and fails as networks do.
// Source: cloud.google.com/storage/docs/json_api/v1, /performing-resumable-uploads.
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {onTestFinished} from 'vitest'

export interface BucketService {
  readonly url: string
  readonly objects: Map<string, {bytes: Buffer; contentType: string; crc32c: string}>
  /** So many of the next requests that write are answered by 503. */
  refusals: number
  /** So many of the next pieces of resumable uploads are cut off in the middle. */
  cuts: number
  /** Stored bytes are changed on the way, so many times. */
  damages: number
  /** So many files are stored without an answer: the connection breaks after the last byte. */
  lostAnswers: number
  /** After each piece of a resumable transfer, as a slow line would have it. */
  pieceDelayMs: number
  readonly counts: Record<
    'writes' | 'resumes' | 'refused' | 'cut' | 'mismatched' | 'lost' | 'sessions' | 'received',
    number
  >
}

/** Bit by bit, so that it shares nothing with the code under test. RFC 3720 §12.1. */
export function plainCrc32c(bytes: Uint8Array): string {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  const out = Buffer.alloc(4)
  out.writeUInt32BE(~crc >>> 0)
  return out.toString('base64')
}

interface Session {
  readonly name: string
  readonly metadata: {contentType?: string; crc32c?: string}
  readonly mustBeNew: boolean
  received: Buffer
}

export async function startBucketService(): Promise<BucketService> {
  const service = {
    objects: new Map(),
    refusals: 0,
    cuts: 0,
    damages: 0,
    lostAnswers: 0,
    pieceDelayMs: 0,
    counts: {writes: 0, resumes: 0, refused: 0, cut: 0, mismatched: 0, lost: 0, sessions: 0, received: 0},
  } as Omit<BucketService, 'url'> as BucketService
  const sessions = new Map<string, Session>()
  const server = createServer((request, response) => {
    answer(service, sessions, request, response).catch((error: unknown) => {
      if (!response.headersSent) fail(response, 500, String(error))
      else response.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return Object.assign(service, {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`})
}

async function answer(
  service: BucketService,
  sessions: Map<string, Session>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
  const upload = url.searchParams.get('uploadType')
  if (request.method === 'PUT' && url.searchParams.has('upload_id'))
    return takePiece(service, sessions, url, request, response)
  if (request.method === 'POST' && upload !== null) {
    const body = await bodyOf(request)
    if (service.refusals > 0) {
      service.refusals--
      service.counts.refused++
      return fail(response, 503, 'try later')
    }
    const mustBeNew = url.searchParams.get('ifGenerationMatch') === '0'
    if (upload === 'resumable') {
      const id = String(sessions.size + 1)
      service.counts.sessions++
      const metadata = (body.length === 0 ? {} : JSON.parse(body.toString('utf8'))) as Session['metadata'] & {
        name?: string
      }
      const name = url.searchParams.get('name') ?? metadata.name ?? ''
      sessions.set(id, {
        name,
        metadata: {
          ...metadata,
          contentType: metadata.contentType ?? String(request.headers['x-upload-content-type'] ?? ''),
        },
        mustBeNew,
        received: Buffer.alloc(0),
      })
      response.writeHead(200, {location: `http://${request.headers.host}/upload/session?upload_id=${id}`})
      return void response.end()
    }
    const boundary = /boundary=(?:"([^"]+)"|([^;]+))/.exec(request.headers['content-type'] ?? '')
    const parts = partsOf(body, (boundary?.[1] ?? boundary?.[2] ?? '').trim())
    const metadata = JSON.parse(parts[0]?.toString('utf8') ?? '{}') as Session['metadata'] & {name?: string}
    return put(
      service,
      {
        name: url.searchParams.get('name') ?? metadata.name ?? '',
        metadata,
        mustBeNew,
        received: parts[1] ?? Buffer.alloc(0),
      },
      response,
    )
  }
  const object = /\/o\/([^/?]+)$/.exec(url.pathname)
  if (object !== null) return get(service, decodeURIComponent(object[1] ?? ''), url, response)
  const prefix = url.searchParams.get('prefix') ?? ''
  const items = [...service.objects]
    .filter(([name]) => name.startsWith(prefix))
    .sort()
    .map(([name, {bytes, crc32c}]) => ({name, size: String(bytes.length), crc32c, generation: '1'}))
  json(response, 200, {kind: 'storage#objects', items})
}

async function takePiece(
  service: BucketService,
  sessions: Map<string, Session>,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const session = sessions.get(url.searchParams.get('upload_id') ?? '')
  if (session === undefined) return fail(response, 404, 'no such session')
  const range = /^bytes (?:(\d+)-(\d+|\*)|\*)\/(\d+|\*)$/.exec(String(request.headers['content-range'] ?? ''))
  const isQuestion = range !== null && range[1] === undefined
  if (isQuestion) {
    await bodyOf(request)
    service.counts.resumes++
    return incomplete(response, session)
  }
  const from = Number(range?.[1] ?? 0)
  const total = Number(range?.[3] ?? Number.NaN)
  session.received = session.received.subarray(0, from)
  for await (const piece of request) {
    session.received = Buffer.concat([session.received, piece as Buffer])
    service.counts.received += (piece as Buffer).length
    if (service.pieceDelayMs > 0) await new Promise((resolve) => setTimeout(resolve, service.pieceDelayMs))
    if (service.cuts > 0 && session.received.length > from + 1_000_000) {
      service.cuts--
      service.counts.cut++
      return void request.socket.destroy()
    }
  }
  if (!Number.isNaN(total) && session.received.length < total) return incomplete(response, session)
  return put(service, session, response)
}

function incomplete(response: ServerResponse, {received}: Session): void {
  response.writeHead(308, received.length === 0 ? {} : {range: `bytes=0-${received.length - 1}`})
  response.end()
}

function put(service: BucketService, {name, metadata, mustBeNew, received}: Session, response: ServerResponse): void {
  service.counts.writes++
  if (mustBeNew && service.objects.has(name)) {
    fail(response, 412, 'At least one of the pre-conditions you specified did not hold.')
    return
  }
  let bytes = received
  if (service.damages > 0) {
    service.damages--
    bytes = Buffer.from(received)
    bytes[0] = (bytes[0] ?? 0) ^ 1
  }
  const crc32c = plainCrc32c(bytes)
  if (metadata.crc32c !== undefined && metadata.crc32c !== crc32c) {
    service.counts.mismatched++
    fail(response, 400, `Provided CRC32C "${metadata.crc32c}" doesn't match calculated CRC32C "${crc32c}".`)
    return
  }
  service.objects.set(name, {bytes, contentType: metadata.contentType ?? '', crc32c})
  if (service.lostAnswers > 0) {
    service.lostAnswers--
    service.counts.lost++
    response.destroy()
    return
  }
  json(response, 200, {kind: 'storage#object', name, size: String(bytes.length), crc32c, generation: '1'})
}

function get(service: BucketService, name: string, url: URL, response: ServerResponse): void {
  const object = service.objects.get(name)
  if (object === undefined) {
    fail(response, 404, `No such object: ${name}`)
    return
  }
  if (url.searchParams.get('alt') !== 'media') {
    json(response, 200, {name, size: String(object.bytes.length), crc32c: object.crc32c, generation: '1'})
    return
  }
  let bytes = object.bytes
  if (service.damages > 0) {
    service.damages--
    bytes = Buffer.from(bytes)
    bytes[0] = (bytes[0] ?? 0) ^ 1
  }
  response.writeHead(200, {
    'content-type': object.contentType,
    'content-length': bytes.length,
    'x-goog-hash': `crc32c=${object.crc32c}`,
    'x-goog-generation': '1',
  })
  response.end(bytes)
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

/** multipart/related, RFC 2387: the bodies of its parts. */
function partsOf(body: Buffer, boundary: string): Buffer[] {
  const marker = Buffer.from(`--${boundary}`)
  const parts: Buffer[] = []
  for (let at = body.indexOf(marker); at !== -1; ) {
    const next = body.indexOf(marker, at + marker.length)
    if (next === -1) break
    const head = body.indexOf('\r\n\r\n', at)
    parts.push(body.subarray(head + 4, next - 2))
    at = next
  }
  return parts
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, {'content-type': 'application/json'})
  response.end(JSON.stringify(value))
}

function fail(response: ServerResponse, code: number, message: string): void {
  json(response, code, {error: {code, message, errors: [{message, reason: 'test'}]}})
}
