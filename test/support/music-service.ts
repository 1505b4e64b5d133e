// A music service on this machine: pages that stand-in extractors of the real yt-dlp read, and audio that it serves.
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'
import {ROOT} from './crate.js'
import {clickSamples, wavBytes} from './wav.js'

export interface ServiceTrack {
  readonly id: string
  readonly title: string
  readonly artist?: string
  readonly channel?: string
  readonly seconds?: number
  /** What its page says instead of giving it. */
  readonly error?: string
  /** Its page answers with this status so many times before it gives it. */
  readonly refusals?: {readonly status: number; times: number}
  /** Sound of another track: the same audio under another link. */
  readonly soundOf?: string
  readonly extra?: Readonly<Record<string, unknown>>
}

export interface MusicService {
  readonly url: string
  /** For the process that runs yt-dlp. */
  readonly env: Readonly<Record<string, string>>
  readonly tracks: Map<string, ServiceTrack>
  readonly likes: Map<string, {title: string; entries: readonly Readonly<Record<string, unknown>>[]}>
  readonly searches: Map<string, readonly Readonly<Record<string, unknown>>[]>
  /** Other paths. */
  readonly pages: Map<string, (request: IncomingMessage, response: ServerResponse) => void>
  /** How often each path was asked for. */
  readonly asked: Map<string, number>
  /** Before each piece of 16 kB. */
  delayMs: number
}

export async function startMusicService(): Promise<MusicService> {
  const service = {
    tracks: new Map(),
    likes: new Map(),
    searches: new Map(),
    pages: new Map(),
    asked: new Map<string, number>(),
    delayMs: 0,
  } as Omit<MusicService, 'url' | 'env'> as MusicService
  const server = createServer((request, response) => {
    answer(service, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(service, {
    url,
    env: {PYTHONPATH: join(ROOT, 'test', 'support', 'ytdlp'), PYTHONDONTWRITEBYTECODE: '1', CRATE_STAND_IN: url},
  })
}

async function answer(service: MusicService, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const {pathname, searchParams, origin} = new URL(request.url ?? '/', `http://${request.headers.host}`)
  service.asked.set(pathname, (service.asked.get(pathname) ?? 0) + 1)
  const [, kind = '', what = '', id = ''] = pathname.split('/').map(decodeURIComponent)
  const page = service.pages.get(pathname)
  if (page !== undefined) return page(request, response)
  if (kind === 'audio') return sendAudio(service, what.replace(/\.wav$/, ''), request, response)
  if (kind !== 'api') return send(response, 404, 'text/plain', 'no such page')
  if (what === 'track') {
    const track = service.tracks.get(id)
    if (track === undefined) return send(response, 404, 'text/plain', 'no such track')
    if (track.refusals !== undefined && track.refusals.times > 0) {
      track.refusals.times--
      return send(response, track.refusals.status, 'text/plain', 'later')
    }
    return sendJson(response, trackPage(track, origin))
  }
  if (what === 'likes') return sendJson(response, service.likes.get(id) ?? {title: '', entries: []})
  return sendJson(response, {entries: service.searches.get(searchParams.get('q') ?? '') ?? []})
}

function trackPage({id, title, artist, channel, error, extra, seconds = 2}: ServiceTrack, origin: string): unknown {
  if (error !== undefined) return {error}
  return {
    id,
    title,
    artist,
    channel,
    duration: seconds,
    url: `${origin}/audio/${encodeURIComponent(id)}.wav`,
    ext: 'wav',
    ...extra,
  }
}

/** Different tracks have different sound, told by their ids. */
export function soundOf(id: string, seconds = 2): Buffer {
  const seed = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 7919, 7)
  return wavBytes(clickSamples({tempoBpm: 90 + (seed % 80), seconds, toneHz: 100 + seed}))
}

async function sendAudio(
  service: MusicService,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const track = service.tracks.get(id)
  const bytes = soundOf(track?.soundOf ?? id, track?.seconds ?? 2)
  const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
  response.writeHead(from > 0 ? 206 : 200, {
    'content-type': 'audio/wav',
    'content-length': bytes.length - from,
    'accept-ranges': 'bytes',
    ...(from > 0 ? {'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`} : {}),
  })
  for (let at = from; at < bytes.length && !response.destroyed; at += 16_384) {
    if (service.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, service.delayMs))
    response.write(bytes.subarray(at, at + 16_384))
  }
  response.end()
}

function sendJson(response: ServerResponse, value: unknown): void {
  send(response, 200, 'application/json', JSON.stringify(value))
}

export function send(response: ServerResponse, status: number, type: string, text: string | Buffer): void {
  response.writeHead(status, {'content-type': type, 'content-length': Buffer.byteLength(text)})
  response.end(text)
}
