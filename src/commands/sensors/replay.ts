// crate sensors replay: Play a recording through the gestures and a mapping, and print what it fires.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {theme} from '../../cli/theme.js'

export default class SensorsReplay extends CrateCommand {
  static override summary = 'Play a recording through the gestures and a mapping, and print what it fires.'
  static override examples = [
    '<%= config.bin %> sensors replay friday',
    '<%= config.bin %> sensors replay friday --mapping show.yaml --speed 1',
  ]

  static override args = {recording: Args.string({required: true, description: 'Name of a recording, or a path.'})}
  static override flags = {
    mapping: Flags.string({helpValue: 'FILE', summary: 'Also show what this mapping would send.'}),
    speed: Flags.string({helpValue: 'X', summary: '1 is real time; as fast as it goes where left out.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(SensorsReplay)
    const [{replayRecording}, {CrateError}] = await Promise.all([
      import('../../app/sensors/replay-recording.js'),
      import('../../core/errors.js'),
    ])
    const speed = flags.speed === undefined ? null : Number(flags.speed)
    if (speed !== null && !(speed > 0 && Number.isFinite(speed)))
      throw new CrateError('USAGE', `the speed is "${flags.speed}", not a number above 0`)
    const events = []
    const request = {recording: args.recording, mappingPath: flags.mapping ?? null, speed}
    for await (const event of replayRecording(this.environment(flags), request)) {
      events.push(event)
      const text = event.kind === 'gesture' ? theme.accent(event.text) : event.text
      this.log(`${(event.atMs / 1000).toFixed(3).padStart(9)}  ${event.kind.padEnd(8)} ${text}`)
    }
    await this.answer({events})
  }
}
