// OSC messages to a host over UDP.
import {createSocket} from 'node:dgram'
import {lookup} from 'node:dns/promises'
import type {Output, OutputPort} from '../../api/output.js'
import {CrateError} from '../../core/errors.js'
import type {OscArgument, OutputMessage} from '../../core/message.js'
import {parseAddress} from './udp-socket.js'

const USUAL = {host: '127.0.0.1', port: 9000}

export const oscOutput: Output = {
  targets: async () => [],
  async open(target, {lost}) {
    const address = parseAddress(target, USUAL)
    if (address === null)
      throw new CrateError('DEVICE_MISSING', `"${target}" is no address for OSC`, {hints: ['Write it as host:port.']})
    const found = await lookup(address.host).catch(() => {
      throw new CrateError('DEVICE_MISSING', `there is no host ${address.host} for OSC`, {
        hints: ['Write its IP address; both machines must be in one network.'],
      })
    })
    const socket = createSocket(found.family === 6 ? 'udp6' : 'udp4')
    let isClosed = false
    socket.on('error', lost)
    // A connected socket skips the look-up of the address with each datagram.
    await new Promise<void>((resolve) => socket.connect(address.port, found.address, resolve))
    return {
      send(message) {
        const bytes = isClosed ? null : oscPacket(message)
        if (bytes === null) return false
        // Nobody listening there comes back as an error of the next datagram: OSC programs start when they like.
        socket.send(bytes, () => undefined)
        return true
      },
      close: () =>
        new Promise((resolve) => {
          if (isClosed) return resolve()
          isClosed = true
          // Datagrams leave in order: when this last, empty one has gone, all have.
          socket.send(Buffer.alloc(0), () => socket.close(() => resolve()))
        }),
    } satisfies OutputPort
  },
}

/** OSC 1.0; null for messages of another kind. */
export function oscPacket(message: OutputMessage): Buffer | null {
  if (message.kind !== 'osc') return null
  const {address, args} = message
  const tags = `,${args.map(({type}) => type).join('')}`
  return Buffer.concat([oscText(address), oscText(tags), ...args.map(oscArgument)])
}

function oscText(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  return Buffer.concat([bytes, Buffer.alloc(4 - (bytes.length % 4))])
}

function oscArgument({type, value}: OscArgument): Buffer {
  switch (type) {
    case 's':
    case 'S':
      return oscText(value)
    case 'b': {
      const padding = (4 - (value.length % 4)) % 4
      const head = Buffer.alloc(4)
      head.writeUInt32BE(value.length)
      return Buffer.concat([head, value, Buffer.alloc(padding)])
    }
    case 'i': {
      const bytes = Buffer.alloc(4)
      bytes.writeInt32BE(Math.trunc(value))
      return bytes
    }
    case 'f': {
      const bytes = Buffer.alloc(4)
      bytes.writeFloatBE(value)
      return bytes
    }
    case 'd': {
      const bytes = Buffer.alloc(8)
      bytes.writeDoubleBE(value)
      return bytes
    }
    case 'h':
    case 't': {
      const bytes = Buffer.alloc(8)
      bytes.writeBigInt64BE(BigInt(Math.trunc(value)))
      return bytes
    }
    default:
      return Buffer.alloc(0)
  }
}
