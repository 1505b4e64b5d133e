// Flags of all commands that listen to sensors without a show.
import {Flags} from '@oclif/core'

export const sensorFlags = {
  sensor: Flags.string({
    multiple: true,
    helpValue: 'TYPE[:TARGET]',
    summary: 'osc:9000, serial:/dev/ttyUSB0, midi:NAME.',
  }),
  profile: Flags.string({helpValue: 'ID', summary: 'What it is, where it is not told by itself.'}),
  mapping: Flags.string({helpValue: 'FILE', summary: 'Take the sensors of this mapping.'}),
  phone: Flags.boolean({summary: 'A phone, by its browser.'}),
  'phone-port': Flags.integer({default: 8443, min: 0, max: 65535, summary: 'Port of the phone page.'}),
}

interface SensorFlagValues {
  readonly sensor?: readonly string[] | undefined
  readonly profile?: string | undefined
  readonly mapping?: string | undefined
  readonly phone: boolean
  readonly 'phone-port': number
}

export function watchRequest(flags: SensorFlagValues) {
  return {
    sensors: flags.sensor ?? [],
    profile: flags.profile ?? null,
    mappingPath: flags.mapping ?? null,
    hasPhone: flags.phone,
    phonePort: flags['phone-port'],
  }
}
