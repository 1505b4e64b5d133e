// The dashboard's server: one picture at the start, changes after, commands back.
import {randomBytes} from 'node:crypto'
import {localAddresses} from '../../adapters/ports/certificate.js'
import {startWebServer, type WebClient} from '../../adapters/ports/web-server.js'
import type {TrackId} from '../../core/track.js'
import type {Library} from '../../store/library.js'
import {webFiles} from './web-files.js'

export interface Dashboard {
  readonly url: string
  tell(news: object): void
  close(): Promise<void>
}

export interface DashboardEvents {
  command(text: string): void
  /** Everything, for a page that has just opened. */
  first(): object
}

const LONGEST_COMMAND = 300
const WAVEFORM_COLUMNS = 1200

/** @throws DEVICE_MISSING where the port is taken */
export async function startDashboard(
  library: Library,
  {port, isOnNetwork}: {readonly port: number; readonly isOnNetwork: boolean},
  events: DashboardEvents,
): Promise<Dashboard> {
  const clients = new Set<WebClient>()
  const token = isOnNetwork ? randomBytes(12).toString('base64url') : null
  const server = await startWebServer({
    host: isOnNetwork ? '0.0.0.0' : '127.0.0.1',
    port,
    tls: null,
    token,
    files: await webFiles('dashboard'),
    answer: async (path, query) => (path === '/waveform' ? waveform(library, query.get('track') ?? '') : null),
    sockets: {
      '/live': (client) => {
        clients.add(client)
        client.onClose(() => clients.delete(client))
        client.send(JSON.stringify(events.first()))
        client.onMessage((bytes) => {
          const text = commandOf(bytes)
          if (text !== null) events.command(text)
        })
      },
    },
  })
  const addresses = localAddresses()
  return {
    url: isOnNetwork
      ? `http://${addresses[1] ?? addresses[0]}:${server.port}/?t=${token}`
      : `http://127.0.0.1:${server.port}/`,
    tell(news) {
      if (clients.size === 0) return
      const text = JSON.stringify(news)
      for (const client of clients) client.send(text)
    },
    close: () => server.close(),
  }
}

function commandOf(bytes: Uint8Array): string | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    const command = (value as {command?: unknown} | null)?.command
    return typeof command === 'string' && command.length <= LONGEST_COMMAND ? command : null
  } catch {
    return null
  }
}

/** Three bands of bytes, one after the other, thinned by their peaks to what a screen shows. */
function waveform(library: Library, id: string) {
  const track = trackOf(library, id)
  const wave = track?.audioHash ? library.analyses.waveform(track.audioHash) : null
  if (wave === null) return null
  const thin = (band: Uint8Array) => {
    const columns = Math.min(WAVEFORM_COLUMNS, band.length)
    return Uint8Array.from({length: columns}, (_, column) => {
      const from = Math.floor((column * band.length) / columns)
      const to = Math.max(from + 1, Math.floor(((column + 1) * band.length) / columns))
      return Math.max(...band.subarray(from, to))
    })
  }
  const bytes = Buffer.concat([thin(wave.low), thin(wave.mid), thin(wave.high)])
  return {type: 'application/octet-stream', bytes}
}

function trackOf(library: Library, id: string) {
  try {
    return library.tracks.get(id as TrackId)
  } catch {
    return null
  }
}
