// MIDI controllers and gloves as a source of buttons and values.
import type {SensorContribution} from '../../src/api/sensor.js'

export const midiSensor: SensorContribution = {
  id: 'midi',
  summary: 'MIDI controllers, gloves and rings: their notes, knobs and bends as controls',
  transport: 'midi',
  profiles: [],
  async load() {
    const {MidiDecoder} = await import('./decode.js')
    return {createDecoder: () => new MidiDecoder()}
  },
}
