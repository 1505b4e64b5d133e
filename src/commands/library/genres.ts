// crate library genres: suggestions learnt from the tracks that the DJ has labelled.
import {Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {plural} from '../../cli/format.js'
import {theme} from '../../cli/theme.js'

const SHOWN = 40

export default class LibraryGenres extends CrateCommand {
  static override summary = 'Suggest genres for tracks without one, learnt from those that you labelled.'
  static override description = 'It says how often it is right on your own labels, and writes nothing without --write.'
  static override examples = [
    '<%= config.bin %> library genres',
    '<%= config.bin %> library genres --minimum 80 --write',
  ]
  static override flags = {
    minimum: Flags.integer({
      default: 50,
      min: 0,
      max: 100,
      helpValue: 'PERCENT',
      summary: 'Leave out what is less sure.',
    }),
    write: Flags.boolean({summary: 'Keep the suggestions as genre in the library.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(LibraryGenres)
    const [{withLibrary}, {suggestGenres}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/library/genres.js'),
    ])
    const environment = this.environment(flags)
    await withLibrary(environment, async (library) => {
      const report = suggestGenres(environment, library, {minimum: flags.minimum / 100, write: flags.write})
      const {accuracy, baseline, tried} = report.accuracy
      const percent = (share: number | null) => (share === null ? '–' : `${Math.round(share * 100)} %`)
      this.log(
        `learnt from ${plural(report.labelled, 'labelled track')}; right on ${theme.strong(percent(accuracy))} of ${tried} of them when each is left out (always naming the most common: ${percent(baseline)})`,
      )
      this.printTable(
        [
          {title: 'SURE', value: ({confidence}) => percent(confidence), align: 'right'},
          {title: 'GENRE', value: ({genre}) => genre, paint: theme.accent},
          {title: 'TRACK', value: ({name}) => name, shrinks: true},
          {title: 'SOUNDS LIKE', value: ({like}) => like[0] ?? '', shrinks: true, paint: theme.dim},
        ],
        report.proposals.slice(0, SHOWN),
      )
      if (report.proposals.length > SHOWN)
        this.log(theme.dim(`and ${report.proposals.length - SHOWN} more; --json lists all`))
      this.log(
        flags.write
          ? `${theme.good('✓')} ${plural(report.written, 'genre')} written`
          : theme.dim('nothing is written yet: --write keeps them'),
      )
      await this.answer(report)
    })
  }
}
