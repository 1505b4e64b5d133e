// Motion boards on a serial line.
import type {SensorContribution} from '../../src/api/sensor.js'
import {CrateError} from '../../src/core/errors.js'
import {SERIAL_PROFILES} from './profiles.js'

export const serialSensor: SensorContribution = {
  id: 'serial',
  summary:
    'Motion boards on USB, Bluetooth serial or Wi-Fi (tcp:, udp:): WitMotion, MPU, Nano 33, x-IMU3, BNO055, and your own',
  transport: 'serial',
  profiles: SERIAL_PROFILES,
  async load() {
    const [{SerialDecoder}, {parseSerialDeclaration}] = await Promise.all([
      import('./decode.js'),
      import('./profiles.js'),
    ])
    return {
      createDecoder(settings) {
        const declared = parseSerialDeclaration(settings)
        if (typeof declared === 'string') throw new CrateError('CONFIG_INVALID', `serial sensor: ${declared}`)
        return new SerialDecoder(settings, declared)
      },
    }
  },
}
