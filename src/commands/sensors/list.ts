// crate sensors list: what can move something, and what was recorded.
import {CrateCommand} from '../../cli/crate-command.js'
import {theme} from '../../cli/theme.js'

export default class SensorsList extends CrateCommand {
  static override summary = 'List sensors, their profiles and ports, and the recordings.'
  static override examples = ['<%= config.bin %> sensors list', '<%= config.bin %> sensors list --json']

  async run(): Promise<void> {
    const {flags} = await this.parse(SensorsList)
    const {listSensors} = await import('../../app/sensors/list.js')
    const list = await listSensors(this.environment(flags))
    this.printTable(
      [
        {title: 'SENSOR', value: ({id}) => id},
        {title: 'WHAT', value: ({summary}) => summary, shrinks: true},
        {title: 'PORTS', value: ({ports}) => (ports.length === 0 ? null : ports.join(', '))},
      ],
      list.sensors,
    )
    for (const {id, profiles} of list.sensors)
      if (profiles.length > 0)
        this.log(theme.dim(`${id} profiles: ${profiles.map((profile) => profile.id).join(', ')}`))
    this.log('')
    if (list.recordings.length === 0) this.log(theme.dim('no recordings yet: crate sensors record NAME --phone'))
    else
      this.printTable(
        [
          {title: 'RECORDING', value: ({name}) => name},
          {title: 'STARTED', value: ({startedAt}) => startedAt.slice(0, 16).replace('T', ' ')},
          {title: 'SECONDS', value: ({durationMs}) => (durationMs / 1000).toFixed(1), align: 'right'},
          {title: 'FRAMES', value: ({frames}) => frames, align: 'right'},
          {title: 'MARKS', value: ({marks}) => marks, align: 'right'},
          {title: 'GESTURES', value: ({gestures}) => gestures, align: 'right'},
        ],
        list.recordings,
      )
    await this.answer(list)
  }
}
