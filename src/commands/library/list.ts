// crate library list: search the collection.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {formatCount} from '../../cli/format.js'
import {theme} from '../../cli/theme.js'
import {trackColumns} from '../../cli/track-columns.js'

export default class LibraryList extends CrateCommand {
  static override summary = 'List the tracks that match a query.'
  static override description =
    'A query is words and field:value pairs: bpm:120..128 key:8A genre:techno added:-30d.. ^artist:foo; a field followed by + or - sorts. Put quotes around ^ and < > for your shell.'
  static override examples = [
    '<%= config.bin %> library list',
    "<%= config.bin %> library list 'bpm:120..128 key:8A bpm+'",
    "<%= config.bin %> library list 'added:-30d.. ^genre:ambient' --limit 50",
    "<%= config.bin %> library list 'energy:8..' --json",
  ]

  static override strict = false
  static override args = {query: Args.string({description: 'What to look for; everything without it.'})}
  static override flags = {limit: Flags.integer({min: 1, helpValue: 'N', summary: 'At most so many.'})}

  async run(): Promise<void> {
    const {argv, flags} = await this.parse(LibraryList)
    const [{withLibrary}, {listJson, listSummaries, queryFrom}, {keyNotationOf}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/library/list.js'),
      import('../../app/key-notation.js'),
    ])
    const environment = this.environment(flags)
    const notation = await keyNotationOf(environment)
    await withLibrary(environment, async (library) => {
      const query = queryFrom(argv as string[], environment)
      const limited =
        flags.limit === undefined ? query : {...query, limit: Math.min(flags.limit, query.limit ?? flags.limit)}
      if (this.jsonEnabled()) return this.answer({tracks: listJson(library, limited)})
      const {tracks, total, isEmpty} = listSummaries(library, query, limited.limit)
      if (tracks.length === 0)
        return this.log(theme.dim(isEmpty ? 'the library is empty; fill it: crate sync ~/Music' : 'no track matches'))
      this.printTable(trackColumns(notation), tracks)
      if (tracks.length < total) this.log(theme.dim(`${formatCount(tracks.length)} of ${formatCount(total)}`))
    })
  }
}
