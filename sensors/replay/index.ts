// A recording as a sensor: the file's frames go to the engine as they are, in place of a device's.
import type {SensorContribution} from '../../src/api/sensor.js'
import {CrateError} from '../../src/core/errors.js'

export const replaySensor: SensorContribution = {
  id: 'replay',
  summary: 'A recorded rehearsal, at its own pace or as fast as it can be read',
  transport: 'file',
  profiles: [],
  async load() {
    return {
      createDecoder() {
        // Frames of a recording are canonical already; assembling them again would change them.
        throw new CrateError('USAGE', 'a recording is read as a whole, not decoded as a stream of bytes')
      },
    }
  },
}
