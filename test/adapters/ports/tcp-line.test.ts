// Boards that print their lines over Wi-Fi: heard while they are there, missed when they go.
import {type AddressInfo, createServer, type Socket} from 'node:net'
import {describe, expect, it, onTestFinished, vi} from 'vitest'
import {openTcpLine} from '../../../src/adapters/ports/tcp-line.js'

async function board(): Promise<{port: number; clients: Socket[]}> {
  const clients: Socket[] = []
  const server = createServer((client) => {
    client.on('error', () => undefined)
    clients.push(client)
    client.write('I,1000,1,2,3,0,0,1\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const client of clients) client.destroy()
    server.close()
  })
  return {port: (server.address() as AddressInfo).port, clients}
}

describe('openTcpLine', () => {
  it('gives what the board prints, and says once that it went away', async () => {
    const {port, clients} = await board()
    let heard = ''
    const lost: string[] = []
    const line = await openTcpLine('127.0.0.1', port, {
      bytes: (bytes) => {
        heard += Buffer.from(bytes).toString('latin1')
      },
      lost: ({message}) => lost.push(message),
    })
    onTestFinished(() => line.close())
    await vi.waitFor(() => expect(heard).toBe('I,1000,1,2,3,0,0,1\r\n'))
    clients[0]?.end()
    await vi.waitFor(() => expect(lost).toEqual([`127.0.0.1:${port} closed the connection`]))
  })

  it('says nothing more after it was closed', async () => {
    const {port, clients} = await board()
    const lost: Error[] = []
    const line = await openTcpLine('127.0.0.1', port, {bytes: () => undefined, lost: (error) => lost.push(error)})
    await line.close()
    await line.close()
    await vi.waitFor(() => expect(clients[0]?.destroyed).toBe(true))
    expect(lost).toEqual([])
  })

  it('names the board that does not answer', async () => {
    const open = openTcpLine('127.0.0.1', 1, {bytes: () => undefined, lost: () => undefined})
    await expect(open).rejects.toMatchObject({code: 'DEVICE_MISSING', message: expect.stringContaining('127.0.0.1:1')})
  })
})
