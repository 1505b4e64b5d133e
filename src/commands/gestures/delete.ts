// crate gestures delete: Forget a gesture and learn its set anew.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'

export default class GesturesDelete extends CrateCommand {
  static override summary = 'Forget a gesture and learn its set anew.'
  static override examples = ['<%= config.bin %> gestures delete flick']

  static override args = {gesture: Args.string({required: true, description: 'Name of the gesture.'})}
  static override flags = {
    set: Flags.string({default: 'default', helpValue: 'NAME', summary: 'The set of gestures.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(GesturesDelete)
    const [{deleteGesture}, {retrain}] = await Promise.all([
      import('../../app/gestures/gesture-sets.js'),
      import('../../app/gestures/train.js'),
    ])
    const environment = this.environment(flags)
    await deleteGesture(environment.libraryFolder, flags.set, args.gesture)
    const report = await retrain(environment, flags.set)
    this.log(`${args.gesture} is forgotten; ${report.gestures.length} left in ${flags.set}`)
    await this.answer(report)
  }
}
