// crate playlist fix: a better order.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {mixScore, playlistSteps, setColumns} from '../../cli/set-table.js'
import {theme} from '../../cli/theme.js'

export default class PlaylistFix extends CrateCommand {
  static override summary = 'Propose a better order for a playlist; --write keeps it.'
  static override examples = [
    "<%= config.bin %> playlist fix 'Friday/Warm up'",
    "<%= config.bin %> playlist fix 'Friday/Warm up' --lock 1 --lock 12 --write",
  ]
  static override args = {name: Args.string({required: true, description: 'Folder/Name.'})}
  static override flags = {
    lock: Flags.integer({multiple: true, min: 1, helpValue: 'PLACE', summary: 'This place stays as it is.'}),
    write: Flags.boolean({summary: 'Change the playlist.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(PlaylistFix)
    const [{withLibrary}, {fixPlaylist}, {keyNotationOf}, {trackJson}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/playlist/review.js'),
      import('../../app/key-notation.js'),
      import('../../app/track-json.js'),
    ])
    const environment = this.environment(flags)
    const notation = await keyNotationOf(environment)
    await withLibrary(environment, async (library) => {
      const {playlist, tracks, places, before, after, isWritten} = fixPlaylist(library, args.name, {
        locked: flags.lock ?? [],
        write: flags.write,
      })
      const rows = playlistSteps(tracks, after.steps).map((row, index) => ({...row, was: places[index] ?? 0}))
      this.printTable(
        [
          {title: '#', value: ({position}) => position, align: 'right', paint: theme.dim},
          {title: 'WAS', value: ({was}) => was, align: 'right', paint: theme.dim},
          ...setColumns(notation),
        ],
        rows,
      )
      this.log(
        `mixes at ${mixScore(before.meanCost)} → ${theme.good(mixScore(after.meanCost))}, things to look at ${before.problems.length} → ${after.problems.length}`,
      )
      this.log(
        isWritten
          ? `${theme.good('✓')} ${playlist.names.join('/')} is in this order now`
          : theme.dim('nothing is changed yet: --write keeps this order'),
      )
      await this.answer({playlist, tracks: tracks.map((track) => trackJson(track)), places, before, after, isWritten})
    })
  }
}
