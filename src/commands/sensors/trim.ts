// crate sensors trim: Keep only a span of a recording; the rest is hidden, not lost.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'

export default class SensorsTrim extends CrateCommand {
  static override summary = 'Keep only a span of a recording; the rest is hidden, not lost.'
  static override examples = ['<%= config.bin %> sensors trim friday --from 12.5 --to 90']

  static override args = {recording: Args.string({required: true, description: 'Name of a recording, or a path.'})}
  static override flags = {
    from: Flags.string({required: true, helpValue: 'SECONDS', summary: 'From the beginning of the recording.'}),
    to: Flags.string({required: true, helpValue: 'SECONDS', summary: 'From the beginning of the recording.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(SensorsTrim)
    const {trimKept} = await import('../../app/sensors/edit-recording.js')
    const span = {fromSeconds: Number(flags.from), toSeconds: Number(flags.to)}
    await trimKept(this.environment(flags).libraryFolder, args.recording, span)
    this.log(`${args.recording} is now ${(span.toSeconds - span.fromSeconds).toFixed(1)} s long`)
    await this.answer({recording: args.recording, ...span})
  }
}
