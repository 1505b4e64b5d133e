// Traktor's broadcast: it thinks that it sends to an Icecast server, and each track change names the track.
import {listenIcecast} from '../../adapters/ports/icecast-source.js'
import type {NowPlaying} from '../../api/now-playing.js'
import {CrateError} from '../../core/errors.js'

/** Icecast's own port, which Traktor offers. */
const USUAL_PORT = 8000

export const traktorNowPlaying: NowPlaying = {
  async open(target, {emit}, {nowMs, log}) {
    const wanted = target === null ? USUAL_PORT : Number(target)
    if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535)
      throw new CrateError('USAGE', `"${target}" is no port for Traktor's broadcast`, {
        hints: [`Name its number: --now-playing traktor=${USUAL_PORT}`],
      })
    const port = await listenIcecast(wanted, null, {
      connected: () => log.info('Traktor broadcasts'),
      disconnected: () => log.info('Traktor stopped its broadcast'),
      track({artist, title}) {
        if (title === null) return
        // Only what is heard is broadcast, but not from which deck it comes.
        emit({source: 'traktor', deck: null, state: 'on-air', atMs: nowMs(), artist, title, path: null})
      },
    })
    log.info(
      `In Traktor: Preferences › Broadcasting › address 127.0.0.1, port ${port.port}, format Ogg Vorbis; any password`,
    )
    return port
  },
}
