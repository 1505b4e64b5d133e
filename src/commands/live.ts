// crate live: the stage.
import {Flags} from '@oclif/core'
import {CrateCommand} from '../cli/crate-command.js'
import {runLiveScreen} from '../cli/live-terminal.js'

export default class Live extends CrateCommand {
  static override summary = 'Play live: sensors to gestures to MIDI and OSC, and the next track.'
  static override description = [
    'Sensors and outputs come from a mapping file (see docs/guide/go-live.md and docs/reference/mapping.md), from flags, or both. The mapping is read again',
    'when it is saved. Every way out ends all notes and resets controllers. Without a terminal, events are printed as lines.',
  ].join(' ')
  static override examples = [
    '<%= config.bin %> live --phone --output midi:virtual:crate --dashboard',
    '<%= config.bin %> live --mapping show.yaml --now-playing traktor --export m3u8=~/Music/Live',
    '<%= config.bin %> live --sensor osc:9000 --output osc:127.0.0.1:9001 --record friday',
  ]

  static override flags = {
    mapping: Flags.string({helpValue: 'FILE', summary: 'What moves what (YAML or JSON).'}),
    sensor: Flags.string({multiple: true, helpValue: 'TYPE[:TARGET]', summary: 'Also listen to this sensor.'}),
    output: Flags.string({multiple: true, helpValue: 'TYPE:TARGET', summary: 'Also send here.'}),
    phone: Flags.boolean({summary: 'Show a page that makes a phone a sensor.'}),
    'phone-port': Flags.integer({default: 8443, min: 0, max: 65535, summary: 'Port of the phone page.'}),
    dashboard: Flags.boolean({summary: 'Show the dashboard in a browser of this computer.'}),
    'dashboard-port': Flags.integer({default: 8080, min: 0, max: 65535, summary: 'Port of the dashboard.'}),
    network: Flags.boolean({
      dependsOn: ['dashboard'],
      summary: 'Let others on the network see it, with the token shown.',
    }),
    'now-playing': Flags.string({
      multiple: true,
      helpValue: 'PROGRAM[=TARGET]',
      summary: 'Who tells what plays: traktor, serato, mixxx, osc, and by plugins prolink, stagelinq.',
    }),
    playing: Flags.string({helpValue: 'TRACK', summary: 'What plays now: id, path or words.'}),
    playlist: Flags.string({helpValue: 'NAME', summary: 'Playlist for what is taken; one of today where left out.'}),
    export: Flags.string({multiple: true, helpValue: 'ID=PATH', summary: 'Write the playlist here as it grows.'}),
    record: Flags.string({helpValue: 'NAME', summary: 'Keep the motion of the night as a recording.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Live)
    const [{withLibrary}, {startLive}] = await Promise.all([
      import('../app/with-library.js'),
      import('../app/live/run-live.js'),
    ])
    const environment = this.environment(flags)
    await withLibrary(environment, async (library) => {
      const screen = runLiveScreen({isPlain: this.jsonEnabled() || flags.quiet === true, signal: environment.signal})
      try {
        const session = await startLive(
          environment,
          library,
          {
            mappingPath: flags.mapping ?? null,
            sensors: flags.sensor ?? [],
            outputs: flags.output ?? [],
            hasPhone: flags.phone,
            phonePort: flags['phone-port'],
            nowPlaying: flags['now-playing'] ?? [],
            playing: flags.playing ?? null,
            dashboard: flags.dashboard ? {port: flags['dashboard-port'], isOnNetwork: flags.network} : null,
            playlist: flags.playlist ?? null,
            exports: flags.export ?? [],
            recordAs: flags.record ?? null,
          },
          screen,
        )
        await screen.run(session)
        await this.answer(await session.close())
      } finally {
        screen.close()
      }
    })
  }
}
