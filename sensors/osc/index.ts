// OSC over UDP or a WebSocket: phones, gloves, wireless boards, pages.
import type {SensorContribution} from '../../src/api/sensor.js'
import {CrateError} from '../../src/core/errors.js'
import {OSC_PROFILES} from './profiles.js'

export const oscSensor: SensorContribution = {
  id: 'osc',
  summary:
    'OSC over UDP or WebSocket (ws:PORT): ZIG SIM, GyrOSC, TouchOSC, Sensors2OSC, R-IoT, MUGIC, NGIMU, and your own',
  transport: 'udp',
  profiles: OSC_PROFILES,
  async load() {
    const [{OscDecoder}, {parseOscDeclaration}] = await Promise.all([import('./decode.js'), import('./declaration.js')])
    return {
      createDecoder({profile, declared}) {
        if (profile !== null && !OSC_PROFILES.some(({id}) => id === profile))
          throw new CrateError('CONFIG_INVALID', `OSC sensor: there is no profile "${profile}"`, {
            hints: [`Profiles: ${OSC_PROFILES.map(({id}) => id).join(', ')}`],
          })
        const rules = parseOscDeclaration(declared)
        if (typeof rules === 'string') throw new CrateError('CONFIG_INVALID', `OSC sensor: ${rules}`)
        return new OscDecoder(profile, rules)
      },
    }
  },
}
