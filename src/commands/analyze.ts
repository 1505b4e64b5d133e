// crate analyze: analysis alone.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../cli/crate-command.js'
import {summaryLines} from '../cli/sync-summary.js'

export default class Analyze extends CrateCommand {
  static override summary = 'Analyse tracks: tempo, beat grid, key, energy, loudness, sections, cues.'
  static override description = 'PATHs are added to the library; without one, everything is analysed that is not yet.'
  static override examples = [
    '<%= config.bin %> analyze ~/Music/new',
    '<%= config.bin %> analyze track.flac --json --beats',
    '<%= config.bin %> analyze --force --jobs 2',
  ]

  static override strict = false
  static override args = {path: Args.string({description: 'File or folder; several may be given.'})}
  static override flags = {
    force: Flags.boolean({summary: 'Analyse again what is analysed already.'}),
    jobs: Flags.integer({min: 1, max: 256, helpValue: 'N', summary: 'Threads for analysis; one per core by default.'}),
    beats: Flags.boolean({summary: 'Add every beat and downbeat to --json.', dependsOn: ['json']}),
  }

  async run(): Promise<void> {
    const {argv, flags} = await this.parse(Analyze)
    const [{withLibrary}, {analyze}, {syncJson}] = await Promise.all([
      import('../app/with-library.js'),
      import('../app/analyze.js'),
      import('../app/sync/sync-json.js'),
    ])
    const environment = this.environment(flags)
    await withLibrary(environment, async (library) => {
      const result = await analyze(environment, library, {
        paths: argv as string[],
        force: flags.force,
        jobs: flags.jobs ?? null,
      })
      this.logLines(summaryLines(result.summary))
      this.reportFailures(result.failures)
      await this.answer(syncJson(library, result, {withBeats: flags.beats}))
    })
  }
}
