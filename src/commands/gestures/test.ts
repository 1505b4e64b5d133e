// crate gestures test: Measure recall, precision and false alarms on labelled recordings.
import {Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'

export default class GesturesTest extends CrateCommand {
  static override summary = 'Measure recall, precision and false alarms on labelled recordings.'
  static override examples = ['<%= config.bin %> gestures test friday saturday']

  static override strict = false
  static override flags = {
    set: Flags.string({default: 'default', helpValue: 'NAME', summary: 'The set of gestures.'}),
  }

  async run(): Promise<void> {
    const {argv, flags} = await this.parse(GesturesTest)
    const {testGestures} = await import('../../app/gestures/test.js')
    const result = await testGestures(this.environment(flags), {set: flags.set, recordings: argv as string[]})
    const percent = (value: number | null) => (value === null ? '–' : `${(value * 100).toFixed(1)} %`)
    this.log(`recall ${percent(result.recall)}  precision ${percent(result.precision)}  F1 ${percent(result.f1)}`)
    this.log(
      `false alarms ${result.falseAlarmsPerMinute?.toFixed(2) ?? '–'} a minute  decided ${result.delayMs?.toFixed(0) ?? '–'} ms after the end`,
    )
    this.printTable(
      [
        {title: 'MEANT', value: ({meant}) => (meant === '' ? 'nothing' : meant)},
        {title: 'FIRED', value: ({fired}) => fired},
        {title: 'TIMES', value: ({count}) => count, align: 'right'},
      ],
      result.mistakes,
    )
    await this.answer(result)
  }
}
