// crate suggest: what to play next.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {suggestionLines} from '../../cli/suggestions.js'

const DIRECTIONS = ['up', 'hold', 'down'] as const
const VALUES = ['key', 'tempo', 'energy', 'sound', 'genre'] as const

export default class Suggest extends CrateCommand {
  static override summary = 'Suggest what to play next, each with its reasons.'
  static override description =
    'TRACK is what is playing: an id, a path, or words; without it, what was played last. Learn from your own sets with crate suggest learn.'
  static override examples = [
    "<%= config.bin %> suggest 'artist title'",
    '<%= config.bin %> suggest 3f2a --energy up --query "genre:techno"',
    '<%= config.bin %> suggest 3f2a --after 9c1b --without 77aa --limit 5 --json',
  ]

  static override strict = false
  static override args = {track: Args.string({description: 'What is playing.'})}
  static override flags = {
    energy: Flags.option({options: DIRECTIONS, summary: 'Where the night should go.'})(),
    query: Flags.string({helpValue: 'QUERY', summary: 'Only among tracks that match.'}),
    after: Flags.string({multiple: true, helpValue: 'TRACK', summary: 'Played before it, the latest first.'}),
    without: Flags.string({multiple: true, helpValue: 'TRACK', summary: 'Never suggest this one.'}),
    limit: Flags.integer({min: 1, max: 1000, default: 10, helpValue: 'N', summary: 'At most so many.'}),
    known: Flags.option({
      options: VALUES,
      multiple: true,
      summary: 'Only tracks of which this is known; others are ranked by the rest.',
    })(),
    diversity: Flags.integer({
      min: 0,
      max: 100,
      default: 15,
      helpValue: 'PERCENT',
      summary: 'How unlike each other they should be; 0 is the best alone.',
    }),
    'no-key-lock': Flags.boolean({summary: 'Pitching moves the key, as on vinyl.'}),
  }

  async run(): Promise<void> {
    const {argv, flags} = await this.parse(Suggest)
    const [{withLibrary}, {suggestNext}, {keyNotationOf}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/suggest.js'),
      import('../../app/key-notation.js'),
    ])
    const environment = this.environment(flags)
    const notation = await keyNotationOf(environment)
    await withLibrary(environment, async (library) => {
      const words = (argv as string[]).join(' ')
      const {seed, suggestions, json} = suggestNext(environment, library, {
        playing: words === '' ? null : words,
        recent: flags.after ?? [],
        energy: flags.energy ?? null,
        query: flags.query ?? null,
        without: flags.without ?? [],
        limit: flags.limit,
        known: flags.known ?? [],
        diversity: flags.diversity / 100,
        isKeyLocked: !flags['no-key-lock'],
        notation,
      })
      const width = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY
      this.logLines(suggestionLines(seed, suggestions, notation, width))
      await this.answer(json)
    })
  }
}
