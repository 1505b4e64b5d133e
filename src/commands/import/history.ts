// crate import history: what was really played, for suggestions to learn from.
import {Args, Flags} from '@oclif/core'
import {HISTORY_SOURCES} from '../../app/history/recorded-play.js'
import {CrateCommand} from '../../cli/crate-command.js'
import {formatCount, plural} from '../../cli/format.js'
import {theme} from '../../cli/theme.js'

export default class ImportHistory extends CrateCommand {
  static override summary =
    'Import what you played, from Serato, Traktor, Rekordbox or Mixxx, for suggestions to learn from.'
  static override description =
    'Rekordbox encrypts its own history: export it as XML (lists called “HISTORY …” or in a folder “History”; others with --playlist) or as a playlist file (.txt, .m3u8). The source playlists takes lists of your library as sets, such as the History of an imported USB stick.'
  static override examples = [
    '<%= config.bin %> import history serato ~/Music',
    '<%= config.bin %> import history traktor "~/Documents/Native Instruments/Traktor 3.11.1"',
    '<%= config.bin %> import history rekordbox rekordbox.xml',
    '<%= config.bin %> import history mixxx ~/.mixxx',
    '<%= config.bin %> import history playlists History',
  ]

  static override args = {
    source: Args.string({required: true, options: [...HISTORY_SOURCES], description: 'The program that recorded it.'}),
    path: Args.string({
      required: true,
      description: "The program's folder or one history file; of playlists, a Folder/Name.",
    }),
  }

  static override flags = {
    playlist: Flags.string({
      multiple: true,
      helpValue: 'NAME',
      summary: 'A playlist or folder of a Rekordbox XML that was a set, whatever it is called.',
    }),
    map: Flags.string({
      multiple: true,
      helpValue: 'FROM=TO',
      summary: 'A folder of the other machine and what it is called here.',
    }),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ImportHistory)
    const [{withLibrary}, {importHistory}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/history/import-history.js'),
    ])
    const environment = this.environment(flags)
    await withLibrary(environment, async (library) => {
      const source = HISTORY_SOURCES.find((name) => name === args.source) ?? 'serato'
      const report = await importHistory(environment, library, {
        source,
        path: args.path,
        mappings: flags.map ?? [],
        playlists: flags.playlist ?? [],
      })
      this.log(
        `${theme.good('✓')} ${plural(report.plays, 'play')} in ${plural(report.sessions, 'session')}, ${formatCount(report.added)} new, ${formatCount(report.joined)} of tracks in the library`,
      )
      if (report.added > 0) this.log(`  Next: ${theme.accent('crate suggest learn')}`)
      this.reportFailures(report.failures)
      await this.answer(report)
    })
  }
}
