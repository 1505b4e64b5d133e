// crate sensors record: Keep the motion of a rehearsal.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {sensorFlags, watchRequest} from '../../cli/sensor-flags.js'
import {sensorSummary, showPhone, waitForEnd} from '../../cli/sensor-watch.js'

export default class SensorsRecord extends CrateCommand {
  static override summary = 'Keep the motion of a rehearsal.'
  static override examples = [
    '<%= config.bin %> sensors record friday --phone',
    '<%= config.bin %> sensors record friday --sensor osc:9000 --seconds 60',
  ]

  static override args = {name: Args.string({required: true, description: 'Name of the recording.'})}
  static override flags = {
    ...sensorFlags,
    seconds: Flags.integer({min: 1, helpValue: 'N', summary: 'End by itself; until Ctrl-C where left out.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(SensorsRecord)
    const {watchSensors} = await import('../../app/sensors/watch-sensors.js')
    const environment = this.environment(flags)
    const {recordingPath} = await import('../../app/sensors/recordings.js')
    const recording = {name: args.name, path: recordingPath(environment.libraryFolder, args.name)}
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
    this.log(`kept: crate sensors replay '${args.name}'`)
    await this.answer({recording: recording.path, sensors})
  }
}
