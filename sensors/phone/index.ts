// A phone's browser as a sensor: the page of `crate live --phone`.
import type {SensorContribution} from '../../src/api/sensor.js'

export const phoneSensor: SensorContribution = {
  id: 'phone',
  summary: 'A phone with a browser: open the page, allow motion, move',
  transport: 'websocket',
  profiles: [],
  async load() {
    const {PhoneDecoder} = await import('./decode.js')
    return {createDecoder: () => new PhoneDecoder()}
  },
}
