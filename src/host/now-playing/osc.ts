// What plays, told by OSC: from a patch, a script, or a program that no one has written a reader for.
//
//   /crate/playing  artist title [path]          heard now
//   /crate/deck/NAME/loaded|playing|on-air  artist title [path]
import {decodeOscPacket} from '../../../sensors/osc/packet.js'
import {openUdp, parseAddress} from '../../adapters/ports/udp-socket.js'
import type {NowPlaying} from '../../api/now-playing.js'
import type {DeckPhase} from '../../core/deck.js'
import {CrateError} from '../../core/errors.js'

const USUAL = {host: '127.0.0.1', port: 9010}
const ADDRESS = /^\/crate\/(?:(playing)|deck\/([^/]{1,32})\/(loaded|playing|on-air))$/

export const oscNowPlaying: NowPlaying = {
  async open(target, {emit, lost}, {nowMs}) {
    const address = parseAddress(target ?? '', USUAL)
    if (address === null) throw new CrateError('USAGE', `"${target ?? ''}" is no port for OSC`)
    const datagram = (bytes: Uint8Array) => {
      for (const message of decodeOscPacket(bytes).messages) {
        const match = ADDRESS.exec(message.address)
        const texts = message.args.map(({value}) => (typeof value === 'string' && value !== '' ? value : null))
        const [artist = null, title = null, path = null] = texts
        if (match === null || (title === null && path === null)) continue
        const [, isPlaying, deck = null, phase] = match
        const state: DeckPhase = isPlaying ? 'on-air' : ((phase ?? 'loaded') as DeckPhase)
        emit({source: 'osc', deck, state, atMs: nowMs(), artist, title, path})
      }
    }
    return openUdp(address.port, address.host, {datagram, lost})
  },
}
