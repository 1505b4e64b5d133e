// crate playlist fix: a better order.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {theme} from '../../cli/theme.js'
import {trackColumns} from '../../cli/track-columns.js'

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
    const [{withLibrary}, {fixPlaylist}, {keyNotationOf}, {listedTrack}, {trackJson}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/playlist/review.js'),
      import('../../app/key-notation.js'),
      import('../../app/listed-track.js'),
      import('../../app/track-json.js'),
    ])
    const environment = this.environment(flags)
    const notation = await keyNotationOf(environment)
    await withLibrary(environment, async (library) => {
      const {playlist, tracks, before, after, isWritten} = fixPlaylist(library, args.name, {
        locked: flags.lock ?? [],
        write: flags.write,
      })
      this.printTable(
        trackColumns(notation),
        tracks.map((track) => listedTrack(track, library.tracks.isMissing(track.id))),
      )
      this.log(
        `cost of a step ${before.meanCost.toFixed(2)} → ${theme.good(after.meanCost.toFixed(2))}, things to look at ${before.problems.length} → ${after.problems.length}`,
      )
      this.log(
        isWritten
          ? `${theme.good('✓')} ${playlist.names.join('/')} is in this order now`
          : theme.dim('nothing is changed yet: --write keeps this order'),
      )
      await this.answer({playlist, tracks: tracks.map((track) => trackJson(track)), before, after, isWritten})
    })
  }
}
