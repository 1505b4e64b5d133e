// crate import: what a DJ made in another program.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {importLines} from '../../cli/import-report.js'
import {parsePairs} from '../../cli/pairs.js'

export default class Import extends CrateCommand {
  static override summary = 'Import cues, grids, ratings and playlists from a DJ program.'
  static override description =
    'What you set in crate stands; a later import of the same format replaces what an earlier one brought.'
  static override examples = [
    '<%= config.bin %> import rekordbox rekordbox.xml',
    '<%= config.bin %> import traktor collection.nml --dry-run',
    '<%= config.bin %> import serato ~/Music --map "/Volumes/USB=E:/Music"',
  ]

  static override args = {
    format: Args.string({
      required: true,
      description: 'rekordbox, serato, traktor, m3u8, csv, json, and what plugins add.',
    }),
    path: Args.string({required: true, description: 'File or folder of the other program.'}),
  }

  static override flags = {
    map: Flags.string({
      multiple: true,
      helpValue: 'FROM=TO',
      summary: 'A folder of the other machine and what it is called here.',
    }),
    option: Flags.string({multiple: true, helpValue: 'NAME=VALUE', summary: 'An option of the format.'}),
    'take-tags': Flags.boolean({
      summary: 'Tags of the program win over those of the files and over edits in crate.',
    }),
    'no-shift': Flags.boolean({summary: 'Do not correct positions of MP3 and AAC files between programs.'}),
    'dry-run': Flags.boolean({summary: 'Show what would come in.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Import)
    const [{withLibrary}, {importOnce}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/import/import-once.js'),
    ])
    const environment = this.environment(flags)
    await withLibrary(environment, async (library) => {
      const report = await importOnce(environment, library, {
        formatId: args.format,
        source: args.path,
        mappings: flags.map ?? [],
        options: parsePairs(flags.option ?? []),
        shiftsPositions: !flags['no-shift'],
        takesTags: flags['take-tags'],
        isDryRun: flags['dry-run'],
      })
      this.logLines(importLines(report))
      this.reportFailures(report.failures)
      await this.answer(report)
    })
  }
}
