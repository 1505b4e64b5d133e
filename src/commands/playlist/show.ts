// crate playlist show: the tracks of a playlist, and how well it mixes.
import {Args} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {plural} from '../../cli/format.js'
import {mixScore, playlistSteps, setColumns} from '../../cli/set-table.js'
import {theme} from '../../cli/theme.js'

const SHOWN_PROBLEMS = 12

export default class PlaylistShow extends CrateCommand {
  static override summary =
    'Show a playlist, how well it mixes, and what to look at: key clashes, tempo leaps, energy dips.'
  static override examples = [
    "<%= config.bin %> playlist show 'Friday/Warm up'",
    "<%= config.bin %> playlist show 'Dark' --json",
  ]
  static override args = {name: Args.string({required: true, description: 'Folder/Name.'})}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(PlaylistShow)
    const [{withLibrary}, {showPlaylist}, {keyNotationOf}, {trackJson}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/playlist/review.js'),
      import('../../app/key-notation.js'),
      import('../../app/track-json.js'),
    ])
    const environment = this.environment(flags)
    const notation = await keyNotationOf(environment)
    await withLibrary(environment, async (library) => {
      const {playlist, tracks, review} = showPlaylist(library, args.name)
      this.log(
        `${theme.strong(playlist.names.join('/'))}  ${theme.dim(plural(tracks.length, 'track'))}${tracks.length < 2 ? '' : `  mixes at ${mixScore(review.meanCost)}`}${playlist.query === null ? '' : `  ${theme.accent(playlist.query)}`}`,
      )
      this.printTable(
        [{title: '#', value: ({position}) => position, align: 'right', paint: theme.dim}, ...setColumns(notation)],
        playlistSteps(tracks, review.steps),
      )
      for (const {position, text} of review.problems.slice(0, SHOWN_PROBLEMS))
        this.log(`${theme.warn('!')} ${position}: ${text}`)
      if (review.problems.length > SHOWN_PROBLEMS)
        this.log(theme.dim(`  and ${review.problems.length - SHOWN_PROBLEMS} more; --json lists all`))
      if (review.problems.length > 0)
        this.log(theme.dim(`a better order: crate playlist fix '${playlist.names.join('/')}'`))
      await this.answer({playlist, tracks: tracks.map((track) => trackJson(track)), review})
    })
  }
}
