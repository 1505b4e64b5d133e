// crate gestures train: Learn a gesture from three to five takes.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {sensorFlags, watchRequest} from '../../cli/sensor-flags.js'
import {showPhone} from '../../cli/sensor-watch.js'
import {theme} from '../../cli/theme.js'

export default class GesturesTrain extends CrateCommand {
  static override summary = 'Learn a gesture from three to five takes.'
  static override examples = [
    '<%= config.bin %> gestures train flick --phone',
    '<%= config.bin %> gestures train shake --oscillation --sensor osc:9000',
    '<%= config.bin %> gestures train --dancing --phone',
    '<%= config.bin %> gestures train flick --from friday',
    '<%= config.bin %> gestures train flick --set everybody --performer anna --phone',
  ]

  static override args = {gesture: Args.string({description: 'Name of the gesture.'})}
  static override flags = {
    set: Flags.string({default: 'default', helpValue: 'NAME', summary: 'The set of gestures.'}),
    ...sensorFlags,
    takes: Flags.integer({min: 3, max: 20, default: 4, helpValue: 'N', summary: 'How often it is made.'}),
    seconds: Flags.string({helpValue: 'S', summary: 'Time for each take: 2.5, oscillations 5, dancing 60.'}),
    performer: Flags.string({
      helpValue: 'WHO',
      summary: 'Who makes the takes. From two people on, the set also serves others, however they wear the sensor.',
    }),
    oscillation: Flags.boolean({summary: 'It goes on while it is made: shaking, waving, circling.'}),
    dancing: Flags.boolean({summary: 'Learn what is not a gesture: dance, walk, mix.'}),
    from: Flags.string({multiple: true, helpValue: 'RECORDING', summary: 'Take the labelled spans of recordings.'}),
    retrain: Flags.boolean({summary: 'Only learn anew from the takes that are kept.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(GesturesTrain)
    const [{retrain, trainGesture}, {CrateError}] = await Promise.all([
      import('../../app/gestures/train.js'),
      import('../../core/errors.js'),
    ])
    const environment = this.environment(flags)
    if (args.gesture === undefined && !flags.dancing && !flags.retrain)
      throw new CrateError('USAGE', 'which gesture?', {
        hints: ['crate gestures train NAME', 'crate gestures train --dancing'],
      })
    const usualSeconds = flags.dancing ? 60 : flags.oscillation ? 5 : 2.5
    const report = flags.retrain
      ? await retrain(environment, flags.set)
      : await trainGesture(
          environment,
          {
            gesture: flags.dancing ? null : (args.gesture ?? null),
            set: flags.set,
            kind: flags.oscillation ? 'oscillations' : 'strokes',
            performer: flags.performer ?? null,
            from: flags.from ?? [],
            takes: flags.dancing ? 1 : flags.takes,
            takeSeconds: flags.seconds === undefined ? usualSeconds : Number(flags.seconds),
            sensors: watchRequest(flags),
          },
          {
            phone: (url) => void showPhone(url),
            notice: (level, message) => environment.reporter[level](message),
            count: (take, text) =>
              environment.reporter.info(text === 'go' ? theme.good(`take ${take}: go`) : `take ${take}: ${text}`),
          },
        )
    for (const {message} of report.warnings) environment.reporter.warn(message)
    if (!report.hasNegatives)
      environment.reporter.warn('dance a minute, so that dancing fires nothing: crate gestures train --dancing')
    this.printTable(
      [
        {title: 'GESTURE', value: ({gesture}) => gesture},
        {title: 'KIND', value: ({kind}) => kind},
        {title: 'TAKES', value: ({takes}) => takes, align: 'right'},
      ],
      report.gestures,
    )
    await this.answer(report)
  }
}
