// crate library edit: a person's word on tracks.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {editLines} from '../../cli/edit-report.js'
import {parsePairs} from '../../cli/pairs.js'
import {theme} from '../../cli/theme.js'

export default class LibraryEdit extends CrateCommand {
  static override summary = 'Set tags, rating, colour, key or tempo of tracks; analysis and later syncs leave it alone.'
  static override description =
    'Tags are kept in the library; --write-tags also writes them into the files, and crate library restore takes that back.'
  static override examples = [
    '<%= config.bin %> library edit 3f2a --rating 4 --color "#FF0000"',
    "<%= config.bin %> library edit 3f2a --tag title='New title' --tag genre=Techno",
    "<%= config.bin %> library edit --query 'label:drumcode' --tag genre=Techno --write-tags",
    '<%= config.bin %> library edit 3f2a --tempo half --shift-grid -12',
    "<%= config.bin %> library edit --query 'genre:podcast' --remove --dry-run",
  ]

  static override strict = false
  static override args = {track: Args.string({description: 'Id, path, or quoted words; several may be given.'})}
  static override flags = {
    query: Flags.string({helpValue: 'QUERY', summary: 'All tracks that match.'}),
    tag: Flags.string({multiple: true, helpValue: 'NAME=VALUE', summary: 'Set a tag; an empty value empties it.'}),
    rating: Flags.string({helpValue: '0-5', summary: 'Stars, or none.'}),
    color: Flags.string({helpValue: '#RRGGBB', summary: 'Colour, or none.'}),
    key: Flags.string({helpValue: 'KEY', summary: 'In any notation, or none for what analysis says.'}),
    tempo: Flags.string({helpValue: 'BPM', summary: 'A number, double, half, or none for what analysis says.'}),
    'shift-grid': Flags.string({helpValue: 'MS', summary: 'Move the beat grid; negative is earlier.'}),
    'write-tags': Flags.boolean({summary: 'Also write the tags into the files.'}),
    remove: Flags.boolean({summary: 'Take the tracks out of the library; the files stay.'}),
    'dry-run': Flags.boolean({summary: 'Show which tracks it would be.'}),
  }

  async run(): Promise<void> {
    const {argv, flags} = await this.parse(LibraryEdit)
    const [{withLibrary}, {editTracks}, {trackJson}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/library/edit.js'),
      import('../../app/track-json.js'),
    ])
    const environment = this.environment(flags)
    await withLibrary(environment, async (library) => {
      const report = await editTracks(environment, library, {
        tracks: argv as string[],
        query: flags.query ?? null,
        tags: parsePairs(flags.tag ?? []),
        rating: flags.rating ?? null,
        color: flags.color ?? null,
        key: flags.key ?? null,
        tempo: flags.tempo ?? null,
        shiftGrid: flags['shift-grid'] ?? null,
        canWriteTags: flags['write-tags'],
        remove: flags.remove,
        isDryRun: flags['dry-run'],
      })
      this.logLines(editLines(report, flags['dry-run']))
      if (report.backup !== null)
        this.log(theme.dim(`  what the files said before: crate library restore ${report.backup}`))
      this.reportFailures(report.failures)
      await this.answer({
        tracks: report.edited.map((track) => trackJson(track)),
        removed: report.removed.length,
        failures: report.failures,
        backup: report.backup,
        isDryRun: flags['dry-run'],
      })
    })
  }
}
