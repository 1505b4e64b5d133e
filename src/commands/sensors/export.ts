// crate sensors export: Write a recording as CSV or JSON.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'

export default class SensorsExport extends CrateCommand {
  static override summary = 'Write a recording as CSV or JSON.'
  static override examples = [
    '<%= config.bin %> sensors export friday --to friday.csv',
    '<%= config.bin %> sensors export friday --to friday.json',
  ]

  static override args = {recording: Args.string({required: true, description: 'Name of a recording, or a path.'})}
  static override flags = {
    to: Flags.string({required: true, helpValue: 'PATH', summary: 'Ending in .csv or .json.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(SensorsExport)
    const [{exportRecording}, {CrateError}] = await Promise.all([
      import('../../app/sensors/edit-recording.js'),
      import('../../core/errors.js'),
    ])
    const format = /\.(csv|json)$/i.exec(flags.to)?.[1]?.toLowerCase()
    if (format !== 'csv' && format !== 'json')
      throw new CrateError('USAGE', `"${flags.to}" ends neither in .csv nor .json`)
    const frames = await exportRecording(this.environment(flags).libraryFolder, args.recording, format, flags.to)
    this.log(`${frames} frames in ${flags.to}`)
    await this.answer({path: flags.to, frames})
  }
}
