// Listens to a sender that no profile knows and says what arrives, as a declaration to be put into a mapping.

import type {Role} from '../../../sensors/common/roles.js'
import {OscLearner} from '../../../sensors/osc/declaration.js'
import {openOscWebSocket, parseWebSocketTarget} from '../../adapters/ports/osc-websocket.js'
import {openUdp, parseAddress} from '../../adapters/ports/udp-socket.js'
import {CrateError} from '../../core/errors.js'

export interface LearntSender {
  readonly port: number
  readonly addresses: readonly {
    readonly address: string
    /** Type tags, as in `fff`. */
    readonly types: string
    readonly rateHz: number
    readonly least: readonly number[]
    readonly most: readonly number[]
    /** Null where it is a control, or cannot be told by its name and values. */
    readonly role: Role | null
    /** The profile that knows it already; null where it must be declared. */
    readonly profile: string | null
  }[]
  /** Lines of YAML for the `sensors` of a mapping. */
  readonly mapping: string
}

/**
 * @param target `9000`, `host:9000`, `ws:9001`
 * @param wait resolves when enough was heard
 * @throws USAGE for another target, DEVICE_MISSING where the port is taken or nothing came
 */
export async function learnOsc(target: string, wait: Promise<void>, nowMs: () => number): Promise<LearntSender> {
  const learner = new OscLearner()
  const startMs = nowMs()
  const port = await listen(target, (bytes) => learner.push(bytes))
  try {
    await wait
  } finally {
    await port.close()
  }
  const seconds = Math.max(0.001, (nowMs() - startMs) / 1000)
  const addresses = learner.summary().map(({count, ...rest}) => ({...rest, rateHz: count / seconds}))
  if (addresses.length === 0)
    throw new CrateError('DEVICE_MISSING', `no OSC came to port ${port.port} in ${seconds.toFixed(0)} seconds`, {
      hints: [
        `Let the app send to the address of this computer, port ${port.port}, and move it.`,
        'A firewall may keep it out: allow incoming UDP for node.',
      ],
    })
  return {port: port.port, addresses, mapping: mappingText(target, addresses)}
}

async function listen(target: string, heard: (bytes: Uint8Array) => void) {
  const socket = parseWebSocketTarget(target)
  if (socket !== null) return openOscWebSocket(socket, {message: heard})
  const address = parseAddress(target, {host: '0.0.0.0', port: 9000})
  if (address === null)
    throw new CrateError('USAGE', `"${target}" is no port for OSC`, {hints: ['Use 9000, host:9000 or ws:9001.']})
  // A socket that fails hears nothing more, which is what is told then.
  return openUdp(address.port, address.host, {datagram: heard, lost: () => undefined})
}

function mappingText(target: string, addresses: LearntSender['addresses']): string {
  const unknown = addresses.flatMap(({address, role, profile}) =>
    role === null || profile !== null ? [] : `        - {address: ${quoted(address)}, role: ${role}}`,
  )
  const profile = addresses.find((entry) => entry.profile !== null)?.profile
  return [
    'sensors:',
    '  hand:',
    '    type: osc',
    `    target: ${quoted(target)}`,
    ...(profile && unknown.length === 0 ? [`    profile: ${profile}`] : []),
    ...(unknown.length === 0 ? [] : ['    declared:', '      addresses:', ...unknown]),
  ].join('\n')
}

/** YAML takes JSON's strings. */
function quoted(text: string): string {
  return JSON.stringify(text)
}
