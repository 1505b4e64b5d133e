// crate library relocate: find the files of missing tracks again.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {plural} from '../../cli/format.js'
import {theme} from '../../cli/theme.js'

export default class LibraryRelocate extends CrateCommand {
  static override summary = 'Find the files of missing tracks again, by audio, then by name, size and tags.'
  static override examples = [
    '<%= config.bin %> library relocate ~/Music',
    '<%= config.bin %> library relocate --map "/Volumes/USB=/media/usb" --dry-run',
  ]

  static override strict = false
  static override args = {folder: Args.string({description: "Where to look; the config's music folders without it."})}
  static override flags = {
    map: Flags.string({
      multiple: true,
      helpValue: 'FROM=TO',
      summary: 'A folder as it was called, and as it is called now.',
    }),
    'dry-run': Flags.boolean({summary: 'Show what would be found.'}),
  }

  async run(): Promise<void> {
    const {argv, flags} = await this.parse(LibraryRelocate)
    const [{withLibrary}, {relocate}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/library/relocate.js'),
    ])
    const environment = this.environment(flags)
    await withLibrary(environment, async (library) => {
      const report = await relocate(environment, library, {
        folders: argv as string[],
        mappings: flags.map ?? [],
        isDryRun: flags['dry-run'],
      })
      if (report.found.length > 0)
        this.printTable(
          [
            {title: 'WAS AT', value: ({from}) => from, shrinks: true},
            {title: report.isDryRun ? 'WOULD BE AT' : 'IS AT', value: ({to}) => to, shrinks: true},
            {title: 'BECAUSE', value: ({reason}) => reason, paint: theme.dim},
          ],
          report.found,
        )
      const isComplete = report.found.length + report.lost.length === 0
      this.log(
        isComplete
          ? `${theme.good('✓')} every file is there`
          : `${plural(report.found.length, 'file')} ${report.isDryRun ? 'would be found' : 'found'}, ${report.lost.length} still missing`,
      )
      for (const {path, candidates} of report.lost.filter((lost) => lost.candidates.length > 0))
        this.log(`${theme.warn('?')} ${path} could be ${candidates.join(' or ')}`)
      this.reportFailures(report.failures)
      await this.answer(report)
    })
  }
}
