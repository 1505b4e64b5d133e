// crate sensors monitor: Show what a sensor sends: rate, jitter, losses, units, values.
import {Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {sensorFlags, watchRequest} from '../../cli/sensor-flags.js'
import {sensorSummary, showPhone, waitForEnd} from '../../cli/sensor-watch.js'

export default class SensorsMonitor extends CrateCommand {
  static override summary = 'Show what a sensor sends: rate, jitter, losses, units, values.'
  static override examples = [
    '<%= config.bin %> sensors monitor --sensor osc:9000',
    '<%= config.bin %> sensors monitor --sensor serial:/dev/ttyUSB0 --profile witmotion --seconds 10',
    '<%= config.bin %> sensors monitor --phone',
  ]

  static override flags = {
    ...sensorFlags,
    seconds: Flags.integer({min: 1, helpValue: 'N', summary: 'End by itself; until Ctrl-C where left out.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(SensorsMonitor)
    const {watchSensors} = await import('../../app/sensors/watch-sensors.js')
    const environment = this.environment(flags)
    const recording = null
    let sensors: Parameters<typeof sensorSummary>[0][] = []
    let shownMs = 0
    const watch = await watchSensors(
      environment,
      {...watchRequest(flags), recording},
      {
        view: (view) => {
          sensors = [...view.sensors]
          if (view.atMs - shownMs < 1000) return
          shownMs = view.atMs
          for (const sensor of sensors) this.log(sensorSummary(sensor))
        },
        notice: (level, message) => environment.reporter[level](message),
        control: (sensor, control, value) => this.log(`${sensor}  ${control} ${value.toFixed(3)}`),
      },
    )
    if (watch.phoneUrl !== null) await showPhone(watch.phoneUrl)
    await waitForEnd(environment.signal, flags.seconds)
    await watch.close()
    await this.answer({sensors})
  }
}
