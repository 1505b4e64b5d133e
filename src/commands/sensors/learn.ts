// crate sensors learn: Show what an unknown OSC sender says, as a declaration for a mapping.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {waitForEnd} from '../../cli/sensor-watch.js'
import {theme} from '../../cli/theme.js'

export default class SensorsLearn extends CrateCommand {
  static override summary = 'Show what an unknown OSC sender says, as a declaration for a mapping.'
  static override description =
    'Move the sensor in all directions while it listens: what it sends is told by names and values. Check the roles and add units.'
  static override examples = [
    '<%= config.bin %> sensors learn 9000',
    '<%= config.bin %> sensors learn ws:9001 --seconds 20',
  ]

  static override args = {
    target: Args.string({default: '9000', description: 'UDP port that the app sends to, host:port, or ws:port.'}),
  }
  static override flags = {
    seconds: Flags.integer({default: 10, min: 1, max: 600, helpValue: 'N', summary: 'How long it listens.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(SensorsLearn)
    const {learnOsc} = await import('../../app/sensors/learn-osc.js')
    const environment = this.environment(flags)
    environment.reporter.info(`listening on ${args.target} for ${flags.seconds} s: move the sensor in all directions`)
    const learnt = await learnOsc(args.target, waitForEnd(environment.signal, flags.seconds), environment.nowMs)
    this.printTable(
      [
        {title: 'ADDRESS', value: ({address}) => address, shrinks: true},
        {title: 'TYPES', value: ({types}) => types},
        {title: 'HZ', value: ({rateHz}) => rateHz.toFixed(1), align: 'right'},
        {title: 'ROLE', value: ({role}) => role ?? 'control'},
        {title: 'KNOWN', value: ({profile}) => profile ?? ''},
        {title: 'VALUES', value: ({least, most}) => rangeText(least, most), shrinks: true},
      ],
      learnt.addresses,
    )
    this.log(
      `\n${theme.dim('# for the mapping; check the roles, and add unit: g, m/s², rad/s or °/s where you know it')}`,
    )
    this.log(learnt.mapping)
    await this.answer(learnt)
  }
}

function rangeText(least: readonly number[], most: readonly number[]): string {
  return least.map((low, index) => `${low.toFixed(2)}…${(most[index] ?? low).toFixed(2)}`).join('  ')
}
