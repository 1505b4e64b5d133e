// Phones on their page: each has a place among the phone sensors of the mapping, keeps it, and gets it back.
import {startWebServer, type WebClient, type WebServer} from '../../adapters/ports/web-server.js'
import type {SensorDecoder} from '../../api/sensor.js'
import type {SensorItem} from '../../core/reading.js'
import type {PhonePage} from './protocol.js'

export interface PhoneEvents {
  item(sensor: string, item: SensorItem, receivedMs: number): void
  lost(sensor: string): void
  notice(level: 'info' | 'warn', message: string): void
  nowMs(): number
}

export interface Phones {
  readonly port: number
  isOpen(sensor: string): boolean
  refused(): number
  /** News for the phones' screens: what was recognised. */
  tell(text: string): void
  close(): Promise<void>
}

interface Place {
  readonly sensor: string
  readonly device: string
  readonly decoder: SensorDecoder
  client: WebClient | null
}

/** @param sensors the phone sensors of the mapping, in its order: the first phone takes the first */
export async function openPhones(
  page: PhonePage,
  sensors: readonly {readonly name: string; readonly device: string; readonly decoder: SensorDecoder}[],
  events: PhoneEvents,
): Promise<Phones> {
  const places: Place[] = sensors.map(({name, device, decoder}) => ({sensor: name, device, decoder, client: null}))
  const join = (client: WebClient) => {
    const place = places.find((candidate) => candidate.client === null)
    if (place === undefined) {
      client.send(JSON.stringify({kind: 'full'}))
      client.close()
      events.notice('warn', 'another phone wants to join, but the mapping has no free phone sensor')
      return
    }
    place.client = client
    place.decoder.reset()
    client.send(JSON.stringify({kind: 'joined', sensor: place.sensor}))
    events.notice('info', `a phone is now ${place.sensor}`)
    client.onMessage((bytes) => {
      if (place.client !== client) return
      const receivedMs = events.nowMs()
      for (const item of place.decoder.decode(bytes))
        events.item(place.sensor, {...item, device: place.device}, receivedMs)
    })
    client.onClose(() => {
      if (place.client !== client) return
      place.client = null
      events.lost(place.sensor)
      events.notice('warn', `the phone ${place.sensor} left`)
    })
  }
  const server: WebServer = await startWebServer({
    host: page.host,
    port: page.port,
    tls: {cert: page.cert, key: page.key},
    token: page.token,
    files: new Map(page.files.map(({path, type, bytes}) => [path, {type, bytes}])),
    sockets: {'/motion': join},
  })
  return {
    port: server.port,
    isOpen: (sensor) => places.some((place) => place.sensor === sensor && place.client !== null),
    refused: () => server.counts().refused + server.counts().oversized,
    tell: (text) => {
      for (const {client} of places) client?.send(text)
    },
    close: () => server.close(),
  }
}
