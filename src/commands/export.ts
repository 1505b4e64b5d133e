// crate export: the library for a DJ program.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../cli/crate-command.js'
import {outcomeLines, planLines} from '../cli/export-report.js'
import {parsePairs} from '../cli/pairs.js'

export default class Export extends CrateCommand {
  static override summary = 'Export the library for a DJ program.'
  static override description =
    'What the format cannot carry is counted and shown before anything is written. Files that crate did not write itself are backed up first; crate library restore brings them back.'
  static override examples = [
    '<%= config.bin %> export rekordbox --to rekordbox.xml',
    '<%= config.bin %> export serato --to ~/Music --dry-run',
    "<%= config.bin %> export traktor --to collection.nml --query 'genre:techno'",
    "<%= config.bin %> export m3u8 --to lists --playlist 'Friday/Warm up'",
  ]

  static override args = {
    format: Args.string({
      required: true,
      description: 'rekordbox, serato, traktor, m3u8, csv, json, and what plugins add.',
    }),
  }
  static override flags = {
    to: Flags.string({helpValue: 'PATH', summary: "File or folder; the config's target without it."}),
    query: Flags.string({helpValue: 'QUERY', summary: 'Only tracks that match.'}),
    playlist: Flags.string({
      multiple: true,
      helpValue: 'NAME',
      summary: 'Only this playlist or folder; may be given several times.',
    }),
    option: Flags.string({
      multiple: true,
      helpValue: 'NAME=VALUE',
      summary: 'An option of the format; may be given several times.',
    }),
    'with-missing': Flags.boolean({summary: 'Also tracks whose files were here and are gone.'}),
    'write-tags': Flags.boolean({summary: 'Also write into the audio files (Serato).'}),
    'no-shift': Flags.boolean({summary: 'Do not correct positions of MP3 and AAC files between programs.'}),
    'dry-run': Flags.boolean({summary: 'Show what would be written.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Export)
    const [{withLibrary}, {exportOnce}] = await Promise.all([
      import('../app/with-library.js'),
      import('../app/export/export-once.js'),
    ])
    const environment = this.environment(flags)
    await withLibrary(environment, async (library) => {
      const report = await exportOnce(environment, library, {
        formatId: args.format,
        target: flags.to ?? null,
        selection: {
          query: flags.query ?? null,
          playlists: flags.playlist ?? null,
          withMissing: flags['with-missing'],
        },
        options: parsePairs(flags.option ?? []),
        canWriteTags: flags['write-tags'],
        shiftsPositions: !flags['no-shift'],
        isDryRun: flags['dry-run'],
        onPlan: (plan) => {
          this.logLines(planLines(plan))
        },
      })
      this.logLines(outcomeLines(report))
      this.reportFailures(report.failures)
      await this.answer(report)
    })
  }
}
