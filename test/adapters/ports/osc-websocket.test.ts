// OSC over a WebSocket: pages of this computer and clients with the token are heard, others are not.
import {describe, expect, it, onTestFinished, vi} from 'vitest'
import WebSocket from 'ws'
import {openOscWebSocket, parseWebSocketTarget} from '../../../src/adapters/ports/osc-websocket.js'

/** `/accxyz` with three floats: 0.5, 0 and 1 g, written by hand after the OSC 1.0 specification. */
const MESSAGE = Buffer.from('2f61636378797a002c666666000000003f000000000000003f800000', 'hex')

async function listening(target: string) {
  const parsed = parseWebSocketTarget(target)
  if (parsed === null) throw new Error(`no target: ${target}`)
  const heard: Buffer[] = []
  const port = await openOscWebSocket(parsed, {message: (bytes) => heard.push(Buffer.from(bytes))})
  onTestFinished(() => port.close())
  return {port, heard, url: `ws://127.0.0.1:${port.port}/`}
}

/** The status of a refusal; null where it was let in. */
function connect(url: string, origin?: string): Promise<{client: WebSocket; status: number | null}> {
  const client = new WebSocket(url, origin === undefined ? {} : {origin})
  onTestFinished(() => client.terminate())
  return new Promise((resolve) => {
    client.on('open', () => resolve({client, status: null}))
    client.on('unexpected-response', (_, {statusCode}) => resolve({client, status: statusCode ?? 0}))
    client.on('error', () => undefined)
  })
}

describe('parseWebSocketTarget', () => {
  it.each([
    ['ws:9001', {host: '127.0.0.1', port: 9001, token: null}],
    ['ws://0.0.0.0:9001/?t=friday-night', {host: '0.0.0.0', port: 9001, token: 'friday-night'}],
    ['ws:[::1]:9001', {host: '::1', port: 9001, token: null}],
    ['9001', null],
    ['ws:99999', null],
    ['ws:0.0.0.0', null],
  ])('%s', (text, target) => {
    expect(parseWebSocketTarget(text)).toEqual(target)
  })
})

describe('openOscWebSocket', () => {
  it('hears programs and pages of this computer', async () => {
    const {url, heard} = await listening('ws:0')
    for (const origin of [undefined, 'http://localhost:3000']) (await connect(url, origin)).client.send(MESSAGE)
    await vi.waitFor(() => expect(heard).toEqual([MESSAGE, MESSAGE]))
  })

  it('refuses the page of a web site, which could reach this computer through its visitor', async () => {
    const {url, port} = await listening('ws:0')
    expect((await connect(url, 'https://example.com')).status).toBe(403)
    expect((await connect(url, 'null')).status).toBe(403)
    expect(port.counts().refused).toBe(2)
  })

  it('asks the network for the token, and lets any page in that has it', async () => {
    const {url} = await listening('ws:0.0.0.0:0?t=friday-night')
    expect((await connect(url)).status).toBe(403)
    expect((await connect(`${url}?t=friday-nighT`)).status).toBe(403)
    expect((await connect(`${url}?t=friday-night`, 'https://example.com')).status).toBeNull()
  })

  it('does not open to the network without a token', async () => {
    const target = {host: '0.0.0.0', port: 0, token: 'short'}
    await expect(openOscWebSocket(target, {message: () => undefined})).rejects.toMatchObject({code: 'CONFIG_INVALID'})
  })

  it('counts floods and messages that are too long, and goes on', async () => {
    const {url, port, heard} = await listening('ws:0')
    const flooding = await connect(url)
    for (let count = 0; count < 3000; count++) flooding.client.send(MESSAGE)
    const large = await connect(url)
    large.client.send(Buffer.alloc(70_000))
    await vi.waitFor(() => expect(port.counts().received).toBe(3000))
    await vi.waitFor(() => expect(large.client.readyState).toBe(WebSocket.CLOSED))
    const dropped = port.counts().refused - 1
    expect(dropped).toBeGreaterThan(0)
    expect(heard).toHaveLength(3000 - dropped)
  })
})
