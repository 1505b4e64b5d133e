// A WebSocket that hears OSC: for pages, patches and game engines that cannot send datagrams.
import {isIP} from 'node:net'
import {CrateError} from '../../core/errors.js'
import type {Closable} from './back-off.js'
import {startWebServer} from './web-server.js'

export interface OscWebSocketPort extends Closable {
  readonly port: number
  counts(): {readonly received: number; readonly refused: number}
}

export interface OscWebSocketTarget {
  readonly host: string
  readonly port: number
  readonly token: string | null
}

const SHORTEST_TOKEN = 8
/** As many as any stage of sensors sends; a client beyond it is flooding. */
const MOST_PER_CLIENT_A_SECOND = 8000
const WINDOW_MS = 100

/** `ws:9001`, `ws:0.0.0.0:9001?t=TOKEN`; null where it is neither. */
export function parseWebSocketTarget(text: string): OscWebSocketTarget | null {
  const match = /^ws:(?:\/\/)?(?:(?:\[([^\]]+)\]|([^:?/]+)):)?(\d{1,5})\/?(?:\?t=([\w.~-]+))?$/.exec(text.trim())
  const port = Number(match?.[3])
  if (match === null || port > 65_535) return null
  return {host: match[1] ?? match[2] ?? '127.0.0.1', port, token: match[4] ?? null}
}

/** @throws CONFIG_INVALID for a port of the network without a token */
export function checkWebSocketTarget({host, port, token}: OscWebSocketTarget): void {
  const isLocal = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
  if (isLocal || (token ?? '').length >= SHORTEST_TOKEN) return
  throw new CrateError(
    'CONFIG_INVALID',
    `anyone on the network could move your controllers through ws:${host}:${port}`,
    {
      hints: [
        `Choose a token of ${SHORTEST_TOKEN} characters or more: ws:${host}:${port}?t=TOKEN, and send to ws://THIS-COMPUTER:${port}/?t=TOKEN`,
        'Or listen on this computer alone: ws:9001',
      ],
    },
  )
}

/**
 * On this computer anyone may send; from the network only with the token that the target names.
 *
 * @throws CONFIG_INVALID for a port of the network without a token, DEVICE_MISSING where the port is taken
 */
export async function openOscWebSocket(
  target: OscWebSocketTarget,
  events: {message(bytes: Uint8Array): void},
): Promise<OscWebSocketPort> {
  checkWebSocketTarget(target)
  const {host, port, token} = target
  let received = 0
  let flooded = 0
  const server = await startWebServer({
    host,
    port,
    token,
    tls: null,
    files: new Map(),
    isForOtherPages: true,
    sockets: {
      '/': (client) => {
        let windowEndMs = 0
        let share = 0
        client.onMessage((bytes) => {
          received++
          const nowMs = performance.now()
          if (nowMs >= windowEndMs) {
            windowEndMs = nowMs + WINDOW_MS
            share = 0
          }
          if (++share > (MOST_PER_CLIENT_A_SECOND * WINDOW_MS) / 1000) flooded++
          else events.message(bytes)
        })
      },
    },
  })
  return {
    port: server.port,
    counts: () => {
      const {refused, oversized} = server.counts()
      return {received, refused: refused + oversized + flooded}
    },
    close: () => server.close(),
  }
}
