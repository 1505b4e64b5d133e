// crate sensors label: Say that a span of a recording is a gesture, to train and to test with.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'

export default class SensorsLabel extends CrateCommand {
  static override summary = 'Say that a span of a recording is a gesture, to train and to test with.'
  static override examples = [
    '<%= config.bin %> sensors label friday flick --from 3.2 --to 4.1',
    '<%= config.bin %> sensors label friday dancing --from 20 --to 80',
  ]

  static override args = {
    recording: Args.string({required: true, description: 'Name of a recording, or a path.'}),
    gesture: Args.string({required: true, description: 'Name of the gesture; "dancing" where nothing may fire.'}),
  }
  static override flags = {
    from: Flags.string({required: true, helpValue: 'SECONDS', summary: 'From the beginning of the recording.'}),
    to: Flags.string({required: true, helpValue: 'SECONDS', summary: 'From the beginning of the recording.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(SensorsLabel)
    const {labelKept} = await import('../../app/sensors/edit-recording.js')
    const span = {fromSeconds: Number(flags.from), toSeconds: Number(flags.to)}
    await labelKept(this.environment(flags).libraryFolder, args.recording, args.gesture, span)
    this.log(`${args.gesture} from ${span.fromSeconds} s to ${span.toSeconds} s`)
    await this.answer({recording: args.recording, gesture: args.gesture, ...span})
  }
}
