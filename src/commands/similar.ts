// crate similar: nearest by sound.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../cli/crate-command.js'
import {theme} from '../cli/theme.js'
import {trackColumns} from '../cli/track-columns.js'

export default class Similar extends CrateCommand {
  static override summary = 'Show the tracks that sound most like one.'
  static override examples = [
    '<%= config.bin %> similar 3f2a',
    "<%= config.bin %> similar 'artist title' --limit 5 --query 'bpm:124..130'",
  ]
  static override strict = false
  static override args = {track: Args.string({required: true, description: 'Id, path, or words of artist and title.'})}
  static override flags = {
    limit: Flags.integer({min: 1, max: 1000, default: 10, helpValue: 'N', summary: 'At most so many.'}),
    query: Flags.string({helpValue: 'QUERY', summary: 'Only among tracks that match.'}),
  }

  async run(): Promise<void> {
    const {argv, flags} = await this.parse(Similar)
    const [{withLibrary}, {similarTracks}, {keyNotationOf}] = await Promise.all([
      import('../app/with-library.js'),
      import('../app/similar.js'),
      import('../app/key-notation.js'),
    ])
    const environment = this.environment(flags)
    const notation = await keyNotationOf(environment)
    await withLibrary(environment, async (library) => {
      const {seed, similar, json} = await similarTracks(environment, library, {
        text: (argv as string[]).join(' '),
        limit: flags.limit,
        query: flags.query ?? null,
      })
      this.log(theme.dim(`like ${seed}`))
      this.printTable(
        [
          {title: 'ALIKE', value: ({similarity}) => `${Math.round(similarity * 100)} %`, align: 'right'},
          ...trackColumns(notation),
        ],
        similar,
      )
      await this.answer(json)
    })
  }
}
